import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import TIMEOUT_MS, settle

pytestmark = pytest.mark.browser

# Other work may keep the cores busy.
expect.set_options(timeout=TIMEOUT_MS)

Visit = Callable[[Page, str], None]


def sheet(page: Page) -> Locator:
    return page.get_by_role("listbox", name=re.compile("^(train|test) images"))


def test_a_click_opens_an_image_a_neighbour_follows_and_back_returns(
    page: Page, visit: Visit
) -> None:
    visit(page, "/browse")
    images = sheet(page).get_by_role("option")
    expect(images).to_have_count(100)
    images.nth(0).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Ankle boot · training image 0")).to_be_visible()
    expect(page).to_have_url(re.compile(r"image=train-0"))
    neighbours = dialog.get_by_role("option")
    expect(neighbours).to_have_count(8)
    neighbours.nth(1).focus()
    page.keyboard.press("ArrowLeft")
    expect(neighbours.nth(0)).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog.get_by_text("training image 25,719")).to_be_visible()
    expect(page).to_have_url(re.compile(r"image=train-25719"))
    page.go_back()
    expect(dialog.get_by_text("training image 0", exact=False)).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page).not_to_have_url(re.compile("image="))


def test_the_sheet_is_walked_and_opened_with_the_keyboard(page: Page, visit: Visit) -> None:
    visit(page, "/browse?split=Test&size=25")
    images = sheet(page).get_by_role("option")
    expect(images).to_have_count(25)
    images.nth(0).focus()
    columns = sheet(page).evaluate("at => getComputedStyle(at).gridTemplateColumns.split(' ')")
    page.keyboard.press("ArrowLeft")
    expect(images.nth(0)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    there = len(columns) + 1
    expect(images.nth(there)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"image=test-{there}\b"))


def test_pixel_values_are_read_with_pointer_and_keys(page: Page, visit: Visit) -> None:
    visit(page, "/browse?image=train-0")
    dialog = page.get_by_role("dialog")
    canvas = dialog.get_by_role("img", name="Ankle boot · training image 0")
    box = canvas.bounding_box()
    assert box
    # Row 14, column 13 of the first training image is 222.
    page.mouse.move(box["x"] + box["width"] * 13.5 / 28, box["y"] + box["height"] * 14.5 / 28)
    expect(dialog.get_by_text("image[14, 13] = ")).to_be_visible()
    canvas.focus()
    page.keyboard.press("ArrowRight")
    expect(dialog.get_by_text("image[14, 14] = ")).to_be_visible()
    # The arrow read a pixel; it did not turn to the next image.
    expect(page).to_have_url(re.compile("image=train-0"))


def test_filters_pages_and_views_are_in_the_address_and_survive_a_reload(
    page: Page, visit: Visit
) -> None:
    visit(page, "/browse")
    page.get_by_role("radio", name="Test").click()
    page.get_by_role("button", name="Sneaker").click()
    settle(page)
    page.get_by_role("button", name="Next page").click()
    expect(page).to_have_url(re.compile(r"page=2"))
    expect(page).to_have_url(re.compile(r"split=Test"))
    expect(page).to_have_url(re.compile(r"class=Sneaker"))
    labels = sheet(page).get_by_role("option")
    # The hundred and first sneaker of the test images.
    expect(labels.first).to_have_attribute("aria-label", "Sneaker · 1,078")
    page.reload()
    settle(page)
    expect(labels.first).to_have_attribute("aria-label", "Sneaker · 1,078")
    expect(page.get_by_text("1,000 images")).to_be_visible()
    page.get_by_role("tab", name="First nine").click()
    expect(page.get_by_role("listbox", name="First nine training images")).to_be_visible()
    expect(page).to_have_url(re.compile(r"view=First"))


def test_an_average_leads_to_its_class(page: Page, visit: Visit) -> None:
    visit(page, "/browse?view=Classes")
    page.get_by_role("option", name="Bag").first.click()
    expect(page).to_have_url(re.compile("class=Bag"))
    expect(page.get_by_text("6,000 images")).to_be_visible()
    expect(sheet(page).get_by_role("option").first).to_have_attribute(
        "aria-label", re.compile("^Bag · ")
    )


def test_a_tap_opens_an_image_on_a_phone_without_sideways_scrolling(
    phone: Page, visit: Visit
) -> None:
    visit(phone, "/browse")
    sheet(phone).get_by_role("option").nth(3).tap()
    expect(phone.get_by_role("dialog").get_by_text("training image 3")).to_be_visible()
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert phone.evaluate(overflow) == 0
