"""Into the network by clicks: a layer, a map, a cell; and the slider to another answer."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Position, expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

Visit = Callable[[Page, str], None]

# The first visit starts the engine, which loads TensorFlow, behind whatever else keeps the cores
# busy.
PATIENCE_MS = 400_000


def test_a_click_on_layer_map_and_cell_leads_to_the_sum_of_that_cell(
    page: Page, visit: Visit
) -> None:
    visit(page, "/inside?model=lightning&item=test-12")
    layers = page.get_by_role("listbox", name="Layers").get_by_role("option")
    expect(layers).to_have_count(7, timeout=PATIENCE_MS)
    layers.nth(3).click()
    expect(page).to_have_url(re.compile("layer=3"), timeout=PATIENCE_MS)
    maps = page.get_by_role("listbox", name="Feature maps of layer 3").get_by_role("option")
    expect(maps).to_have_count(48, timeout=PATIENCE_MS)
    maps.nth(5).click()
    cells = page.get_by_role("application", name=re.compile("^Map 5 of layer 3"))
    expect(cells).to_be_visible(timeout=PATIENCE_MS)
    # The map is 7×7: row 2, column 4.
    box = cells.bounding_box()
    assert box
    at: Position = {"x": box["width"] * 4.5 / 7, "y": box["height"] * 2.5 / 7}
    cells.hover(position=at)
    # Strides of 2 after a 5×5 and a 3×3 window: the field is 9 pixels wide, 4 apart.
    expect(page.get_by_text("at row 2, column 4: sees rows")).to_be_visible()
    cells.click(position=at)
    expect(page.get_by_text("How row 2, column 4, map 5 gets its value")).to_be_visible(
        timeout=PATIENCE_MS
    )
    expect(page.get_by_text("The sum of 216 products")).to_be_visible(timeout=PATIENCE_MS)
    agrees = page.get_by_text("Keras gives").inner_text()
    keras, ours = (float(number) for number in re.findall(r"-?\d+\.\d+", agrees))
    assert abs(keras - ours) <= 1e-5


def test_the_slider_flips_the_answer(page: Page, visit: Visit) -> None:
    visit(page, "/why?model=dense-basics&item=test-12")
    expect(page.get_by_text("It flips when")).to_be_visible(timeout=PATIENCE_MS)
    slider = page.get_by_role("slider", name="Amount of the change")
    slider.focus()
    # What is still computed above appears, and the slider keeps the keyboard's focus.
    expect(page.get_by_role("button", name="Stop", exact=True)).to_have_count(
        0, timeout=PATIENCE_MS
    )
    taken = page.get_by_text(re.compile("^Taken for"))
    flipped = taken.inner_text()
    page.keyboard.press("Home")
    expect(taken).not_to_have_text(flipped, timeout=PATIENCE_MS)
    page.keyboard.press("End")
    words = re.sub(r"\s*\(.*", "", flipped)
    expect(taken).to_contain_text(words, timeout=PATIENCE_MS)
