"""From a mix-up to its images, and an item spoilt until the answer flips, in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import TIMEOUT_MS, settle

pytestmark = pytest.mark.browser

Visit = Callable[[Page, str], None]

# Models look at 170 spoilt images before a click is answered; on a busy machine that takes time.
expect.set_options(timeout=2 * TIMEOUT_MS)


def test_a_mix_up_in_words_leads_to_its_images_and_one_of_them_opens(
    visit: Visit, page: Page
) -> None:
    visit(page, "/errors?model=dense-basics")
    line = page.get_by_role("button", name="Coat taken for Pullover")
    count = (line.text_content() or "").split(": ")[1].split(" of")[0]
    line.click()
    images = page.get_by_role("listbox", name=f"{count} × Coat taken for Pullover")
    expect(images).to_be_visible()
    first = images.get_by_role("option").first
    surest = first.get_attribute("aria-label") or ""
    settle(page)  # while the page is drawn anew, the choice may stand there twice
    page.get_by_text("Least sure first").click()
    expect(first).not_to_have_attribute("aria-label", surest)
    first.click()
    expect(page.get_by_role("dialog")).to_contain_text("labelled Coat, taken for Pullover")


def test_a_point_of_a_slice_shows_its_mistakes(visit: Visit, page: Page) -> None:
    visit(page, "/errors?model=dense-basics&view=Slices")
    expect(page.get_by_text("mistakes among its 1,000 images")).to_be_visible()
    page.get_by_text("Brightness", exact=True).click()
    expect(page.get_by_text("Of the darkest it gets")).to_be_visible()
    expect(page.get_by_role("listbox", name="Images of the slice")).to_be_visible()


def test_what_it_takes_sets_its_slider_and_the_answer_flips(visit: Visit, page: Page) -> None:
    visit(page, "/stress?item=test-1&model=dense-basics")
    spoilt = page.get_by_role("list").filter(has_text="Spoilt")
    expect(spoilt).to_contain_text("Pullover")
    flips = page.get_by_role("listbox", name="The smallest amounts that change the answer")
    cell = flips.get_by_role("option", name="Rotation")
    words = cell.get_attribute("aria-label") or cell.text_content() or ""
    cell.click()
    # "Rotation -30 degrees: Bag" becomes rotation -30, and the answer is Bag.
    amount, answer = words.removeprefix("Rotation ").split(" degrees: ")
    expect(spoilt).to_contain_text(f"rotation {amount}")
    expect(spoilt).to_contain_text(answer.strip())
    assert f"rotation={int(amount)}" in page.url
    page.get_by_role("button", name="Undo all").click()
    expect(spoilt).to_contain_text("Move a slider.")
