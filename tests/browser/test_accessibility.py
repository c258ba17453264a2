"""No page keeps anybody out: axe-core finds nothing to mend, in light or dark."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.conftest import TITLES, App, settle

pytestmark = pytest.mark.browser

# What WCAG 2.2 asks for at levels A and AA.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture(scope="module", params=["light", "dark"])
def themed(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, color_scheme=request.param
    )
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("name", TITLES)
def test_axe_finds_nothing_to_mend(themed: Page, app: App, name: str) -> None:
    themed.goto(f"{app.url}/{name}")
    settle(themed)
    found = Axe().run(themed, options={"runOnly": {"type": "tag", "values": RULES}})
    mend = [
        f"{violation['id']}: {node['html'][:160]} {node.get('failureSummary')}"
        for violation in found.response["violations"]
        for node in violation["nodes"]
    ]
    assert mend == []
