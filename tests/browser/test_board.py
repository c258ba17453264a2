"""A board in a real browser: one opens it, one draws, one trains; others see nothing of it."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from fmnist_core.recipes import presets
from pages.shared.visitor import COOKIE
from tests.browser.conftest import TIMEOUT_MS, App, settle
from tests.support.runs import finished_run

pytestmark = pytest.mark.browser

expect.set_options(timeout=2 * TIMEOUT_MS)
RECIPE = presets.find("dense-basics").recipe.changed(epochs=2, name="Ben's network")


def opened(browser: Browser, app: App, visitor: str, path: str) -> Page:
    page = browser.new_context().new_page()
    page.set_default_timeout(TIMEOUT_MS)
    page.context.add_cookies([{"name": COOKIE, "value": visitor, "url": app.url}])
    page.goto(app.url + path)
    settle(page)
    return page


def join(page: Page, nickname: str) -> None:
    page.get_by_label("Your nickname here").fill(nickname)
    page.get_by_role("button", name="Take part").click()
    expect(page.get_by_text(f"You are {nickname} here")).to_be_visible()


@pytest.mark.timeout(600)
def test_a_class_draws_and_trains_on_one_board(app: App, browser: Browser) -> None:
    teacher = opened(browser, app, "T" * 22, "/board")
    teacher.get_by_label("Name of the board").fill("Class 4b")
    teacher.get_by_role("button", name="Open a board").click()
    expect(teacher).to_have_url(re.compile("board="))
    link = "/board?" + teacher.url.split("?")[1]
    expect(teacher.get_by_text("No run counts yet.")).to_be_visible()

    anna, ben = (opened(browser, app, letter * 22, link) for letter in "AB")
    join(anna, "Anna")
    join(ben, "Ben")
    finished_run(RECIPE, visitor="B" * 22, runs=app.runs)
    anna.goto(f"{app.url}/classify")
    settle(anna)
    paper = anna.locator(".pad canvas")
    box = paper.bounding_box()
    assert box is not None
    corners = ((0.3, 0.2), (0.7, 0.2), (0.7, 0.8), (0.3, 0.8), (0.3, 0.2))
    x, y = (box["x"] + corners[0][0] * box["width"], box["y"] + corners[0][1] * box["height"])
    anna.mouse.move(x, y)
    anna.mouse.down()
    for right, down in corners[1:]:
        anna.mouse.move(box["x"] + right * box["width"], box["y"] + down * box["height"], steps=8)
    anna.mouse.up()
    anna.get_by_role("button", name="Put it on the board “Class 4b”").click()
    expect(anna.get_by_text("It is on the board.")).to_be_visible()

    # What the others did arrives on the teacher's screen by itself.
    drawings = teacher.get_by_role("listbox", name="Everybody's drawings")
    expect(drawings.get_by_role("option")).to_have_count(1)
    expect(drawings.get_by_role("option").first).to_contain_text("Anna: ")
    expect(teacher.get_by_test_id("stDataFrame")).to_be_visible()
    ben.get_by_role("button", name="Big screen").click()
    expect(ben.get_by_role("heading", name=re.compile(r"1\. Ben – 80\.00 %"))).to_be_visible()

    # A visitor of no board sees no board, and cannot moderate this one.
    stranger = opened(browser, app, "S" * 22, "/board")
    expect(stranger.get_by_text("Class 4b")).to_have_count(0)
    stranger.goto(app.url + link)
    settle(stranger)
    expect(stranger.get_by_text("You opened this board")).to_have_count(0)
    for page in (teacher, anna, ben, stranger):
        page.context.close()
