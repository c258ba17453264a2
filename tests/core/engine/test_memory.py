"""A worker that is refused memory: its task fails in a sentence, and the next one works."""

import logging
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest

from fmnist_core import files
from fmnist_core.engine import host
from fmnist_core.engine.engine import Engine
from fmnist_core.engine.process import FOR_MEMORY, WORKER_END, told
from fmnist_core.recipes.layers import Dense, Flatten
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.runs.store import RunStore
from fmnist_core.training import train as training
from fmnist_core.training.loop import Training
from tests.support.processes import wait_for

SMALL = Recipe(
    name="Small",
    layers=(Flatten(), Dense(units=10, activation="softmax")),
    epochs=1,
    train_examples=200,
    validation_examples=50,
)
# Weights of 270 MB, and two copies more in the optimizer.
LARGE = SMALL.changed(
    layers=(Flatten(), *[Dense(units=4096)] * 5, Dense(units=10, activation="softmax"))
)
ROOM = 200_000_000
LITTLE, ENOUGH = 99_000_000, 101_000_000
NO_MEMORY = (
    "Training needs more memory than is free here; use a smaller batch, fewer units or filters."
)


class ResourceExhaustedError(Exception):
    """Named as TensorFlow's own."""


@pytest.mark.parametrize("error", [MemoryError, ResourceExhaustedError])
def test_a_run_that_is_refused_memory_says_so_and_the_next_one_trains(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def refused(_: Training) -> str:
        raise error("OOM when allocating tensor with shape[1000000]")

    monkeypatch.setattr("fmnist_core.models.convert.save_model", lambda model, *_: model)
    store = RunStore(tmp_path / "store")
    run, following = store.create(SMALL, "visitor"), store.create(SMALL, "visitor")
    with monkeypatch.context() as patch:
        patch.setattr(Training, "_epoch", refused)
        training.train(run)
    assert (run.status().status, run.status().reason) == ("failed", NO_MEMORY)
    training.train(following)
    assert following.status().status == "finished"
    training.train(run)  # resumed when there is room again
    assert run.status().status == "finished"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = Engine.start(store=RunStore(tmp_path / "store"))
    wait_for(lambda: engine.state() == "ready", 120)
    yield engine
    engine.close()


def test_a_worker_that_the_system_ended_for_want_of_memory_is_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(host, "memory_kills", iter([3, 3, 4, 4]).__next__)
    ends, sentences = host._WorkerEnds(), []
    for _ in range(3):
        ends.emit(logging.makeLogRecord({"msg": "Worker process 7 was killed by signal 9"}))
        sentences.append(told(files.read_json(tmp_path / WORKER_END) or {}))
    others, of_memory = {sentences[0], sentences[2]}, sentences[1]
    assert all("was killed by signal 9; " in sentence for sentence in others)
    assert of_memory == FOR_MEMORY


@pytest.mark.parametrize(
    ("rooms", "ends"),
    [
        ([None] * 30, []),
        (
            [LITTLE] * 4 + [ENOUGH] * 4 + [LITTLE] * 4,
            [],
        ),  # short for a moment, as when files are made
        ([LITTLE] * 30, [6]),
        ([ENOUGH] * 3 + [0] * 80, [9, 74]),
    ],
)
def test_a_worker_ends_when_memory_stays_short(
    monkeypatch: pytest.MonkeyPatch, rooms: list[int | None], ends: list[int]
) -> None:
    seconds = iter(range(len(rooms) + 1))
    now = 0

    def nap(_: float) -> bool:
        nonlocal now
        now = next(seconds)
        return now == len(rooms)

    monkeypatch.setattr(host.time, "monotonic", lambda: now)
    found: list[int] = []
    host.guard_memory(lambda: found.append(now + 1), nap, lambda: rooms[now])
    assert found == ends


def score() -> tuple[int, int]:
    """On the worker: return how it and its parent rank where memory runs out."""
    places = ("self", os.getppid())
    one, two = (int(Path(f"/proc/{place}/oom_score_adj").read_text()) for place in places)
    return one, two


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ranks processes so")
def test_where_memory_runs_out_the_worker_goes_before_the_web_process(engine: Engine) -> None:
    web = int(Path("/proc/self/oom_score_adj").read_text())
    worker, parent = engine.call(score).result(60)
    assert parent == web
    assert worker == min(1000, web + 500)


def limit(room: int | None) -> None:
    """On the worker: let it have this much memory more than now, or as much as there is."""
    import resource  # not on Windows

    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    most = hard if room is None else psutil.Process().memory_info().vms + room
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))


def grab(size: int) -> int:
    """On the worker: hold this many bytes for a moment; return how many they were."""
    return int(np.ones(size, np.uint8).nbytes)


@pytest.mark.timeout(300)
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits a process's memory so")
def test_where_the_system_gives_a_worker_no_more_memory_the_visitor_reads_why(
    engine: Engine, tmp_path: Path
) -> None:
    store = RunStore(tmp_path / "store")
    run, following = store.create(LARGE, "visitor"), store.create(SMALL, "visitor")
    engine.call(limit, ROOM).result(60)
    with pytest.raises(MemoryError):
        engine.call(grab, 2 * ROOM).result(60)
    assert engine.call(grab, 1000).result(60) == 1000
    engine.submit(run)
    wait_for(lambda: not run.status().active, 120)
    status = run.status()
    assert status.status == "failed"
    # It was refused in an orderly way, or the library that was refused ended the process.
    ended = status.reason.startswith("The training process ")
    assert status.reason == NO_MEMORY or ended
    engine.call(limit, None).result(120)
    engine.submit(following)
    wait_for(lambda: following.status().status == "finished", 120)
