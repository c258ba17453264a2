"""The whole app's memory with one run going, for each preset: MB of every process (on Linux).

    python -m benchmarks.training_memory [--seconds 15] [--presets NAME ...]

Starts the app, opens it in a real browser (not counted), presses Train for one preset after the
other in the same app, so that what a run leaves behind shows in the next, and watches the
processes for some seconds of training and while the run is stopped and its model files are made.
"""

import argparse
import tempfile
import time
from pathlib import Path

import psutil
from playwright.sync_api import Page, sync_playwright

from benchmarks.first_page import ARGUMENTS, CHROMIUM, running_app
from fmnist_core.engine.dispatcher import SLEEP_SECONDS
from fmnist_core.recipes import host, presets
from fmnist_core.runs.run import Run
from fmnist_core.runs.store import RunStore

GOAL_MB = 1500
PATIENCE_SECONDS = 300


def memory(server: psutil.Process) -> dict[str, float]:
    """Return the MB that each process has alone, and those of the files they map, counted once.

    So does a container count. Resident memory would count a library once for each process, and the
    proportional share less when a program outside the app uses it too.
    """
    found = {"web": 0.0, "engine": 0.0, "worker": 0.0, "files": 0.0}
    files: dict[str, int] = {}
    for process in (server, *server.children(recursive=True)):
        try:
            spawned = "multiprocessing.spawn" in str(process.cmdline())
            name = "web" if process == server else "worker" if spawned else "engine"
            for part in process.memory_maps(grouped=True):
                found[name] += part.anonymous / 1e6
                files[part.path] = max(files.get(part.path, 0), part.rss - part.anonymous)
        except psutil.Error:
            continue
    found["files"] = sum(files.values()) / 1e6
    return found


def highest(server: psutil.Process, until: float, run: Run | None = None) -> dict[str, float]:
    """Return the largest sum seen until then, or until `run` is over."""
    best = memory(server)
    while time.monotonic() < until and (run is None or run.status().active):
        now = memory(server)
        best = max(best, now, key=lambda found: sum(found.values()))
        time.sleep(0.2)
    return best


def start(page: Page, store: RunStore, address: str, name: str) -> Run:
    """Press Train for a preset and return its run once it has trained a batch."""
    before = {run.id for run in store.all()}
    page.goto(f"{address}/train?preset={name}")
    page.get_by_role("button", name="Train", exact=True).click(timeout=PATIENCE_SECONDS * 1000)
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        for run in store.all():
            if run.id not in before and run.history()[0]:
                return run
        time.sleep(0.1)
    raise SystemExit(f"{name} did not start.")


def show(name: str, found: dict[str, float]) -> None:
    """Print a line of the table."""
    cells = "".join(f"{value:8.0f}" for value in found.values())
    print(f"{name:<34}{cells}{sum(found.values()):8.0f}", flush=True)


def main() -> None:
    """Print the memory before the first run, in each run, and after the last."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--presets", nargs="+", default=list(presets.PRESETS))
    arguments = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as playwright,
        running_app(folder) as (address, process),
        playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS) as browser,
    ):
        server, store = psutil.Process(process.pid), RunStore(Path(folder))
        page = browser.new_context().new_page()
        print(f"{'MB':<34}{'web':>8}{'engine':>8}{'worker':>8}{'files':>8}{'all':>8}")
        for wanted in arguments.presets:
            name = presets.find(wanted).name
            run = start(page, store, address, name)
            show(name, highest(server, time.monotonic() + arguments.seconds))
            if run.status().active:
                run.request("stop")
            show("  stopping", highest(server, time.monotonic() + PATIENCE_SECONDS, run))
            time.sleep(3)
            show("  after", memory(server))
        if host.economical():
            time.sleep(SLEEP_SECONDS + 15)
            show("asleep", memory(server))
    print(f"Goal: at most {GOAL_MB} MB with one run going.")


if __name__ == "__main__":
    main()
