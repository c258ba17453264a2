"""Where memory is short the engine lives only while there is something to do."""

import os
from collections.abc import Iterator
from contextlib import suppress
from operator import add
from pathlib import Path

import psutil
import pytest

from fmnist_core.engine import dispatcher
from fmnist_core.engine.engine import Engine
from fmnist_core.engine.process import EngineProcess
from fmnist_core.recipes.layers import Dense, Flatten
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.runs.store import RunStore
from tests.support.processes import wait_for

SHORT = Recipe(
    name="Short",
    layers=(Flatten(), Dense(units=10, activation="softmax")),
    epochs=1,
    train_examples=200,
    validation_examples=50,
)


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    monkeypatch.setenv("FMNIST_MEMORY_MB", "1000")
    monkeypatch.setattr(dispatcher, "SLEEP_SECONDS", 0.5)
    engine = Engine.start(store=RunStore(tmp_path))
    yield engine
    engine.close()


def hosts() -> list[psutil.Process]:
    found = []
    for child in psutil.Process().children():
        with suppress(psutil.Error):  # it has just ended
            if "fmnist_core.engine.host" in child.cmdline():
                found.append(child)
    return found


def test_the_engine_starts_with_a_task_and_ends_without_one(engine: Engine) -> None:
    wait_for(lambda: engine.state() == "asleep")
    assert not hosts()
    for _ in range(2):
        assert engine.call(add, 2, 3).result(120) == 5
        assert hosts()
        wait_for(lambda: engine.state() == "asleep" and not hosts())


def test_a_run_begins_in_a_worker_that_explanations_have_not_left_large(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatcher, "SLEEP_SECONDS", 60)
    store = RunStore(tmp_path)
    before = engine.call(os.getpid).result(120)
    workers = []
    # In the second round it is too large until it is replaced.
    for sizes in (iter([]), iter([dispatcher.SMALL_BYTES + 1])):

        def size(_: EngineProcess, *, own: bool = False, sizes: Iterator[float] = sizes) -> float:
            return next(sizes, 0.0) if own else 0.0

        monkeypatch.setattr(EngineProcess, "worker_bytes", size)
        run = store.create(SHORT, "visitor")
        engine.submit(run)
        wait_for(lambda: run.status().status == "finished", 120)  # noqa: B023 - called at once
        workers.append(engine.call(os.getpid).result(120))
    assert workers[0] == before
    assert workers[1] != before
