import itertools
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import GROUP, TITLES, StartApp, choose_in_menu, settle

pytestmark = pytest.mark.browser

NO_HOME = [name for name in TITLES if name != "home"]


def test_a_deep_link_as_first_request_shows_the_full_menu_and_keeps_its_parameters(
    start_app: StartApp, page: Page
) -> None:
    name = NO_HOME[-1]
    with start_app() as fresh:
        page.goto(f"{fresh.url}/{name}?note=kept")
        settle(page)
        groups = [*(group for group in dict.fromkeys(GROUP.values()) if group), "Language"]
        expect(page.get_by_test_id("stTopNavSection")).to_have_text(groups)
        # The page may add its own state to the address; what came with it must stay.
        assert page.url.startswith(f"{fresh.url}/{name}?note=kept")
        assert page.title() == f"{TITLES[name]} · Fashion-MNIST Lab"


@pytest.mark.parametrize("name", NO_HOME)
def test_a_page_opens_by_deep_link_without_an_error(
    visit: Callable[[Page, str], None], page: Page, name: str
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    visit(page, f"/{name}")
    # Nobody else learns who is looking, and it works without internet.
    hosts = {urlsplit(url).hostname for url in asked if url.startswith(("http", "ws"))}
    assert hosts == {"127.0.0.1"}
    expect(page).to_have_title(f"{TITLES[name]} · Fashion-MNIST Lab")
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_home_is_found_by_its_name_too(visit: Callable[[Page, str], None], page: Page) -> None:
    visit(page, "/home")
    expect(page).to_have_title(f"{TITLES['home']} · Fashion-MNIST Lab")
    assert urlsplit(page.url).path == "/"
    expect(page.get_by_text("Page not found")).to_have_count(0)


def test_every_page_opens_from_the_menu(visit: Callable[[Page, str], None], page: Page) -> None:
    visit(page, "/")
    for name in [*NO_HOME, "home"]:
        choose_in_menu(page, name)
        expect(page).to_have_title(f"{TITLES[name]} · Fashion-MNIST Lab")
        settle(page)
        expect(page.get_by_test_id("stException")).to_have_count(0)
        assert urlsplit(page.url).path == ("/" if name == "home" else f"/{name}")


def test_every_page_opens_from_the_menu_of_a_phone(
    visit: Callable[[Page, str], None], phone: Page
) -> None:
    visit(phone, "/")
    for title in [*(TITLES[name] for name in NO_HOME), "Home"]:
        phone.get_by_test_id("stExpandSidebarButton").click()
        phone.get_by_test_id("stSidebarNavLink").filter(has_text=title).click()
        expect(phone).to_have_title(f"{title} · Fashion-MNIST Lab")
        settle(phone)


@pytest.mark.parametrize(("first", "second"), list(itertools.pairwise(TITLES)))
def test_back_leads_to_the_neighbouring_page_at_once(
    visit: Callable[[Page, str], None], page: Page, first: str, second: str
) -> None:
    visit(page, "/glossary?term=epoch")
    for name in (first, second):
        choose_in_menu(page, name)
        expect(page).to_have_title(f"{TITLES[name]} · Fashion-MNIST Lab")
        settle(page)
        page.wait_for_timeout(300)  # pages complete their address a moment later
    page.go_back()
    expect(page).to_have_title(f"{TITLES[first]} · Fashion-MNIST Lab")
    settle(page)
    assert urlsplit(page.url).path == ("/" if first == "home" else f"/{first}")
