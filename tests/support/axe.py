"""What keeps people with disabilities out of a page: what axe-core finds, and bare canvases."""

from collections.abc import Sequence
from typing import Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

Scheme = Literal["light", "dark"]
# What WCAG 2.2 asks for at levels A and AA. Nothing on any page is left out.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
OPTIONS = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
# A change of theme must not be judged half-way, nor what Streamlit fades because it is about to be
# replaced.
STILL = """
* { transition: none !important; animation: none !important; }
[data-stale] { opacity: 1 !important; }
"""
# The backgrounds of the theme, by which one sees that the page has followed.
GROUNDS = {"light": "rgb(252, 253, 253)", "dark": "rgb(17, 21, 26)"}
THEMED = """(ground) =>
  getComputedStyle(document.querySelector(".stApp")).backgroundColor === ground"""
# Resolves when nothing was added or taken away for half a second; a page may tick on for ever.
QUIET = """() => new Promise((resolve) => {
  let timer
  const wait = () => {
    clearTimeout(timer)
    timer = setTimeout(done, 500)
  }
  const watcher = new MutationObserver(wait)
  const done = () => {
    watcher.disconnect()
    resolve()
  }
  watcher.observe(document.body, { subtree: true, childList: true })
  setTimeout(done, 5000)
  wait()
})"""
# Canvases that are seen but have neither a role with a name, nor a tree of their own as tables do.
NAMELESS = """() => {
  const found = []
  const search = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) search(element.shadowRoot)
      if (element.tagName !== "CANVAS" || !element.checkVisibility()) continue
      if (element.closest(".dvn-underlay, [aria-hidden=true]")) continue
      const named = element.closest("[role=img], [role=application]")
      if (!named?.getAttribute("aria-label")) found.push(element.outerHTML)
    }
  }
  search(document)
  return found
}"""


def to_mend(
    page: Page, part: str | None = None, schemes: Sequence[Scheme] = ("light", "dark")
) -> list[str]:
    """Return what is to be mended in the page, or a part of it, in these colour schemes."""
    page.evaluate(QUIET)
    page.add_style_tag(content=STILL)
    mend = [f"a canvas without a name: {canvas}" for canvas in page.evaluate(NAMELESS)]
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(THEMED, arg=GROUNDS[scheme])
        found = Axe().run(page, part, OPTIONS)
        mend += [
            f"{scheme}, {violation['id']}: {node['html'][:160]} {node.get('failureSummary')}"
            for violation in found.response["violations"]
            for node in violation["nodes"]
        ]
    return mend
