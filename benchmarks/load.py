"""Many visitors at once: how long pages and drawn answers take, beside a training run.

    python -m benchmarks.load [--visitors 50] [--seconds 60] [--pause 3.5] [--alone] [--light]

Starts the app on loopback. Light visitors are websocket clients with a cookie each, who ask for a
page by chance, read all of the answer, and wait; a page's time is that from asking to the end of
its script. One visitor more is a real browser that draws on the quick pad, and one has started a
run (none with --alone), whose images a second are taken before and during the load. The browsers
take processor time that visitors bring along elsewhere: --light goes without them while it counts,
and what each party used is printed.
"""

import argparse
import asyncio
import os
import random
import statistics
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

import psutil
from playwright.sync_api import Browser, Page, sync_playwright
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from benchmarks.classify_latency import PAPERS, open_pad, stroke, used
from benchmarks.first_page import ARGUMENTS, CHROMIUM, running_app
from fmnist_core.runs.rows import BatchRow, valid_rows
from fmnist_core.runs.run import Run
from fmnist_core.runs.store import RunStore
from pages.shared.navigation import PAGES
from pages.shared.visitor import COOKIE

MOST_VISITORS, MOST_SECONDS = 200, 1800
PRESET = "three-convolutions"  # long enough to be there to the end
SETTLE = 20.0  # seconds until a run's speed is taken
PATIENCE = 60.0  # seconds until an answer counts as none
GOALS = {"pages": 0.5, "drawn answers": 0.4}
NAMES = [name for name, *_ in PAGES]


@dataclass
class Found:
    """Seconds of every answer by page, and what went wrong by page."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failed: Counter[str] = field(default_factory=Counter)

    @property
    def all(self) -> list[float]:
        """The seconds of all pages."""
        return [value for values in self.seconds.values() for value in values]


def late(values: list[float]) -> float:
    """Return the 95th percentile."""
    return sorted(values)[min(len(values) - 1, int(0.95 * len(values)))]


def line(name: str, values: list[float], goal: float | None = None) -> str:
    """Return one row of the table."""
    if not values:
        return f"| {name} | none | | | |"
    aim = f"{goal:.1f}" if goal else ""
    return (
        f"| {name} | {len(values)} | {statistics.median(values):.2f} | {late(values):.2f} "
        f"| {max(values):.2f} | {aim} |"
    )


async def ask(socket: ClientConnection, page: str) -> tuple[float, bool]:
    """Ask for a page; return the seconds to the end of its script, and whether it went well."""
    message = BackMsg()
    message.rerun_script.page_name = page
    message.rerun_script.query_string = ""
    start = time.perf_counter()
    await socket.send(message.SerializeToString())
    well = True
    while True:
        answer = ForwardMsg()
        received = await asyncio.wait_for(socket.recv(decode=False), PATIENCE)
        answer.ParseFromString(received)
        kind = answer.WhichOneof("type")
        if kind == "delta" and answer.delta.new_element.WhichOneof("type") == "exception":
            well = False
        if kind == "script_finished":
            if answer.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                return time.perf_counter() - start, well
            if answer.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                return time.perf_counter() - start, False


async def visit(address: str, number: int, end: float, pause: float, found: Found) -> None:
    """Be one light visitor until `end`, on the clock of `time.perf_counter`."""
    chance = random.Random(number)
    headers = {"Cookie": f"{COOKIE}={number:022d}"}
    url = address.replace("http", "ws") + "/_stcore/stream"
    # Fifty people do not arrive in the same second.
    await asyncio.sleep(chance.uniform(0, pause))
    async with connect(
        url, additional_headers=headers, subprotocols=[Subprotocol("streamlit")], max_size=None
    ) as socket:
        while time.perf_counter() < end:
            page = chance.choice(NAMES)
            try:
                seconds, well = await ask(socket, page)
            except (TimeoutError, ConnectionClosed):
                found.failed[page] += 1
                return
            found.seconds[page].append(seconds)
            found.failed[page] += not well
            await asyncio.sleep(chance.uniform(0.5, 1.5) * pause)


class Crowd(Thread):
    """So many light visitors who use the app for so long; `found` is what they met."""

    def __init__(self, address: str, visitors: int, seconds: float, pause: float) -> None:
        super().__init__()
        self.found = Found()
        self._arguments = address, visitors, seconds, pause
        self.start()

    def run(self) -> None:
        """Be the visitors; a thread, as the browser's driver has the main one."""
        asyncio.run(self._everyone(*self._arguments))

    async def _everyone(self, address: str, visitors: int, seconds: float, pause: float) -> None:
        end = time.perf_counter() + seconds
        visits = (visit(address, n, end, pause, self.found) for n in range(visitors))
        await asyncio.gather(*visits)


def megabytes(server: psutil.Process) -> tuple[float, float]:
    """Return the resident memory of the web process, and of all its children together."""
    children = sum(child.memory_info().rss for child in server.children(recursive=True))
    return server.memory_info().rss / 1e6, children / 1e6


def spent(server: psutil.Process) -> dict[str, float]:
    """Return the seconds of processor time that each party has used."""
    own = psutil.Process()
    served = server.children(recursive=True)
    ours = [x for x in own.children(recursive=True) if x != server and x not in served]
    parties = {"web process": [server], "engine": served, "browsers and clients": [own, *ours]}
    return {name: used(processes) / 1000 for name, processes in parties.items()}


def speed(run: Run, start: float, end: float) -> float:
    """Return the images a second that the run has learned from between two times."""
    rows = [row for row in valid_rows(run.history()[0]) if isinstance(row, BatchRow)]
    rows = [row for row in rows if row.time is not None and start <= row.time <= end]
    if len(rows) < 2:
        return 0.0
    batches = [(row.epoch - 1) * row.batches + row.batch for row in (rows[0], rows[-1])]
    seconds = (rows[-1].time or 0.0) - (rows[0].time or 0.0)
    return (batches[1] - batches[0]) * run.recipe.batch_size / seconds


def begin_run(browser: Browser, address: str, store: RunStore) -> tuple[Page, Run]:
    """Start a run as a visitor does, who goes on watching it; return both once it trains."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{address}/train?preset={PRESET}")
    page.get_by_text("The engine is warming up").wait_for(state="detached")
    page.get_by_role("button", name="Train", exact=True).click()
    while not (runs := store.all()) or not runs[0].history()[0]:
        page.wait_for_timeout(200)
    return page, runs[0]


@contextmanager
def drawing(browser: Browser, address: str) -> Iterator[Page]:
    """Give a page whose quick pad has been tried."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    open_pad(page, f"{address}/classify?model=field", "quick pad")
    yield page
    page.close()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--visitors", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--pause", type=float, default=3.5)
    parser.add_argument("--alone", action="store_true", help="without a training run")
    parser.add_argument("--light", action="store_true", help="without a browser while it counts")
    options = parser.parse_args()
    visitors = min(options.visitors, MOST_VISITORS)
    seconds = min(options.seconds, MOST_SECONDS)
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} over the last minute")
    with (
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as playwright,
        running_app(folder) as (address, process),
        playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS) as browser,
    ):
        server, store = psutil.Process(process.pid), RunStore(Path(folder))
        # Every page once: what all visitors share is loaded then.
        Crowd(address, 1, 20, 0.5).join()
        run, before, watching = None, 0.0, None
        if not options.alone:
            watching, run = begin_run(browser, address, store)
            start = time.time()
            time.sleep(SETTLE)
            before = speed(run, start, time.time())
        with drawing(browser, address) as page:
            if options.light:
                for opened in (page, watching):
                    if opened is not None:
                        opened.goto("about:blank")
            memory, processor, start = megabytes(server), spent(server), time.time()
            others = Crowd(address, visitors, seconds, options.pause)
            drawn: list[float] = []
            while others.is_alive():
                if options.light:
                    others.join()
                else:
                    drawn.append(stroke(page, PAPERS["quick pad"][1], len(drawn)) / 1000)
            found, took = others.found, time.time() - start
            after = megabytes(server)
            shares = {name: now - processor[name] for name, now in spent(server).items()}
        during = speed(run, start, start + took) if run else 0.0
    print(f"{visitors} visitors, a page every {options.pause} s, for {seconds:.0f} s")
    print("| what | answers | median s | 95 % s | worst s | goal |\n|---|--:|--:|--:|--:|--:|")
    for name in NAMES:
        print(line(name, found.seconds[name]))
    print(line("pages", found.all, GOALS["pages"]))
    print(line("drawn answers", drawn, GOALS["drawn answers"]))
    failed = {name: count for name, count in found.failed.items() if count}
    print(f"failed: {failed or 'none'}")
    if run:
        print(f"run: {before:,.0f} images a second alone, {during:,.0f} among visitors")
    cores = (f"{name} {seconds / took:.2f}" for name, seconds in shares.items())
    print(f"cores used: {', '.join(cores)}")
    print(
        f"memory: web process {memory[0]:.0f} -> {after[0]:.0f} MB "
        f"({(after[0] - memory[0]) / visitors:.1f} a visitor), "
        f"others {memory[1]:.0f} -> {after[1]:.0f} MB"
    )


if __name__ == "__main__":
    main()
