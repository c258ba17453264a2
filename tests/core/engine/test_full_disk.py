"""A disk so full that not even a status fits: the engine lives, and says so when it can."""

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import IO

import pytest

from fmnist_core import files
from fmnist_core.engine.dispatcher import Dispatcher
from fmnist_core.engine.engine import Engine
from fmnist_core.engine.process import EngineError
from fmnist_core.engine.queue import Ticket
from fmnist_core.recipes.layers import Dense, Flatten
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.runs.run import Run
from fmnist_core.runs.store import RunStore, this_process
from fmnist_core.training import train as training
from fmnist_core.training.loop import Training
from fmnist_core.training.progress import TrainingError

RECIPE = Recipe(layers=(Flatten(), Dense(units=10, activation="softmax")), epochs=2)
FULL = "The disk is full; delete runs that are no longer needed."


@pytest.fixture
def fill(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Return a function after whose call nothing can be written until `monkeypatch.undo()`."""

    @contextmanager
    def replacing(path: Path) -> Iterator[IO[bytes]]:
        raise OSError(errno.ENOSPC, "No space left on device", str(path))
        yield

    return lambda: monkeypatch.setattr(files, "replacing", replacing)


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    return RunStore(tmp_path / "store")


def working(dispatcher: Dispatcher, run: Run) -> Ticket:
    """Let a run work and end with what training raises on a full disk."""
    ticket = Ticket(run.id, run.status().owner, str(run.folder))
    dispatcher.queue.add(ticket, 0)
    dispatcher.queue.start(ticket, 0)
    run.set_status("running", epoch=1, holder={**this_process(), "pid": 2**22 + 1})
    error = TrainingError(FULL)
    dispatcher._futures[ticket] = SimpleNamespace(
        status="error", done=lambda: True, exception=lambda: error
    )
    return ticket


def test_a_run_that_cannot_write_why_it_fails_hands_it_to_the_engine(
    store: RunStore, monkeypatch: pytest.MonkeyPatch, fill: Callable[[], None]
) -> None:
    def full(_: Training) -> str:
        fill()
        files.write_json(store.root / "any", {})
        return ""

    monkeypatch.setattr(Training, "_epoch", full)
    run = store.create(RECIPE.changed(train_examples=100, validation_examples=0), "visitor")
    with pytest.raises(TrainingError, match=FULL):
        training.train(run)


def test_the_engine_writes_why_a_run_failed_as_soon_as_there_is_room(
    store: RunStore, monkeypatch: pytest.MonkeyPatch, fill: Callable[[], None]
) -> None:
    dispatcher, run = Dispatcher(None, store), store.create(RECIPE, "visitor")
    working(dispatcher, run)
    fill()
    dispatcher._settle()
    dispatcher._tidy()
    assert run.status().status == "running"
    monkeypatch.undo()
    dispatcher._settle()
    status = run.status()
    assert (status.status, status.epoch) == ("failed", 1)
    assert status.reason == f"{FULL} Curves and checkpoint are kept."
    assert dispatcher.ended == {status.owner: [run.id]}
    assert not dispatcher.queue.working


def test_an_engine_that_ends_while_nothing_can_be_written_is_replaced(
    store: RunStore, monkeypatch: pytest.MonkeyPatch, fill: Callable[[], None]
) -> None:
    dispatcher, run = Dispatcher(None, store), store.create(RECIPE, "visitor")
    working(dispatcher, run)
    fill()
    dispatcher._abandon(None)  # an error here would end the engine's thread for good
    assert not dispatcher.queue.working
    monkeypatch.undo()
    dispatcher._tidy()
    assert run.status().status == "interrupted"


def test_a_run_that_cannot_be_put_in_line_is_refused_in_a_sentence(
    store: RunStore, monkeypatch: pytest.MonkeyPatch, fill: Callable[[], None]
) -> None:
    engine, run = Engine(None, store), store.create(RECIPE, "visitor")
    fill()
    with pytest.raises(EngineError, match="No space left on device"):
        engine.submit(run)
    assert not engine.has(run)
    monkeypatch.undo()
    engine.submit(run)
    assert engine.has(run)
