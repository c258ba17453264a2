"""The map in a real browser: hover, click, lasso, a deep link, a phone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import TIMEOUT_MS, settle

pytestmark = pytest.mark.browser

# Other work may keep the cores busy.
expect.set_options(timeout=3 * TIMEOUT_MS)

Visit = Callable[[Page, str], None]


def middle(page: Page) -> tuple[float, float]:
    canvas = page.get_by_role("application")
    expect(canvas).to_be_visible()
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_region_is_encircled_and_its_items_are_listed_and_opened(
    page: Page, visit: Visit
) -> None:
    visit(page, "/map")
    x, y = middle(page)
    page.get_by_role("button", name="Encircle items").click()
    page.mouse.move(x - 70, y - 70)
    page.mouse.down()
    for there in ((70, -70), (70, 70), (-70, 70), (-70, -70)):
        page.mouse.move(x + there[0], y + there[1], steps=4)
    page.mouse.up()
    expect(page.get_by_text(re.compile(r"^[\d,]+ items in this region"))).to_be_visible()
    items = page.get_by_role("listbox", name="Items in the region").get_by_role("option")
    expect(items.first).to_be_visible()
    name = items.first.get_attribute("aria-label")
    items.first.click()
    expect(page).to_have_url(re.compile(r"image=(train|test)-\d+"))
    assert name
    number = name.rsplit(" ", 1)[1].replace(",", "")
    expect(page).to_have_url(re.compile(rf"-{number}\b"))
    expect(page.get_by_text("Nearest by pixels")).to_be_visible()


def test_pointing_shows_an_item_and_a_click_chooses_it(page: Page, visit: Visit) -> None:
    visit(page, "/map")
    x, y = middle(page)
    hint = page.locator(".hint").first
    # Somewhere near the middle there is a point under the pointer.
    for step in range(-100, 100, 8):
        page.mouse.move(x + step, y + step / 2)
        if hint.is_visible():
            break
    expect(hint).to_contain_text(re.compile("(training|test) image"))
    expect(hint.locator("canvas.filled")).to_be_visible()
    page.mouse.down()
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"image=(train|test)-\d+"))
    expect(page.get_by_text("Nearest by pixels")).to_be_visible()


def test_a_link_to_an_item_survives_a_reload_and_colours_change_without_the_server(
    page: Page, visit: Visit
) -> None:
    visit(page, "/map?image=test-12")
    expect(page.get_by_text("test image 12", exact=False).first).to_be_visible()
    page.get_by_role("radio", name="Right or wrong").click()
    expect(page.get_by_role("button", name=re.compile(r"[\d,]+ wrong"))).to_be_visible()
    page.reload()
    settle(page)
    expect(page.get_by_text("test image 12", exact=False).first).to_be_visible()


def test_the_map_fits_a_phone_and_a_tap_chooses(phone: Page, visit: Visit) -> None:
    visit(phone, "/map")
    x, y = middle(phone)
    for step in range(0, 60, 12):
        phone.touchscreen.tap(x + step, y)
        if "image=" in phone.url:
            break
    expect(phone).to_have_url(re.compile(r"image=(train|test)-\d+"))
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert phone.evaluate(overflow) == 0
