"""A visitor's whole way through the app where memory is bounded as in a container: what gives in?

    python -m benchmarks.memory_limit [--gigabytes 1.0 1.2 1.5 2.7]

As root on Linux with version 1 of its control groups; elsewhere it says so and ends. The app gets
a group of its own, and the browser stays outside. What other programs have read before is counted
as theirs: to count the files, too, run it with an environment that nothing else uses, after
`sync; echo 1 > /proc/sys/vm/drop_caches`.
"""

import argparse
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from benchmarks.first_page import ARGUMENTS, CHROMIUM, running_app
from fmnist_core.paths import ASSETS, ROOT
from fmnist_core.runs.run import Run
from fmnist_core.runs.store import RunStore

GROUPS = Path("/sys/fs/cgroup/memory")
PATIENCE_MS = 600_000
HEAD = "    most     rss   cache  mapped     hits killed  told (sizes in MB)"
PHOTO = ASSETS / "field" / "coat-photo-1.jpg"


class Group:
    """A control group with a bound on its memory, and the most that it has held since `reset`."""

    def __init__(self, limit: float) -> None:
        self.folder = GROUPS / f"lab-{os.getpid()}"
        self.folder.mkdir()
        self._write("memory.limit_in_bytes", int(limit))
        self.split: dict[str, float] = {}
        self._ended = threading.Event()
        self._sampler = threading.Thread(target=self._sample)
        self._sampler.start()

    def _write(self, name: str, value: int) -> None:
        (self.folder / name).write_text(f"{value}")

    def numbers(self, name: str) -> dict[str, int]:
        """Return the numbers in one of the group's files, by the words before them."""
        lines = (self.folder / name).read_text().splitlines()
        return {line.rpartition(" ")[0]: int(line.rpartition(" ")[2]) for line in lines}

    def _sample(self) -> None:
        while not self._ended.wait(0.2):
            self._look()

    def _look(self) -> None:
        found = self.numbers("memory.stat")
        if found["rss"] / 1e6 > self.split.get("rss", 0):
            self.split = {name: found[name] / 1e6 for name in ("rss", "cache", "mapped_file")}

    def reset(self) -> None:
        """Measure anew from here."""
        self.split = {}
        self._write("memory.max_usage_in_bytes", 0)

    def row(self) -> str:
        """Return the most it held, that moment's split, how often it hit the bound, and kills."""
        self._look()
        most = self.numbers("memory.max_usage_in_bytes")[""] / 1e6
        split = "".join(f"{value:8.0f}" for value in self.split.values())
        hits = self.numbers("memory.failcnt")[""]
        kills = self.numbers("memory.oom_control")["oom_kill"]
        return f"{most:8.0f}{split}{hits:9}{kills:7}"

    def end(self) -> None:
        """Remove it, once the app has ended."""
        self._ended.set()
        self._sampler.join()
        while (self.folder / "cgroup.procs").read_text():
            time.sleep(0.1)
        self.folder.rmdir()


def settle(page: Page) -> None:
    """Wait until the page's script has finished; end everything at a stack trace."""
    page.get_by_role("heading", level=1).first.wait_for()
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    expect(page.get_by_test_id("stException")).to_have_count(0)


def told(page: Page) -> str:
    """Return what the page says in its notices."""
    texts = page.get_by_test_id("stAlert").all_inner_texts()
    return " | ".join(" ".join(text.split()) for text in texts)


class Visit:
    """A visitor of the app who does one thing after the other."""

    def __init__(self, browser: Browser, address: str, store: RunStore) -> None:
        self.page = browser.new_context(locale="en").new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self._address, self._store = address, store

    def open(self, path: str) -> None:
        """Open a page of the app."""
        self.page.goto(f"{self._address}/{path}")
        settle(self.page)

    def pages(self) -> str:
        """Open every page once."""
        for path in sorted((ROOT / "pages").glob("*.py")):
            self.open(path.stem)
            self.page.wait_for_timeout(1000)
        return ""

    def draw(self) -> str:
        """Draw an angle on the pad and wait for its answer."""
        self.open("classify")
        box = self.page.locator(".pad canvas").bounding_box()
        assert box is not None
        places = [(box["x"] + x * box["width"], box["y"] + 150) for x in (0.2, 0.8)]
        self.page.mouse.move(*places[0])
        self.page.mouse.down()
        self.page.mouse.move(*places[1], steps=10)
        self.page.mouse.up()
        return self._answer()

    def photo(self) -> str:
        """Upload a photo and wait for its answer."""
        self.open("classify")
        self.page.get_by_text("Upload", exact=True).first.click()
        self.page.locator("input[type=file]").set_input_files(PHOTO)
        return self._answer()

    def _answer(self) -> str:
        expect(self.page.locator(".percent").first).not_to_be_empty()
        return told(self.page)

    def train(self, preset: str) -> Run | None:
        """Press Train for a preset; return its run, or None where the recipe is refused."""
        self.open(f"train?preset={preset}")
        button = self.page.get_by_role("button", name="Train", exact=True)
        button.wait_for()
        if button.is_disabled():
            return None
        button.click()
        self.page.wait_for_url("**run=*")
        return self._store.get(self.page.url.partition("run=")[2].partition("&")[0])

    def refusal(self) -> str:
        """Return what stands beside the button that cannot be pressed."""
        return " ".join(self.page.get_by_test_id("stBottom").inner_text().split())

    def look(self, run: Run, seconds: float, epochs: int = 1000) -> str:
        """Watch a run until it is over or has done so many epochs; return how it is."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and run.status().active and run.status().epoch < epochs:
            self.page.wait_for_timeout(200)
        status = run.status()
        return f"{status.status} after epoch {status.epoch}. {status.reason}".strip()

    def stop(self, run: Run) -> str:
        """Stop a run and wait until its files are made."""
        if run.status().active:
            run.request("stop")
        return self.look(run, PATIENCE_MS / 1000)

    def why(self, run: Run) -> str:
        """Ask why a model answers as it does, and wait for the last map."""
        self.open(f"why?model={run.id}&item=test-12")
        self.page.wait_for_timeout(1000)
        stop = self.page.get_by_role("button", name="Stop", exact=True)
        expect(stop).to_have_count(0, timeout=PATIENCE_MS)
        return told(self.page)

    def evaluate(self, run: Run) -> str:
        """Open a run's evaluation."""
        self.open(f"evaluate?model={run.id}")
        expect(self.page.get_by_text("10,000 test images").first).to_be_visible()
        return told(self.page)


def way(one: Visit, other: Visit) -> Iterator[tuple[str, str]]:
    """Do everything; give the name of each step and what was told in it."""
    yield "every page", one.pages()
    yield "a drawing", one.draw()
    yield "a photo", one.photo()
    finished = one.train("Lightning")
    if finished is None:
        yield "Lightning", one.refusal()
        return
    yield "Lightning", one.look(finished, PATIENCE_MS / 1000)
    yield "evaluate it", one.evaluate(finished)
    for preset in ("Compact", "Best"):
        run = one.train(preset)
        if run is None:
            yield preset, one.refusal()
            continue
        yield preset, one.look(run, 75, 1)
        second = other.train("Lightning")
        assert second is not None
        yield "… somebody asks why", other.why(finished)
        yield "… and draws, uploads", other.draw() + other.photo()
        yield "… stopped", one.stop(run)
        yield "… the other's run", other.look(second, PATIENCE_MS / 1000)
    yield "evaluate the first", one.evaluate(finished)


@contextmanager
def bounded(limit: float) -> Iterator[Group]:
    """Give a group that is removed at the end."""
    group = Group(limit)
    try:
        yield group
    finally:
        group.end()


def main() -> None:
    """Print what each step took and what was told, for one size after the other."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gigabytes", type=float, nargs="+", default=[1.0, 1.2, 1.5, 2.7])
    arguments = parser.parse_args()
    if not os.access(GROUPS / "memory.limit_in_bytes", os.W_OK):
        raise SystemExit(
            "No memory can be bounded here: no control groups of version 1, or no right."
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for size in arguments.gigabytes:
            print(
                f"{size} GB{'MB: most':>22}{'rss':>8}{'cache':>8}{'mapped':>8}{'hits':>9}  killed"
            )
            with tempfile.TemporaryDirectory() as folder, bounded(1e9 * size) as group:
                enter = ["sh", "-c", f'echo $$ > {group.folder}/cgroup.procs; exec "$@"', "enter"]
                with running_app(folder, before=enter) as (address, process):
                    visits = [Visit(browser, address, RunStore(Path(folder))) for _ in range(2)]
                    for name, words in way(*visits):
                        print(f"{name:<22}{group.row()}  {words}", flush=True)
                        group.reset()
                        assert process.poll() is None, "The web process has ended."
        browser.close()


if __name__ == "__main__":
    main()
