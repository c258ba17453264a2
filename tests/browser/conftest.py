"""Fixtures for browser tests: a running app with a runs folder of its own, and a real Chromium."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from pages.shared.navigation import GROUPS, PAGES
from tests.support.processes import free_port

ROOT = Path(__file__).parents[2]
CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
TITLES = {name: title for name, title, *_ in PAGES if (ROOT / "pages" / f"{name}.py").exists()}
# The group of each page; what has none lies open in the menu.
GROUP = {name: group for group, pages in GROUPS.items() for name, *_ in pages if name in TITLES}

# Streamlit asks this text, not the width, whether to fold the menu away after a choice.
PHONE = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0.0.0 Mobile Safari/537.36"
)
# The slowest machine decides: a cold start of the engine takes seconds.
START_SECONDS = 60
TIMEOUT_MS = 30_000

StartApp = Callable[..., AbstractContextManager["App"]]


@dataclass(frozen=True)
class App:
    """A running app: its address without a slash at the end, its process, runs folder and log."""

    url: str
    process: subprocess.Popen[bytes]
    runs: Path
    log: Path


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Function,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show the server's last words below a failure: the page itself never shows a trace."""
    report = yield
    app = item.funcargs.get("app")
    if report.failed and isinstance(app, App):
        report.sections.append(("Server's log", app.log.read_text(errors="replace")[-4000:]))
    return report


def _wait_until_healthy(app: App) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and app.process.poll() is None:
        try:
            with urllib.request.urlopen(f"{app.url}/_stcore/health", timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"The app did not start:\n{app.log.read_text()[-2000:]}")


@contextmanager
def running(runs: Path, log: Path, port: int | None = None, **environment: str) -> Iterator[App]:
    port = port or free_port()
    command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py"]
    options = [
        "--server.headless=true",
        "--server.address=127.0.0.1",
        f"--server.port={port}",
        "--server.fileWatcherType=none",
    ]
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*command, *options],
            cwd=ROOT,
            env={**os.environ, "FMNIST_RUNS": str(runs), **environment},
            stdout=output,
            stderr=output,
        )
    app = App(f"http://127.0.0.1:{port}", process, runs, log)
    try:
        _wait_until_healthy(app)
        yield app
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@pytest.fixture(scope="session")
def start_app(tmp_path_factory: pytest.TempPathFactory) -> StartApp:
    """Return `start_app(runs=None, port=None, **environment)`, a context manager that gives an App.

    For tests that need a server of their own: a first request, a restart, a kill.
    """

    def start(
        runs: Path | None = None, port: int | None = None, **environment: str
    ) -> AbstractContextManager[App]:
        folder = tmp_path_factory.mktemp("app")
        if runs is None:
            runs = folder / "runs"
            runs.mkdir()
        return running(runs, folder / "server.log", port, **environment)

    return start


@pytest.fixture(scope="session")
def app(start_app: StartApp) -> Iterator[App]:
    """Return the app that most tests share."""
    with start_app() as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return Chromium; without one the test is skipped, except in CI, where it fails."""
    if not CHROMIUM.exists():
        reason = f"no Chromium at {CHROMIUM}; install it or set CHROMIUM to its path"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@contextmanager
def _page(browser: Browser, width: int, height: int, *, phone: bool = False) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": width, "height": height},
        has_touch=phone,
        is_mobile=phone,
        user_agent=PHONE if phone else None,
        accept_downloads=True,
    )
    context.set_default_timeout(TIMEOUT_MS)
    try:
        yield context.new_page()
    finally:
        context.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Return an empty browser page, 1280 px wide, with cookies of its own."""
    with _page(browser, 1280, 900) as found:
        yield found


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """Return an empty browser page, 390 px wide, with a touch screen."""
    with _page(browser, 390, 844, phone=True) as found:
        yield found


@pytest.fixture
def visit(app: App) -> Callable[[Page, str], None]:
    """Return `visit(page, "/browse?split=test")`: open it in the shared app and wait for it."""

    def open_(page: Page, path: str) -> None:
        page.goto(app.url + path)
        settle(page)

    return open_


def settle(page: Page) -> None:
    """Wait until the page has a title and its script has finished."""
    page.get_by_role("heading", level=1).first.wait_for()
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()


def choose_in_menu(page: Page, name: str) -> None:
    """Open a page from the menu of a wide window."""
    if group := GROUP[name]:
        page.get_by_test_id("stTopNavSection").filter(has_text=group).click()
        page.get_by_test_id("stTopNavDropdownLink").filter(has_text=TITLES[name]).click()
    else:
        page.get_by_test_id("stTopNavLink").filter(has_text=TITLES[name]).click()
