"""Training in a real browser: curves that move, a run that survives, controls that are private."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from fmnist_core.recipes import presets
from fmnist_core.runs import layer_statistics
from fmnist_core.runs.rows import epoch_rows
from fmnist_core.runs.run import Run
from tests.browser.conftest import TIMEOUT_MS, App, choose_in_menu, settle

pytestmark = pytest.mark.browser

# Other work may keep the cores busy, and the first run waits for TensorFlow.
PATIENT_MS = 10 * TIMEOUT_MS
expect.set_options(timeout=TIMEOUT_MS)

# Few images, so that an epoch takes a second; many epochs, so that there is time to look.
RECIPE = presets.find("128-64-with-logits").recipe.changed(
    train_examples=2000, validation_examples=500, epochs=400
)


REMEMBER_CHART = """() => {
    window.chart = document.querySelector(".st-key-live_accuracy canvas")
    window.drawn = window.chart.toDataURL()
}"""


def wait_for_epochs(page: Page, least: int) -> None:
    metric = page.get_by_text(re.compile(r"Epoch (\d+) of 400"))
    expect(metric).to_be_visible(timeout=PATIENT_MS)
    page.wait_for_function(
        """least => {
            const found = document.body.innerText.match(/Epoch (\\d+) of 400/)
            return found && Number(found[1]) > least
        }""",
        arg=least,
        timeout=PATIENT_MS,
    )


@pytest.mark.timeout(1200)
def test_a_run_is_watched_left_found_again_and_stopped_by_its_owner_only(
    app: App, browser: Browser, page: Page
) -> None:
    page.goto(f"{app.url}/train?recipe={RECIPE.to_link()}")
    settle(page)
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page).to_have_url(re.compile(r"[?&]run="))
    wait_for_epochs(page, 1)
    page.locator(".st-key-live_accuracy canvas").wait_for()
    page.evaluate(REMEMBER_CHART)
    expect(page.get_by_text("Validation after epoch")).to_be_visible()
    expect(page.get_by_role("listbox", name="Sample predictions")).to_be_visible()
    # The curves move, in the same picture: a new one would flicker at every step.
    page.wait_for_function("window.chart.toDataURL() !== window.drawn", timeout=PATIENT_MS)
    assert page.evaluate("window.chart.isConnected")

    # Another visitor: sees nothing in the list, and with the link can look but not touch.
    link = page.url
    context = browser.new_context()
    other = context.new_page()
    other.set_default_timeout(TIMEOUT_MS)
    other.goto(f"{app.url}/runs")
    settle(other)
    expect(other.get_by_text("No runs yet")).to_be_visible()
    other.goto(link)
    settle(other)
    expect(other.get_by_text("You are watching through a shared link")).to_be_visible()
    expect(other.get_by_text(re.compile(r"Epoch \d+ of 400"))).to_be_visible()
    expect(other.get_by_role("button", name="Stop", exact=True)).to_have_count(0)
    expect(other.get_by_role("button", name="Pause", exact=True)).to_have_count(0)
    context.close()

    # The owner goes elsewhere and refreshes; the run goes on and is found again.
    choose_in_menu(page, "runs")
    expect(page.get_by_role("heading", name="Runs", level=1)).to_be_visible()
    page.reload()
    settle(page)
    expect(page.get_by_text("No runs yet")).to_have_count(0)
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    page.goto(link)
    settle(page)
    wait_for_epochs(page, 6)

    # Pausing keeps the place, resuming goes on from it.
    page.get_by_role("button", name="Pause", exact=True).click()
    expect(page.get_by_text("Paused at the last batch")).to_be_visible(timeout=PATIENT_MS)
    page.get_by_role("button", name="Resume", exact=True).click()
    expect(page.get_by_role("button", name="Stop", exact=True)).to_be_enabled()
    wait_for_epochs(page, 7)
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_text("The weights of the best epoch are kept")).to_be_visible(
        timeout=PATIENT_MS
    )


@pytest.mark.timeout(1200)
def test_two_epochs_end_with_a_model_to_evaluate(app: App, page: Page) -> None:
    recipe = RECIPE.changed(epochs=2, name="Two epochs")
    page.goto(f"{app.url}/train?recipe={recipe.to_link()}")
    settle(page)
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.get_by_text("Finished").first).to_be_visible(timeout=PATIENT_MS)
    page.get_by_role("link", name="Evaluate", exact=True).last.click()
    expect(page.get_by_role("heading", name="Evaluate", level=1)).to_be_visible()
    expect(page.get_by_text("10,000 test images, seed 0")).to_be_visible()


@pytest.mark.timeout(1200)
def test_the_learning_rate_changes_during_a_run_which_then_goes_on_for_longer(
    app: App, page: Page
) -> None:
    page.goto(f"{app.url}/train?recipe={RECIPE.changed(name='Another rate').to_link()}")
    settle(page)
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page).to_have_url(re.compile(r"[?&]run="))
    run = Run(app.runs / page.url.partition("run=")[2].partition("&")[0])
    wait_for_epochs(page, 1)
    page.get_by_test_id("stPopoverButton").filter(has_text="Learning rate").click()
    expect(page.get_by_text("It is 0.001 now")).to_be_visible()
    page.get_by_role("spinbutton", name="New learning rate").fill("0.0002")
    page.get_by_role("spinbutton", name="New learning rate").press("Tab")
    page.get_by_role("button", name="Use it").click()
    expect(page.get_by_text("Learning rate 0.0002 from the next batch on.")).to_be_visible()
    wait_for_epochs(page, run.status().epoch + 2)
    rows = epoch_rows(run.history()[0])
    assert rows[0].learning_rate == pytest.approx(0.001)
    assert rows[-1].learning_rate == pytest.approx(0.0002)

    page.get_by_text("Inside the layers").click()
    page.get_by_text("Measure weights and gradients").click()
    chart = page.get_by_role("img", name="Root mean square of each layer's gradients")
    expect(chart).to_be_visible(timeout=PATIENT_MS)
    found = layer_statistics.read(run.folder)
    assert found is not None
    assert found.names == ("1 Dense", "2 Dense", "3 Dense")

    page.get_by_role("button", name="Stop", exact=True).click()
    longer = page.get_by_test_id("stPopoverButton").filter(has_text="Train longer")
    expect(longer).to_be_visible(timeout=PATIENT_MS)
    done = run.status().epoch
    longer.click()
    page.get_by_role("spinbutton", name="More epochs").fill("1")
    page.get_by_role("spinbutton", name="More epochs").press("Tab")
    page.get_by_role("button", name="Go on", exact=True).click()
    expect(page.get_by_text("Finished").first).to_be_visible(timeout=PATIENT_MS)
    assert run.status().epoch == run.status().epochs == done + 1
