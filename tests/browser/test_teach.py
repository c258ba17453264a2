"""Teach it in a real browser: a shipped model learns an item, answers, and is thrown away."""

import pytest
from playwright.sync_api import Page, expect

from fmnist_core.models.taught import FOLDER
from tests.browser.conftest import App, settle

pytestmark = pytest.mark.browser

# The engine may have to load TensorFlow first.
PATIENCE_MS = 240_000


@pytest.mark.timeout(600)
def test_a_visitor_teaches_a_copy_that_is_theirs_and_throws_it_away(page: Page, app: App) -> None:
    page.set_default_timeout(60_000)
    page.goto(f"{app.url}/classify?model=128-64-with-logits")
    settle(page)
    page.get_by_text("Examples", exact=True).first.click()
    page.locator(".gallery button").nth(33).click()
    expect(page.locator(".percent").first).not_to_be_empty(timeout=60_000)
    page.get_by_text("Wrong answer? Teach it.").click()
    # It is a bag; that it learns something else shows that it learned.
    page.get_by_test_id("stButtonGroup").get_by_text("Sandal", exact=True).click()
    page.get_by_text("Click one to take it away.").wait_for()
    page.get_by_role("button", name="Teach a copy of 128-64 with logits").click()
    page.get_by_text("Forgetting: 2,000 validation images right").wait_for(timeout=PATIENCE_MS)
    row = page.get_by_label("Your items before and after")
    expect(row).to_contain_text("Is Sandal")
    expect(row).to_contain_text("Now: Sandal")
    # The copy answers beside the model it was copied from.
    expect(page.locator(".answer thead")).to_contain_text("128-64 with logits, taught")
    (folder,) = [path for path in (app.runs / FOLDER).iterdir() if path.is_dir()]
    with page.expect_download() as download:
        page.get_by_role("button", name="Download (.tflite)").click()
    assert download.value.path().read_bytes() == (folder / "model.tflite").read_bytes()
    page.get_by_role("button", name="Throw away").click()
    expect(page.get_by_role("button", name="Throw away")).to_have_count(0, timeout=60_000)
    expect(page.locator(".answer thead")).not_to_contain_text("taught")
    assert not folder.exists()
