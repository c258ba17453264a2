"""The classify page in a real browser, with tiny models whose answers follow the ink's place."""

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import App, StartApp, choose_in_menu, settle
from tests.support.models import fill

pytestmark = pytest.mark.browser

# A loaded machine takes its time; a broken page takes for ever.
expect.set_options(timeout=30_000)

CANVAS = "[class*=st-key-canvas_] canvas.upper-canvas"


@pytest.fixture(scope="module")
def lab(start_app: StartApp, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    shelf = fill(tmp_path_factory.mktemp("shelf") / "models")
    with start_app(FMNIST_MODELS=str(shelf)) as running:
        yield running


def open_classify(page: Page, lab: App, query: str = "") -> None:
    page.goto(f"{lab.url}/classify{query}")
    settle(page)
    page.locator(".answer table tbody tr").nth(9).wait_for()
    # Their code comes later than the answer's; until then they are lower, and all below moves.
    for control in ("stMultiSelect", "stButtonGroup"):
        page.get_by_test_id(control).first.wait_for()


def choose(page: Page, source: str) -> None:
    page.get_by_text(source, exact=True).first.click()
    settle(page)


def draw(page: Page, paper: Locator, *points: tuple[float, float]) -> None:
    box = paper.bounding_box()
    assert box is not None
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for x, y in places[1:]:
        page.mouse.move(x, y, steps=5)
    page.mouse.up()


def answered(page: Page) -> list[str]:
    """Return the ten percentages on the page, once there are some."""
    pad = page.locator(".pad")
    if pad.count():
        # The stroke was answered while it was being drawn; this waits for the last answer.
        number = pad.get_attribute("data-number") or ""
        expect(page.locator(".answer")).to_have_attribute("data-number", number)
    expect(page.locator(".percent").first).not_to_be_empty()
    return page.locator(".percent").all_inner_texts()


def test_the_answer_changes_while_a_stroke_is_being_drawn(page: Page, lab: App) -> None:
    open_classify(page, lab)
    paper = page.locator(".pad canvas")
    draw(page, paper, (0.2, 0.2), (0.5, 0.2), (0.5, 0.8))
    first = answered(page)
    box = paper.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 40, box["y"] + 300)
    page.mouse.down()
    page.mouse.move(box["x"] + 300, box["y"] + 350, steps=10)
    # The button is still down.
    expect(page.locator(".percent").first).not_to_have_text(first[0])
    page.mouse.up()
    page.get_by_role("button", name="Clear", exact=True).click()
    expect(page.locator(".percent").first).to_be_empty()
    expect(page.locator(".said")).to_contain_text("Draw something")
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()
    page.get_by_role("button", name="Redo").click()
    answered(page)


def test_fill_eraser_and_undo_do_what_they_say(page: Page, lab: App) -> None:
    open_classify(page, lab)
    paper = page.locator(".pad canvas")

    def ink() -> int:
        pixels = "c.getContext('2d').getImageData(0, 0, 560, 560).data"
        found: int = paper.evaluate(f"c => {pixels}.filter(value => value < 128).length")
        return found

    draw(page, paper, (0.3, 0.3), (0.7, 0.3), (0.7, 0.7), (0.3, 0.7), (0.3, 0.3))
    outline = ink()
    page.get_by_role("button", name="Fill").click()
    paper.click(position={"x": 200, "y": 200})
    filled = ink()
    assert filled > 3 * outline
    page.get_by_role("button", name="Eraser").click()
    draw(page, paper, (0.4, 0.5), (0.6, 0.5))
    assert outline < ink() < filled
    page.get_by_role("button", name="Undo").click()
    assert ink() == filled
    page.keyboard.press("Control+z")
    assert ink() == outline


def test_the_sketch_survives_a_page_switch_and_a_refresh(page: Page, lab: App) -> None:
    open_classify(page, lab)
    draw(page, page.locator(".pad canvas"), (0.2, 0.2), (0.5, 0.2), (0.5, 0.8))
    before = answered(page)
    choose_in_menu(page, "browse")
    page.get_by_role("heading", level=1, name="Browse").wait_for()
    choose_in_menu(page, "classify")
    page.get_by_role("heading", level=1, name="Classify").wait_for()
    assert answered(page) == before
    page.reload()
    assert answered(page) == before
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".percent").first).to_be_empty()


def test_the_canvas_keeps_its_drawing_over_a_page_switch(page: Page, lab: App) -> None:
    open_classify(page, lab)
    choose(page, "Canvas")
    draw(page, page.locator(CANVAS), (0.2, 0.2), (0.5, 0.2), (0.5, 0.8))
    before = answered(page)
    choose_in_menu(page, "browse")
    page.get_by_role("heading", level=1, name="Browse").wait_for()
    choose_in_menu(page, "classify")
    page.locator(CANVAS).wait_for()
    assert answered(page) == before
    # It is drawn on further, not anew.
    draw(page, page.locator(CANVAS), (0.8, 0.9), (0.2, 0.9))
    expect(page.locator(".percent").first).not_to_have_text(before[0])
    undo = page.locator(".dc-toolbar button").nth(1)
    undo.click()
    expect(page.locator(".percent").first).to_have_text(before[0])


def test_no_tap_on_the_canvas_is_lost_to_its_toolbar(phone: Page, lab: App) -> None:
    open_classify(phone, lab)
    choose(phone, "Canvas")
    canvas = phone.locator(CANVAS)
    expect(phone.get_by_text("in the bar above the canvas")).to_contain_text("Undo")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    for x in (0.1, 0.6, 0.8, 0.9, 0.97):
        phone.touchscreen.tap(box["x"] + x * box["width"], box["y"] + 5)
    answered(phone)
    lower = phone.locator("[class*=st-key-canvas_] canvas.dc-canvas.lower-canvas")
    # How many separate dots there are along the top edge.
    row = lower.evaluate("c => Array.from(c.getContext('2d').getImageData(0, 5, c.width, 1).data)")
    dark = np.array(row).reshape(-1, 4)[:, 0] < 128
    assert np.count_nonzero(np.diff(dark.astype(int)) == 1) + int(dark[0]) == 5


def test_a_finger_draws_on_the_pad_and_the_page_stays_where_it_is(phone: Page, lab: App) -> None:
    open_classify(phone, lab)
    paper = phone.locator(".pad canvas")
    box = paper.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    device = phone.context.new_cdp_session(phone)

    def finger(kind: str, x: float = 0, y: float = 0) -> None:
        places = [{"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]}]
        points = [] if kind == "touchEnd" else places
        device.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    finger("touchStart", 0.5, 0.8)
    for step in range(10):
        finger("touchMove", 0.5, 0.8 - 0.07 * step)
    # While the finger is down: all of the pad, and what it is taken for.
    assert box["y"] + box["height"] <= 844
    glance = phone.locator(".glance")
    said = glance if glance.is_visible() else phone.locator(".said strong").first
    expect(said).to_be_in_viewport(ratio=0.9)
    finger("touchEnd")
    answered(phone)
    assert paper.bounding_box() == box


def test_on_a_low_phone_the_answer_stands_below_the_pad_until_its_place_is_reached(
    phone: Page, lab: App
) -> None:
    phone.set_viewport_size({"width": 360, "height": 640})
    open_classify(phone, lab)
    paper = phone.locator(".pad canvas")
    glance = phone.locator(".glance")
    expect(glance).to_be_hidden()
    draw(phone, paper, (0.2, 0.2), (0.5, 0.2), (0.5, 0.8))
    answered(phone)
    said = phone.locator(".said strong")
    expect(glance).to_contain_text(said.first.inner_text())
    box, line = paper.bounding_box(), glance.bounding_box()
    assert box is not None
    assert line is not None
    assert box["y"] + box["height"] <= line["y"]
    assert line["y"] + line["height"] == 640
    glance.tap()
    expect(glance).to_be_hidden()
    expect(said.first).to_be_in_viewport(ratio=1)


def shirt(tmp_path: Path) -> Path:
    picture = Image.new("RGB", (900, 1200), (205, 190, 170))
    outline = [(250, 200), (650, 200), (850, 420), (740, 520), (660, 440), (660, 1000), (240, 1000)]
    ImageDraw.Draw(picture).polygon([*outline, (240, 440), (160, 520), (50, 420)], fill="#283c78")
    picture.save(tmp_path / "shirt.jpg")
    return tmp_path / "shirt.jpg"


def test_a_photo_is_answered_and_a_corrupt_file_named(page: Page, lab: App, tmp_path: Path) -> None:
    stream = io.BytesIO()
    Image.new("RGB", (50, 50), "red").save(stream, "PNG")
    corrupt = tmp_path / "corrupt.png"
    corrupt.write_bytes(stream.getvalue()[:40])
    open_classify(page, lab)
    choose(page, "Upload")
    page.locator("input[type=file]").set_input_files([corrupt, shirt(tmp_path)])
    expect(page.get_by_test_id("stAlert")).to_contain_text("corrupt.png")
    answered(page)
    stages = page.get_by_role("list", name="Stages of preparation")
    expect(stages.get_by_role("listitem").first).to_contain_text("Picture")
    expect(page.get_by_test_id("stException")).to_have_count(0)
    page.get_by_text("Correct it by hand").click()
    frame = page.locator(".crop img")
    frame.wait_for()
    settle(page)
    before = page.locator(".seen img").get_attribute("src")
    draw(page, frame, (0.1, 0.1), (0.5, 0.5))
    expect(page.locator(".seen img")).not_to_have_attribute("src", before or "")
    expect(stages).to_contain_text("Crop")


def test_a_deep_link_shows_a_test_image_with_its_label(page: Page, lab: App) -> None:
    open_classify(page, lab, "?model=compact&test=17")
    answered(page)
    expect(page.locator("th", has_text="Coat")).to_contain_text("✓")
    page.get_by_role("button", name="Another one").click()
    expect(page).not_to_have_url(f"{lab.url}/classify?model=compact&test=17")
    expect(page.locator(".truth")).to_have_count(1)
