"""From `streamlit run` to the first page in a real browser: seconds, and the server's memory.

    python -m benchmarks.first_page [--rounds 5]

Each round starts a new server and opens `/` in a fresh browser context as soon as the port
answers; then it does the same with a page of Streamlit that has nothing but a title, which is what
no page can be faster than. One round before the counted ones warms the disk. Other work on the
machine makes it slower, so the load is printed too.
"""

import argparse
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parents[1]
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
GOAL_SECONDS = 1.5
EMPTY = "import streamlit as st\n\nst.title('Nothing')\n"


class Round(NamedTuple):
    """Seconds since `streamlit run` began; megabytes and CPU seconds of the web process."""

    port: float
    title: float
    page: float
    memory: float
    peak: float
    cpu: float


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_for_port(port: int, process: subprocess.Popen[bytes]) -> None:
    """Return as soon as something answers there."""
    while process.poll() is None:
        with socket.socket() as caller:
            if caller.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.01)
    raise SystemExit("The app did not start.")


@contextmanager
def running_app(
    runs: str, script: str = "streamlit_app.py", before: Sequence[str] = ()
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Start the app, its runs in a folder; give its address once it answers, and its process.

    `before` is a command that starts the one after it.
    """
    port = free_port()
    options = ["--server.headless=true", "--server.address=127.0.0.1", f"--server.port={port}"]
    process = subprocess.Popen(
        [*before, sys.executable, "-m", "streamlit", "run", script, *options],
        cwd=ROOT,
        env={**os.environ, "FMNIST_RUNS": runs},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for_port(port, process)
        yield f"http://127.0.0.1:{port}", process
    finally:
        process.terminate()
        process.wait(20)


def used(pid: int) -> tuple[float, float, float]:
    """Return resident and peak memory in MB and CPU seconds of a process (Linux; elsewhere 0)."""
    folder = Path(f"/proc/{pid}")
    if not folder.exists():
        return 0.0, 0.0, 0.0
    text = (folder / "status").read_text()
    found = dict(re.findall(r"^(VmRSS|VmHWM):\s+(\d+) kB", text, re.MULTILINE))
    ticks = (folder / "stat").read_text().rpartition(")")[2].split()[11:13]
    seconds = sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")
    return int(found["VmRSS"]) / 1024, int(found["VmHWM"]) / 1024, seconds


def measure(browser: Browser) -> Round:
    """Start the app, open its first page, stop both."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    with tempfile.TemporaryDirectory() as runs:
        start = time.perf_counter()
        with running_app(runs) as (address, process):
            at_port = time.perf_counter() - start
            page.goto(f"{address}/", wait_until="commit")
            page.get_by_role("heading", level=1).wait_for()
            at_title = time.perf_counter() - start
            # The pictures and the last card of the journey: all that fits on the first screen.
            page.get_by_role("option", name="test image").first.wait_for()
            page.get_by_role("link", name="Try your own picture").wait_for()
            at_page = time.perf_counter() - start
            found = Round(at_port, at_title, at_page, *used(process.pid))
            context.close()
    return found


def measure_empty(browser: Browser) -> float:
    """Return the seconds from the start of a server to a page with nothing but a title."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "empty.py"
        script.write_text(EMPTY, encoding="utf-8")
        start = time.perf_counter()
        with running_app(folder, str(script)) as (address, _):
            page.goto(f"{address}/", wait_until="commit")
            page.get_by_role("heading", level=1).wait_for()
            seconds = time.perf_counter() - start
            context.close()
    return seconds


def main() -> None:
    """Print every round and the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} over the last minute")
    print("round   port  title   page  empty (s)  memory   peak (MB)  CPU of the server (s)")
    results, peers = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for number in range(rounds + 1):
            found, empty = measure(browser), measure_empty(browser)
            name = str(number) if number else "warm"
            print(
                f"{name:>5} {found.port:6.2f} {found.title:6.2f} {found.page:6.2f} {empty:6.2f}"
                f" {found.memory:11.0f} {found.peak:6.0f} {found.cpu:10.2f}",
                flush=True,
            )
            if number:
                results.append(found)
                peers.append(empty)
        browser.close()
    pages = [found.page for found in results]
    print(
        f"first page: median {statistics.median(pages):.2f} s, best {min(pages):.2f} s, "
        f"worst {max(pages):.2f} s (goal {GOAL_SECONDS:.1f} s); "
        f"a page with only a title {statistics.median(peers):.2f} s; "
        f"load {os.getloadavg()[0]:.1f} afterwards"
    )


if __name__ == "__main__":
    main()
