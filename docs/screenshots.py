"""Take the pictures in README of the running app: `make screenshots`."""

import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.conftest import ARGUMENTS, CHROMIUM, running, settle

FOLDER = Path(__file__).parent


def main() -> None:
    """Write docs/home.png."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
        with running(Path(folder), Path(folder) / "server.log") as app:
            page.goto(app.url)
            settle(page)
            page.get_by_role("option", name="test image").first.wait_for()
            page.screenshot(path=FOLDER / "home.png", animations="disabled")
        browser.close()


if __name__ == "__main__":
    main()
