"""The switch of languages in a real browser: it leads back, lasts, and is each browser's own."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import TIMEOUT_MS, App, settle

pytestmark = pytest.mark.browser


def choose(page: Page, group: str, language: str) -> None:
    page.get_by_test_id("stTopNavSection").filter(has_text=group).click()
    page.get_by_test_id("stTopNavDropdownLink").filter(has_text=language).click()


def reads(page: Page, code: str, heading: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    expect(page.locator("html")).to_have_attribute("lang", code)
    expect(page).to_have_title(f"{heading} · Fashion-MNIST Lab")
    settle(page)


def test_a_german_browser_gets_german_at_its_first_visit(app: App, browser: Browser) -> None:
    context = browser.new_context(locale="de-DE")
    context.set_default_timeout(TIMEOUT_MS)
    page = context.new_page()
    page.goto(f"{app.url}/glossary")
    reads(page, "de", "Glossar")
    context.close()


def test_a_chosen_language_leads_back_lasts_and_is_this_browsers_alone(
    app: App, browser: Browser, page: Page, visit: Callable[[Page, str], None]
) -> None:
    visit(page, "/glossary?term=epoch")
    choose(page, "Language", "Deutsch")
    reads(page, "de", "Glossar")
    address = urlsplit(page.url)
    assert (address.path, parse_qs(address.query)) == ("/glossary", {"term": ["epoch"]})
    expect(page.get_by_role("heading", level=3).first).to_have_text("Epoche")

    page.reload()
    reads(page, "de", "Glossar")
    tab = page.context.new_page()
    tab.goto(f"{app.url}/missions")
    reads(tab, "de", "Missionen")

    other = browser.new_context()
    other.set_default_timeout(TIMEOUT_MS)
    english = other.new_page()
    visit(english, "/missions")
    reads(english, "en", "Missions")
    tab.reload()
    reads(tab, "de", "Missionen")
    other.close()

    # Back to what the browser asks for anyway: the cookie of the choice before must not win.
    choose(page, "Sprache", "English")
    reads(page, "en", "Glossary")
    page.reload()
    reads(page, "en", "Glossary")
    assert re.search(r"[?&]term=epoch\b", page.url)
