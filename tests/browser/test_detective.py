"""The label detective in a real browser: a suspect up close, and a round of the game."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

Visit = Callable[[Page, str], None]


def test_a_click_on_a_suspect_shows_what_the_networks_say_of_it(page: Page, visit: Visit) -> None:
    visit(page, "/detective")
    sheet = page.get_by_role("listbox", name="train images whose labels are doubted")
    first = sheet.get_by_role("option").first
    first.wait_for()
    words = re.search(r"Label (.+)\s+looks like (.+),", first.inner_text())
    assert words
    first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"labelled {words[1].strip()}")
    expect(dialog.get_by_role("link", name="On the map")).to_be_visible()
    dialog.get_by_role("link", name="Its pixels and neighbours").click()
    expect(page).to_have_url(re.compile(r"/browse\?.*image=train-\d+"))


def test_the_truth_is_hidden_until_the_visitor_has_guessed(page: Page, visit: Visit) -> None:
    visit(page, "/detective?view=Model or label?")
    page.get_by_text("Round 1.").wait_for()
    expect(page.get_by_text("Label:")).to_have_count(0)
    page.get_by_role("button", name="Bag", exact=True).click()
    expect(page.get_by_text("Label:")).to_contain_text("You: Bag")
    expect(page.get_by_test_id("stMetric").first).to_contain_text("of 1")
    page.get_by_role("button", name="Next image").click()
    page.get_by_text("Round 2.").wait_for()
    expect(page.get_by_text("Label:")).to_have_count(0)
