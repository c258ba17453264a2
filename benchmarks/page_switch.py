"""From a click in the menu to the other page, and a live chart of many rows, in a real browser.

    python -m benchmarks.page_switch [--rounds 3] [--rows 10000]

Every page is opened by its link in the menu: until its title is on screen, and until its script has
ended. The peer is an app of two pages with nothing but a title. Then a run with so many rows is
watched while another process writes its next ones, twenty times: from the words being written until
they are on screen, of which the page waits up to half a second for its next look.
"""

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.first_page import ARGUMENTS, CHROMIUM, running_app
from fmnist_core.recipes import presets
from fmnist_core.runs.rows import BatchRow, EpochRow
from fmnist_core.runs.run import Run
from fmnist_core.runs.store import RunStore, this_process
from pages.shared.navigation import GROUPS

GOAL_MS = 300
EMPTY = """import streamlit as st

pages = [st.Page(lambda name=name: st.title(name), title=name, url_path=name) for name in "ab"]
st.navigation(pages, position="top").run()
"""
BATCHES = 100  # of an epoch, each of them a row
LOOKS = 20

# Clicks a link of the menu; gives the milliseconds to the title, and to the end of the script.
SWITCH = """link => new Promise(done => {
    const title = () => document.querySelector("h1")?.textContent;
    const start = performance.now(), before = title();
    link.click();
    let shown = 0;
    const look = () => {
        const state = document.querySelector("[data-testid=stApp]").dataset.testScriptState;
        if (!shown && title() && title() !== before) shown = performance.now() - start;
        if (shown && state === "notRunning") done([shown, performance.now() - start]);
        else requestAnimationFrame(look);
    };
    look();
})"""


def row(name: str, times: list[float]) -> None:
    """Print the median, the 95th percentile and the worst of some milliseconds."""
    late = statistics.quantiles(times, n=20, method="inclusive")[-1]
    print(
        f"{name:<40}median {statistics.median(times):5.0f} ms   95th percentile {late:5.0f} ms   "
        f"worst {max(times):5.0f} ms",
        flush=True,
    )


def opened(browser: Browser, address: str) -> Page:
    """Return a page at an address, as it is some seconds after its first script."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(address)
    page.locator("h1").wait_for()
    page.wait_for_timeout(3000)  # what the app prepares after its first page
    return page


def switches(page: Page, titles: dict[str, str], rounds: int) -> None:
    """Open every page so often by the menu, titles with their groups, and print how that went."""
    shown, ended = [], []
    for number in range(rounds + 1):
        for title, group in titles.items():
            if group:
                page.get_by_test_id("stTopNavSection").filter(has_text=group).click()
            kind = "stTopNavDropdownLink" if group else "stTopNavLink"
            link = page.get_by_test_id(kind).filter(has_text=title)
            first, whole = link.evaluate(SWITCH)
            if number:  # the first round imports what a page needs
                shown.append(first)
                ended.append(whole)
                if whole > 2 * GOAL_MS:
                    print(f"  {title}: {first:.0f} ms, its script {whole:.0f} ms")
            page.wait_for_timeout(500)
    row("  to the title", shown)
    row("  to the end of the script", ended)


def long_run(store: RunStore, rows: int) -> Run:
    """Return a run that this process trains, as its status says, with so many rows."""
    recipe = presets.find("three-convolutions").recipe
    run = store.create(recipe, "another visitor")
    for number in range(rows):
        epoch, batch = divmod(number, BATCHES)
        known: dict[str, Any] = {"epoch": epoch + 1, "loss": 1 / (1 + epoch), "accuracy": 0.9}
        run.append(BatchRow(**known, batch=batch + 1, batches=BATCHES))
        if batch == BATCHES - 1:
            run.append(EpochRow(**known, val_loss=0.5, val_accuracy=0.8))
    run.set_status("running", holder=this_process(), epoch=rows // BATCHES)
    return run


def watched(page: Page, address: str, run: Run) -> None:
    """Print how long the page of a long run takes, and what is new of it."""
    start = time.perf_counter()
    page.goto(f"{address}/train?run={run.id}")
    page.locator(".st-key-live_accuracy canvas").wait_for()
    print(f"  its page, from the address to the curves: {time.perf_counter() - start:.2f} s")
    page.wait_for_timeout(3000)
    times = []
    epoch = run.status().epoch
    for number in range(LOOKS):
        speed = 2001 + number
        run.append(BatchRow(epoch=epoch + 1, batch=number + 1, batches=BATCHES, loss=0.1))
        start = time.perf_counter()
        run.set_status("running", holder=this_process(), images_per_second=float(speed))
        page.get_by_text(f"{speed:,}", exact=True).first.wait_for()
        times.append(1000 * (time.perf_counter() - start))
        page.wait_for_timeout(313)  # not in step with its looks
    row("  from written to shown", times)


def main() -> None:
    """Print all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rows", type=int, default=10_000)
    options = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} over the last minute")
    places = [(title, group) for group, pages in GROUPS.items() for _, title, *_ in pages]
    titles = dict([*places[1:], places[0]])  # it begins on the first
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        script = Path(folder) / "empty.py"
        script.write_text(EMPTY, encoding="utf-8")
        with running_app(folder, str(script)) as (address, _):
            print("two pages with nothing but a title")
            switches(opened(browser, address), {"b": "", "a": ""}, 4 * options.rounds)
        store = RunStore(Path(folder) / "runs")
        with running_app(str(store.root)) as (address, _):
            page = opened(browser, address)
            print(f"{len(titles)} pages by the menu (goal {GOAL_MS} ms)")
            switches(page, titles, options.rounds)
            print(f"a run of {options.rows:,} rows")
            watched(page, address, long_run(store, options.rows))
        browser.close()


if __name__ == "__main__":
    main()
