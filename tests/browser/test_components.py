"""Browser elements by themselves: what Fill fills, and that nothing is left of an element."""

from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from fmnist_core.paths import ROOT
from tests.browser.conftest import TITLES, choose_in_menu, settle

pytestmark = pytest.mark.browser

SIDE = 64
PAPER, LIGHT, BLACK = 255, 176, 0
FILL = (ROOT / "pages/components/quick_pad/fill.js").read_text(encoding="utf-8")


def outline(level: int, gap: int = 0) -> np.ndarray:
    """Return paper with a square outline, two cells thick, from 16 to 47; `gap` cells are open."""
    paper = np.full((SIDE, SIDE), PAPER, np.uint8)
    paper[16:48, 16:48] = level
    paper[18:46, 18:46] = PAPER
    paper[16:18, 32 - gap // 2 : 32 + gap - gap // 2] = PAPER
    return paper


def area(page: Page, paper: np.ndarray, x: int, y: int) -> np.ndarray | str:
    """Return the cells that Fill takes, bool (64, 64), or what is in its way."""
    found = page.evaluate(
        f"([levels, side, x, y]) => {{ {FILL}\n"
        "const { inside, problem } = area(levels, side, x, y)\n"
        "return problem ?? Array.from(inside) }",
        [paper.ravel().tolist(), SIDE, x, y],
    )
    return found if isinstance(found, str) else np.array(found, bool).reshape(SIDE, SIDE)


@pytest.mark.parametrize("level", [BLACK, LIGHT])
def test_fill_takes_what_an_outline_encloses_and_the_seam_of_its_line(
    page: Page, level: int
) -> None:
    expected = np.zeros((SIDE, SIDE), bool)
    expected[18:46, 18:46] = True
    expected[17, 18:46] = expected[46, 18:46] = True
    expected[18:46, 17] = expected[18:46, 46] = True
    np.testing.assert_array_equal(area(page, outline(level), 20, 40), expected)


def test_fill_bridges_a_small_gap_and_stays_inside(page: Page) -> None:
    found = area(page, outline(BLACK, gap=5), 31, 31)
    assert not isinstance(found, str)
    assert found[18:46, 18:46].all()
    outside = found.copy()
    outside[16:48, 16:48] = False
    assert outside.sum() <= 5 * 3  # the mouth of the gap, no more


@pytest.mark.parametrize(
    ("paper", "x", "y"),
    [
        (np.full((SIDE, SIDE), PAPER, np.uint8), 30, 30),
        (outline(BLACK), 5, 5),
        (outline(BLACK, gap=28), 31, 31),
    ],
    ids=["bare paper", "beside the outline", "a wide gap"],
)
def test_fill_never_floods_the_paper(page: Page, paper: np.ndarray, x: int, y: int) -> None:
    assert area(page, paper, x, y) == "open"


@pytest.mark.parametrize("level", [BLACK, LIGHT])
def test_fill_leaves_lines_alone(page: Page, level: int) -> None:
    assert area(page, outline(level), 17, 30) == "line"


def test_what_was_filled_can_be_filled_again(page: Page) -> None:
    paper = np.full((SIDE, SIDE), PAPER, np.uint8)
    paper[1:62, 1:62] = BLACK
    found = area(page, paper, 30, 30)
    assert not isinstance(found, str)
    assert found[1:62, 1:62].all()
    assert found.sum() == 61 * 61 + 4 * 61


# Counts what elements add outside of themselves, before any of their code runs.
COUNT = """
window.added = { listeners: 0, observers: 0 }
const wrap = (target) => {
  const { addEventListener, removeEventListener } = target
  target.addEventListener = function (...all) {
    const from = new Error().stack
    if (from.includes("st-bidi-")) {
      window.added.listeners += 1
      all[2]?.signal?.addEventListener("abort", () => (window.added.listeners -= 1))
    }
    return addEventListener.apply(this, all)
  }
  target.removeEventListener = function (...all) {
    if (new Error().stack.includes("st-bidi-")) window.added.listeners -= 1
    return removeEventListener.apply(this, all)
  }
}
for (const target of [window, document, MediaQueryList.prototype]) wrap(target)
for (const name of ["ResizeObserver", "MutationObserver", "IntersectionObserver"]) {
  window[name] = class extends window[name] {
    constructor(...all) {
      super(...all)
      this.ours = new Error().stack.includes("st-bidi-")
      if (this.ours) window.added.observers += 1
    }
    disconnect() {
      if (this.ours) window.added.observers -= 1
      this.ours = false
      super.disconnect()
    }
  }
}
"""


def test_elements_leave_nothing_behind_when_their_page_is_left(
    visit: Callable[[Page, str], None], page: Page
) -> None:
    page.add_init_script(COUNT)
    visit(page, "/glossary")  # it has only what every page has
    page.wait_for_function("window.addressBar")
    before = page.evaluate("window.added")
    most = 0
    for name in ("classify", "replay", "map", "browse", "train", "classify", "home", "glossary"):
        choose_in_menu(page, name)
        expect(page).to_have_title(f"{TITLES[name]} · Fashion-MNIST Lab")
        settle(page)
        page.wait_for_timeout(500)
        most = max(most, page.evaluate("window.added.observers"))
    assert most >= before["observers"] + 2  # it does count
    page.wait_for_function(
        """(before) => window.added.listeners === before.listeners &&
        window.added.observers === before.observers""",
        arg=before,
    )
