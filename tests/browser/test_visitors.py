"""Several visitors at one machine: nobody waits for one who left, everybody sees their own."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from fmnist_core.recipes import presets
from fmnist_core.runs.store import RunStore
from tests.browser.conftest import TIMEOUT_MS, App, StartApp, choose_in_menu, settle

pytestmark = pytest.mark.browser

PATIENT_MS = 10 * TIMEOUT_MS
SHORT = presets.find("300-100-with-sgd").recipe.changed(
    name="The short one", train_examples=2000, validation_examples=500, epochs=30
)
LONG = SHORT.changed(name="The long one", epochs=1000, train_examples=20_000, batch_size=8)


@pytest.fixture
def app(start_app: StartApp) -> Iterator[App]:
    """A server where nobody else trains."""
    with start_app() as found:
        yield found


def start(context: BrowserContext, app: App, link: str) -> Page:
    page = context.new_page()
    page.set_default_timeout(TIMEOUT_MS)
    page.goto(f"{app.url}/train?recipe={link}")
    settle(page)
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page).to_have_url(re.compile(r"[?&]run="))
    return page


@pytest.mark.timeout(1200)
def test_three_visitors_of_whom_one_leaves(app: App, browser: Browser) -> None:
    leaver, stayer, looker = (browser.new_context() for _ in range(3))
    first = start(leaver, app, LONG.to_link())
    expect(first.get_by_text(re.compile(r"Epoch \d+ of 1000, batch"))).to_be_visible(
        timeout=PATIENT_MS
    )
    # Another tab of the same browser sees it on every page, and Train offers to watch it first.
    second = leaver.new_page()
    second.goto(f"{app.url}/glossary")
    settle(second)
    chip = second.locator(".st-key-run_chip")
    expect(chip).to_contain_text(re.compile(r"Training\s*The long one, epoch \d+ of 1000"))
    second.goto(f"{app.url}/train")
    settle(second)
    chip.get_by_role("button", name="Watch").click()
    expect(second).to_have_url(first.url)
    expect(chip).to_have_count(0)
    # Back leads to the design, not to the same run.
    second.go_back()
    settle(second)
    expect(second.get_by_role("tab", name="Presets")).to_be_visible()
    leaver.close()

    # The next visitor is told when it is their turn, trains within a minute or so, and is done.
    page = start(stayer, app, SHORT.to_link())
    expect(
        page.get_by_text(re.compile(r"Waiting for its turn\. It is next, in about"))
    ).to_be_visible()
    expect(page.get_by_role("link", name="Draw an item")).to_be_visible()
    run = RunStore(app.runs).get(page.url.split("run=")[1])
    choose_in_menu(page, "glossary")
    settle(page)
    chip = page.locator(".st-key-run_chip")
    expect(chip).to_contain_text(re.compile("The short one"))
    expect(chip).to_contain_text("Finished", timeout=PATIENT_MS)
    status = run.status()
    assert status.started is not None
    assert status.started - status.created < 100
    # Nobody is told of the runs of others.
    other = looker.new_page()
    for path in ("runs", "train", ""):
        other.goto(f"{app.url}/{path}")
        settle(other)
        expect(other.locator(".st-key-run_chip")).to_have_count(0)
    # What was looked at is gone from the line.
    chip.get_by_role("button", name="Look at it").click()
    settle(page)
    choose_in_menu(page, "glossary")
    settle(page)
    expect(page.locator(".st-key-run_chip")).to_have_count(0)
    stayer.close()
    looker.close()


def test_a_hidden_tab_says_in_its_title_that_a_run_has_ended(app: App, browser: Browser) -> None:
    context = browser.new_context()
    # A headless browser shows all its tabs: this one believes that it is hidden.
    context.add_init_script(
        "Object.defineProperty(document, 'visibilityState', {get: () => 'hidden'})"
    )
    page = start(context, app, SHORT.to_link())
    expect(page).to_have_title("✓ The short one: finished", timeout=PATIENT_MS)
    context.close()
