"""The clock of the computer is set back a day or forward a week while runs exist and one works."""

import sys
import time
from pathlib import Path

import psutil
import pytest

from fmnist_core import files
from fmnist_core.boards.board import BoardStore
from fmnist_core.engine.dispatcher import Dispatcher
from fmnist_core.models.taught import FOLDER, TaughtCopies
from fmnist_core.recipes.layers import Dense, Flatten
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.runs.run import Run
from fmnist_core.runs.store import RunStore, this_process
from fmnist_core.sweeps.plan import Plan
from fmnist_core.sweeps.ranges import Range
from fmnist_core.sweeps.sweep import SweepStore
from fmnist_core.tasks import Task

RECIPE = Recipe(layers=(Flatten(), Dense(units=10, activation="softmax")), epochs=3)
DAY = 86_400.0
MOVES = pytest.mark.parametrize("seconds", [-DAY, 8 * DAY], ids=["back", "forward"])


def move(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Move the clock, and with it, as Linux does, the time at which the computer started."""
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + seconds)
    if sys.platform == "linux":
        started = psutil.boot_time()
        monkeypatch.setattr("psutil._pslinux.boot_time", lambda: started + seconds)


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    return RunStore(tmp_path / "store")


@MOVES
def test_a_run_that_works_is_not_taken_for_interrupted(
    store: RunStore, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    before, after = store.create(RECIPE, "me"), store.create(RECIPE, "me")
    before.set_status("running", holder=this_process())
    move(monkeypatch, seconds)
    after.set_status("running", holder=this_process())
    assert store.mark_interrupted() == []
    assert [run.status().status for run in (before, after)] == ["running", "running"]
    dead = store.create(RECIPE, "me")
    dead.set_status("running", holder={**this_process(), "pid": 2**22 + 1})
    assert [run.id for run in store.mark_interrupted()] == [dead.id]


def test_a_process_of_an_earlier_start_of_the_computer_holds_nothing(store: RunStore) -> None:
    run = store.create(RECIPE, "me")
    run.set_status("running", holder={**this_process(), "boot": "another"})
    assert not store.held(run)


@MOVES
def test_nothing_is_deleted_because_the_clock_was_moved(
    store: RunStore, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    monkeypatch.setenv("FMNIST_HOSTED", "1")
    run, trashed, works = (store.create(RECIPE, "me") for _ in range(3))
    run.set_status("finished")
    trashed.set_status("finished")
    store.delete(trashed)
    works.set_status("running", holder=this_process())
    copy = RunStore(store.root / FOLDER).create(RECIPE, "me")
    sweeps = SweepStore(store)
    sweep = sweeps.create(Plan(RECIPE, {"batch_size": Range((32, 64))}, "Two", "grid", 2), "me")
    boards = BoardStore(store)
    board = boards.create("Class", "me")
    task = Task.begin(store.root)
    move(monkeypatch, seconds)
    later = store.create(RECIPE, "me")
    later.set_status("finished")
    Dispatcher(None, store)._tidy()
    TaughtCopies(store.root).prune()
    sweeps.clean_up(7)
    boards._clean_up()
    Task.begin(store.root)
    assert {one.id for one in store.all()} == {run.id, works.id, later.id}
    assert store.restore(trashed.id).status().status == "finished"
    assert copy.folder.is_dir()
    assert sweep.folder.is_dir()
    assert board.folder.is_dir()
    assert task.file.exists()


def test_what_is_old_by_a_clock_that_was_not_moved_is_deleted(store: RunStore) -> None:
    old, young = store.create(RECIPE, "me"), store.create(RECIPE, "me")
    old.set_status("finished", finished=time.time() - 8 * DAY)
    young.set_status("finished", finished=time.time() - 6 * DAY)
    assert store.clean_up(7, None) == [old.id]
    assert [run.id for run in store.all()] == [young.id]


@MOVES
def test_age_is_never_more_than_it_is(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    before = time.time() - 100
    move(monkeypatch, seconds)
    assert files.age(before) < 101
    assert files.age(time.time() - 100) < 101
    monkeypatch.undo()
    assert files.age(before) == pytest.approx(100, abs=1)


@MOVES
def test_the_times_of_a_run_are_never_negative(
    store: RunStore, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    run: Run = store.create(RECIPE, "me")
    run.set_status("running", holder=this_process(), seconds=12.0, seconds_left=3.0)
    move(monkeypatch, seconds)
    run.set_status("finished")
    status = run.status()
    assert (status.seconds, status.seconds_left) == (12.0, 3.0)
    assert [one.id for one in store.of("me")] == [run.id]
