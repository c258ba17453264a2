"""The main ways through the app with nothing but a keyboard."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from fmnist_core.recipes import presets
from fmnist_core.runs.run import Run
from tests.browser.conftest import TIMEOUT_MS, App
from tests.support.axe import to_mend

pytestmark = pytest.mark.browser

# Other work may keep the cores busy, and the first run waits for TensorFlow.
PATIENT_MS = 10 * TIMEOUT_MS
expect.set_options(timeout=TIMEOUT_MS)

Visit = Callable[[Page, str], None]

RECIPE = presets.find("128-64-with-logits").recipe.changed(
    train_examples=2000, validation_examples=500, epochs=400, name="By keyboard"
)
FOCUSED = "element => element === element.getRootNode().activeElement"


def tab_to(page: Page, goal: Locator) -> None:
    """Press Tab until `goal` has the focus."""
    goal.wait_for()
    for _ in range(80):
        page.keyboard.press("Tab")
        if goal.evaluate(FOCUSED):
            return
    raise AssertionError(f"Tab never came to {goal}.")


def test_an_example_is_chosen_and_answered(page: Page, visit: Visit) -> None:
    visit(page, "/classify?model=lightning")
    tab_to(page, page.get_by_role("radio", name="Sketch pad"))
    examples = page.get_by_role("radio", name="Examples")
    while not examples.evaluate(FOCUSED):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    shown = page.get_by_role("listbox", name="Examples").get_by_role("option")
    tab_to(page, shown.first)
    page.keyboard.press("Enter")
    expect(shown.first).to_have_attribute("aria-selected", "true")
    expect(page.locator(".percent").first).to_have_text(re.compile(r"\d\s%$"))
    assert shown.first.evaluate(FOCUSED)


def test_the_sketch_pad_is_drawn_on_and_answered(page: Page, visit: Visit) -> None:
    visit(page, "/classify?model=lightning")
    paper = page.get_by_role("application", name=re.compile("^Paper to draw on"))
    tab_to(page, paper)
    expect(page.get_by_text("Arrow keys move the pen")).to_be_visible()
    page.keyboard.press("Space")
    for key in ("ArrowUp", "ArrowRight", "ArrowDown", "ArrowDown"):
        for _ in range(4):
            page.keyboard.press(key)
    expect(page.locator(".pen")).to_have_text("Pen down, column 18, row 18 of 28")
    page.keyboard.press("Space")
    expect(page.locator(".pen")).to_have_text("Pen up, column 18, row 18 of 28")
    expect(page.locator(".percent").first).to_have_text(re.compile(r"\d\s%$"))
    # Lifted, the pen moves without a trace.
    ink = "c => c.getContext('2d').getImageData(0, 0, 560, 560).data.filter(v => v < 128).length"
    drawn = paper.evaluate(ink)
    assert drawn > 0
    page.keyboard.press("ArrowLeft")
    assert paper.evaluate(ink) == drawn
    page.keyboard.press("Control+z")
    expect(page.locator(".percent").first).to_be_empty()


@pytest.mark.timeout(1200)
def test_a_training_is_started_and_stopped(app: App, page: Page, visit: Visit) -> None:
    visit(page, f"/train?recipe={RECIPE.to_link()}")
    train = page.get_by_role("button", name="Train", exact=True)
    expect(train).to_be_enabled()
    tab_to(page, train)
    page.keyboard.press("Enter")
    page.wait_for_url("**/train?run=*")
    stop = page.get_by_role("button", name="Stop", exact=True)
    tab_to(page, stop)
    page.keyboard.press("Enter")
    expect(stop).to_have_count(0, timeout=PATIENT_MS)
    run = Run(app.runs / page.url.partition("run=")[2].partition("&")[0])
    assert run.status().status == "stopped"
    assert to_mend(page) == []


def test_a_test_image_gets_a_stroke(page: Page, visit: Visit) -> None:
    visit(page, "/classify?model=lightning&test=17")
    page.get_by_text("Add a stroke").click()
    pad = page.get_by_role("application", name=re.compile("draw one stroke"))
    tab_to(page, pad)
    page.keyboard.press("Space")
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(page.get_by_text(re.compile("with your stroke"))).to_be_visible()


def test_a_rectangle_is_moved_and_sized_around_the_item(
    page: Page, visit: Visit, tmp_path: Path
) -> None:
    picture = Image.new("RGB", (200, 200), "white")
    picture.paste((40, 60, 120), (60, 40, 140, 160))
    picture.save(tmp_path / "item.png")
    visit(page, "/classify?model=lightning")
    page.get_by_role("radio", name="Upload").click()
    page.locator("input[type=file]").set_input_files(tmp_path / "item.png")
    page.get_by_text("Correct it by hand").click()
    tab_to(page, page.get_by_role("group", name=re.compile("^Rectangle around the item")))
    frame = page.locator(".crop .frame")
    expect(frame).to_be_hidden()
    for key in ("Shift+ArrowLeft", "Shift+ArrowLeft", "Shift+ArrowUp", "ArrowRight"):
        page.keyboard.press(key)
    expect(frame).to_have_attribute("style", re.compile("left: 5%; top: 0%; width: 90%.*95%"))
    page.keyboard.press("Delete")
    expect(frame).to_be_hidden()


def test_the_item_in_the_middle_of_the_map_is_chosen(page: Page, visit: Visit) -> None:
    visit(page, "/map")
    tab_to(page, page.get_by_role("application", name=re.compile("Enter chooses the item")))
    for _ in range(5):
        page.keyboard.press("Enter")
        page.wait_for_timeout(300)
        if "image=" in page.url:
            break
        page.keyboard.press("ArrowLeft")
    expect(page).to_have_url(re.compile(r"image=(train|test)-\d+"))
