"""Managing runs and looking behind the confusion matrix in a real browser."""

import re
import zipfile
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect
from safetensors.numpy import save

from fmnist_core.recipes import presets
from pages.shared.visitor import COOKIE
from tests.browser.conftest import TIMEOUT_MS, App, settle
from tests.support.runs import finished_run

pytestmark = pytest.mark.browser

# Other work may keep the cores busy.
expect.set_options(timeout=2 * TIMEOUT_MS)
RECIPE = presets.find("dense-basics").recipe.changed(epochs=2, name="Only one")


def visit_as(page: Page, app: App, visitor: str, path: str) -> None:
    page.context.add_cookies([{"name": COOKIE, "value": visitor, "url": app.url}])
    page.goto(app.url + path)
    settle(page)


def test_a_run_is_ticked_deleted_and_brought_back(app: App, page: Page) -> None:
    finished_run(RECIPE, visitor="R" * 22, runs=app.runs)
    visit_as(page, app, "R" * 22, "/runs")
    table = page.get_by_test_id("stDataFrame").locator("canvas").first
    # The box of the first row below the head; the table is a canvas without elements.
    table.click(position={"x": 18, "y": 52}, force=True)
    expect(page.get_by_role("heading", name="Only one")).to_be_visible()
    expect(page.get_by_text("10,000 images, seed 0")).to_be_visible()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text("Deleted “Only one”")).to_be_visible()
    expect(page.get_by_text("No runs yet")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    expect(page.get_by_text("No runs yet")).to_have_count(0)


def test_a_cell_of_the_confusion_matrix_opens_its_images(app: App, page: Page) -> None:
    run = finished_run(RECIPE, right=9900, visitor="S" * 22, runs=app.runs)
    visit_as(page, app, "S" * 22, f"/evaluate?model={run.id}")
    chart = page.locator(f".st-key-confusion_{run.id}_0 canvas").first
    expect(chart).to_be_visible()
    box = chart.bounding_box()
    assert box is not None
    # Trouser recognised: the second cell from the left in the second row from above.
    left, bottom = 128, 116
    width, height = box["width"] - left - 4, box["height"] - bottom - 4
    chart.click(position={"x": left + width * 0.15, "y": 4 + height * 0.15}, force=True)
    images = page.get_by_role("listbox", name="988 × Trouser, recognised")
    expect(images).to_be_visible()
    images.get_by_role("option").first.click()
    expect(page.get_by_role("dialog").get_by_text("recognised")).to_be_visible()


def test_keys_choose_a_cell_of_the_confusion_matrix(app: App, page: Page) -> None:
    run = finished_run(RECIPE, right=9900, visitor="K" * 22, runs=app.runs)
    visit_as(page, app, "K" * 22, f"/evaluate?model={run.id}")
    truth = page.locator(f".st-key-truth_{run.id} input")
    truth.focus()
    page.keyboard.type("Trouser")
    page.keyboard.press("Enter")
    expect(page.get_by_role("listbox", name="988 × Trouser, recognised")).to_be_visible()
    expect(truth).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(f".st-key-answer_{run.id} input")).to_be_focused()
    page.keyboard.type("Pullover")
    page.keyboard.press("Enter")
    expect(page.get_by_role("listbox", name="12 × Trouser taken for Pullover")).to_be_visible()


@pytest.mark.timeout(600)
def test_a_bundle_from_elsewhere_is_measured_and_becomes_a_run(
    app: App, page: Page, tmp_path: Path
) -> None:
    file = tmp_path / "only-one.zip"
    weights = {
        "000.kernel": np.zeros((784, 128), np.float32),
        "001.bias": np.zeros(128, np.float32),
        "002.kernel": np.zeros((128, 10), np.float32),
        "003.bias": np.zeros(10, np.float32),
    }
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("only-one/only-one-recipe.json", RECIPE.to_json())
        archive.writestr("only-one/only-one.safetensors", save(weights))
    visit_as(page, app, "I" * 22, "/runs")
    page.get_by_role("button", name="Import a bundle").click()
    page.locator("input[type=file]").set_input_files(file)
    expect(page).to_have_url(re.compile("run="), timeout=2 * TIMEOUT_MS)
    expect(page.get_by_text("Finished").first).to_be_visible(timeout=10 * TIMEOUT_MS)
    visit_as(page, app, "I" * 22, f"/evaluate?model={page.url.split('run=')[1]}")
    # All zeros: every image is taken for the first class, a tenth of the test images.
    expect(page.get_by_text("10.00 %").first).to_be_visible()
