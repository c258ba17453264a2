"""The worker is killed at random moments, a hundred times: is anything lost, and what is said?

    python -m benchmarks.kills [--kills 100] [--minutes 600] [--seed 0]

One small run after the other is trained; each is killed once or more often on its way, resumed,
and compared at its end with the same recipe trained in one piece. After every kill another
visitor's run must work, all files must be whole, and what was finished must be as it was.
"""

import argparse
import hashlib
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from fmnist_core import files
from fmnist_core.engine.engine import Engine
from fmnist_core.recipes.layers import Dense, Flatten
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.runs.rows import epoch_rows, valid_rows
from fmnist_core.runs.run import BEST, CHECKPOINT, MODEL, Run
from fmnist_core.runs.store import RunStore

PATIENCE = 300.0
SMALLEST_WORKER = 20e6  # bytes: beside it the host has a small process that tracks resources
LOOK_SECONDS = 0.005
WAITING_SHARE = 0.15  # of the kills hit a run that still waits for its worker
# A checkpoint of some hundred kilobytes, written after nearly every epoch.
RECIPE = Recipe(
    name="Killed",
    layers=(Flatten(), Dense(units=64), Dense(units=10, activation="softmax")),
    epochs=12,
    train_examples=20_000,
    validation_examples=500,
)
NEXT = RECIPE.changed(name="Next", epochs=1, train_examples=200, validation_examples=50)


@dataclass
class Found:
    """What the kills met."""

    hit: Counter[str] = field(default_factory=Counter)  # kills by what the run did then
    said: Counter[str] = field(default_factory=Counter)  # kills by the first words of the reason
    finished: int = 0
    told_seconds: list[float] = field(default_factory=list)  # from the kill to the words
    back_seconds: list[float] = field(default_factory=list)  # from there to the next run's end
    wrong: list[str] = field(default_factory=list)

    @property
    def kills(self) -> int:
        """How many there were."""
        return self.hit.total()


class Killer:
    """Trains runs on an engine of its own and kills its worker meanwhile."""

    def __init__(self, engine: Engine, store: RunStore, seed: int) -> None:
        self.found = Found()
        self._engine, self._store, self._chance = engine, store, random.Random(seed)
        self._wait(lambda: engine.state() == "ready")
        started = time.monotonic()
        self._whole = self._trained(RECIPE)
        self._seconds = time.monotonic() - started
        self._kept = {self._whole: _digests(self._whole)}

    def go_on(self, kills: int, minutes: float = 600) -> Found:
        """Kill so often in so many minutes, end the last run too, and return what was met."""
        end = time.monotonic() + 60 * minutes
        while self.found.kills < kills and time.monotonic() < end:
            run = self._store.create(RECIPE, "visitor")
            while run.status().status != "finished":
                self._engine.submit(run)
                if self.found.kills < kills and time.monotonic() < end:
                    self._wait_at_random(run)
                    self._kill(run)
                self._wait(lambda: not run.status().active)  # noqa: B023 - called at once
            self._compare(run)
            self._kept[run] = _digests(run)
            self.found.finished += 1
        return self.found

    def _wait_at_random(self, run: Run) -> None:
        """Return at a moment of the run's way, from its line to its end."""
        if self._chance.random() > WAITING_SHARE:
            self._wait(lambda: run.status().status != "queued")
        end = time.monotonic() + self._chance.uniform(0, self._seconds)
        while time.monotonic() < end and run.status().active:
            time.sleep(LOOK_SECONDS)

    def _kill(self, run: Run) -> None:
        self._wait(_worker)
        worker = _worker()
        assert worker is not None
        # Stopped first, so that what is read before is what the kill meets.
        worker.suspend()
        self._wait(lambda: worker.status() == psutil.STATUS_STOPPED)
        before, epochs_before = run.status(), len(_epochs(run))
        worker.kill()
        worker.wait(PATIENCE)
        killed = time.monotonic()
        self._wait(lambda: not run.status().active)
        after = run.status()
        ending = before.epoch == RECIPE.epochs and before.status == "running"
        over = "after its end" if before.status == "finished" else before.status
        self.found.hit["measured at its end" if ending else over] += 1
        if after.status == "finished":
            # One that waited is given to the next worker.
            right = before.status in {"finished", "queued"}
            self._check(right, f"{run}: {before.status}, finished by a kill")
        else:
            self.found.told_seconds.append(time.monotonic() - killed)
            self.found.said[after.reason.partition(";")[0]] += 1
            self._check(after.status == "failed", f"{run}: {after.status} after a kill")
            self._check(after.reason.endswith("."), f"{run}: said {after.reason!r}")
        for name in (CHECKPOINT, BEST):
            path = run.folder / name
            self._check(
                not path.exists() or files.read_arrays(path) is not None, f"{run}: {name} damaged"
            )
        epochs = [row.epoch for row in _epochs(run)]
        self._check(epochs == list(range(1, len(epochs) + 1)), f"{run}: epochs {epochs}")
        self._check(len(epochs) >= epochs_before, f"{run}: an epoch is gone")
        for other, digests in self._kept.items():
            self._check(_digests(other) == digests, f"{other}: changed by a kill")
        killed = time.monotonic()
        following = self._trained(NEXT)
        self.found.back_seconds.append(time.monotonic() - killed)
        next_one = following.status()
        self._check(next_one.status == "finished", f"next run: {next_one.status} {next_one.reason}")
        words = f"{self.found.kills} kills: {dict(self.found.hit)}, wrong: {self.found.wrong}"
        print(words, file=sys.stderr, flush=True)

    def _trained(self, recipe: Recipe) -> Run:
        run = self._store.create(recipe, "another visitor")
        self._engine.submit(run)
        self._wait(lambda: not run.status().active)
        return run

    def _compare(self, run: Run) -> None:
        """A run that was killed ends with the curve and weights of one that was not."""
        curves = np.array(_curve(run)), np.array(_curve(self._whole))
        self._check_equal(*curves, f"{run}: another curve")
        for name in (CHECKPOINT, BEST):
            one, two = (files.read_arrays(each.folder / name) or {} for each in (run, self._whole))
            self._check(one.keys() == two.keys(), f"{run}: other parts in {name}")
            for key in one.keys() & two.keys() - {"about"}:
                self._check_equal(one[key], two[key], f"{run}: another {key} in {name}")
        mine, other = run.evaluation(), self._whole.evaluation()
        assert mine is not None
        assert other is not None
        probabilities = mine.test_probabilities, other.test_probabilities
        self._check_equal(*probabilities, f"{run}: other answers")
        self._check((run.folder / MODEL).exists(), f"{run}: no model")
        left = [path.name for path in run.folder.rglob("*.tmp")]
        self._check(len(left) <= self.found.kills, f"{run}: leaves {left}")

    def _check_equal(self, one: np.ndarray, two: np.ndarray, words: str) -> None:
        if one.shape != two.shape:
            self._check(False, f"{words}: {one.shape} for {two.shape}")
        elif not np.array_equal(one, two):
            apart = float(np.abs(one.astype(float) - two.astype(float)).max())
            self._check(False, f"{words}: {apart:.2g} apart")

    def _check(self, right: bool, words: str) -> None:
        if not right:
            self.found.wrong.append(words)

    @staticmethod
    def _wait(condition: Callable[[], Any]) -> None:
        end = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > end:
                raise TimeoutError("It did not happen in time.")
            time.sleep(LOOK_SECONDS)


def _worker() -> psutil.Process | None:
    """Return the process that trains, the largest that the engine's host has started, if any."""
    hosts = [
        child
        for child in psutil.Process().children()
        if "fmnist_core.engine.host" in child.cmdline()
    ]
    family = [child for host in hosts for child in host.children(recursive=True)]
    large = [process for process in family if process.memory_info().rss > SMALLEST_WORKER]
    return max(large, key=lambda process: process.memory_info().rss, default=None)


def _epochs(run: Run) -> list[Any]:
    return epoch_rows(valid_rows(run.history()[0]))


def _curve(run: Run) -> list[tuple[float, ...]]:
    return [
        (row.epoch, row.loss or 0, row.accuracy or 0, row.val_loss or 0, row.val_accuracy or 0)
        for row in _epochs(run)
    ]


def _digests(run: Run) -> dict[str, str]:
    paths = sorted(path for path in run.folder.rglob("*") if path.is_file())
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def main() -> None:
    """Print what happened."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--minutes", type=float, default=600, help="end sooner after so many")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = RunStore(Path(folder))
        engine = Engine.start(store=store)
        started = time.monotonic()
        try:
            found = Killer(engine, store, options.seed).go_on(options.kills, options.minutes)
        finally:
            engine.close()
    minutes = (time.monotonic() - started) / 60
    print(f"{found.kills} kills in {minutes:.0f} minutes, {found.finished} runs finished")
    print(f"the run was: {dict(found.hit)}")
    print(f"it was said: {dict(found.said)}")
    for words, seconds in (
        ("from the kill to the words", found.told_seconds),
        ("from there to the next run's end", found.back_seconds),
    ):
        print(f"{words}: median {statistics.median(seconds):.2f} s, worst {max(seconds):.2f} s")
    print("lost or wrong: " + ("; ".join(found.wrong[:20]) or "nothing"))


if __name__ == "__main__":
    main()
