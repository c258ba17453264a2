"""No page keeps anybody out: by screen reader, in the dark, at twice the size, without motion."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import TIMEOUT_MS, TITLES, App, settle
from tests.support.axe import to_mend

pytestmark = pytest.mark.browser

Visit = Callable[[Page, str], None]

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# What moves or fades in our own elements, which live in shadow trees.
MOVING = """() => {
  const moving = []
  const search = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) search(element.shadowRoot)
      const { animationName, transitionDuration } = getComputedStyle(element)
      const moves = animationName !== "none" || /[1-9]/.test(transitionDuration)
      if (root !== document && moves) moving.push(element.outerHTML.slice(0, 160))
    }
  }
  search(document)
  return moving
}"""


@pytest.fixture(scope="module")
def reader(browser: Browser) -> Iterator[Page]:
    """Return one browser page for all tests that only look."""
    with reading(browser, "en-US") as found:
        yield found


@pytest.fixture(scope="module")
def german_reader(browser: Browser) -> Iterator[Page]:
    """Return the same of a browser that asks for German."""
    with reading(browser, "de-DE") as found:
        yield found


@contextmanager
def reading(browser: Browser, locale: str) -> Iterator[Page]:
    context = browser.new_context(locale=locale)
    context.set_default_timeout(TIMEOUT_MS)
    yield context.new_page()
    context.close()


def look_at(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(address)
    settle(page)


def overflow_at_200_percent(page: Page) -> int:
    page.set_viewport_size({"width": 640, "height": 450})
    page.wait_for_timeout(300)
    return int(page.evaluate(OVERFLOW))


@pytest.mark.parametrize("name", TITLES)
def test_axe_finds_nothing_to_mend_in_light_and_dark_and_nothing_is_cut_off_at_200_percent(
    reader: Page, app: App, name: str
) -> None:
    look_at(reader, f"{app.url}/{name}")
    mend = to_mend(reader)
    tabs = reader.get_by_role("tab")
    for at in range(1, tabs.count()):
        tabs.nth(at).click()
        mend += to_mend(reader, "[role=tabpanel]")
    assert mend == []
    assert overflow_at_200_percent(reader) <= 0


@pytest.mark.parametrize("name", TITLES)
def test_german_words_keep_nobody_out_either_and_are_not_cut_off_at_200_percent(
    german_reader: Page, app: App, name: str
) -> None:
    look_at(german_reader, f"{app.url}/{name}")
    expect(german_reader.locator("html")).to_have_attribute("lang", "de")
    # Colours are no matter of language: one scheme is enough.
    assert to_mend(german_reader, schemes=["light"]) == []
    assert overflow_at_200_percent(german_reader) <= 0


def test_a_screen_reader_finds_the_answer_and_where_it_comes_from(page: Page, visit: Visit) -> None:
    visit(page, "/classify?model=lightning&test=17")
    said = page.locator(".said strong")
    expect(said).to_have_text(re.compile(r"^[A-Z].*\d\s%$"))
    words = said.inner_text()
    name, share = words.rsplit(", ", 1)
    page.get_by_role("heading", name="From your picture").wait_for()
    expect(page.get_by_role("radio", name="Test image")).to_be_checked()
    page.get_by_role("img", name="Test image 17, Coat").wait_for()
    tree = page.get_by_test_id("stMain").aria_snapshot().replace("\N{NO-BREAK SPACE}", " ")
    plain = words.replace("\N{NO-BREAK SPACE}", " ")
    for part in (
        '- heading "Classify" [level=1]',
        '- radio "Test image" [checked]',
        '- img "Test image 17, Coat"',
        '- img "The 28 by 28 image that the network gets"',
        f"- strong: {plain}",
        '- table "Probability of each class"',
        '- heading "From your picture to what the network gets" [level=2]',
        '- list "Stages of preparation"',
    ):
        assert part in tree
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=name))
    expect(row.get_by_role("cell")).to_have_text(share)
    assert to_mend(page) == []


@pytest.mark.parametrize("path", ["/classify?test=17", "/browse", "/replay", "/map"])
def test_nothing_of_ours_moves_where_motion_is_unwanted(
    page: Page, visit: Visit, path: str
) -> None:
    page.emulate_media(reduced_motion="reduce")
    visit(page, path)
    page.wait_for_function("document.querySelectorAll('*').values().some(e => e.shadowRoot)")
    page.wait_for_timeout(1000)
    assert page.evaluate(MOVING) == []


def test_a_stroke_of_a_finger_on_a_test_image_leaves_the_page_where_it_is(
    phone: Page, visit: Visit
) -> None:
    visit(phone, "/classify?test=17")
    phone.get_by_text("Add a stroke").click()
    pad = phone.get_by_role("application", name=re.compile("draw one stroke"))
    pad.scroll_into_view_if_needed()
    before = pad.bounding_box()
    assert before
    device = phone.context.new_cdp_session(phone)
    x, y = before["x"] + before["width"] / 2, before["y"] + before["height"] * 0.8

    def finger(kind: str, *places: dict[str, float]) -> None:
        device.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(places)})

    finger("touchStart", {"x": x, "y": y})
    for step in range(1, 9):
        finger("touchMove", {"x": x, "y": y - step * before["height"] / 20})
    finger("touchEnd")
    expect(phone.get_by_text("Ink for")).to_be_visible()
    assert pad.bounding_box() == before
