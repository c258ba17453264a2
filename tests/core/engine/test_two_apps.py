"""Two web processes on one folder of runs: each has an engine of its own and sees all runs."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import pytest

from fmnist_core.engine.dispatcher import Dispatcher
from fmnist_core.engine.engine import Engine
from fmnist_core.engine.process import EngineError
from fmnist_core.paths import ROOT
from fmnist_core.recipes.layers import Dense, Flatten
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.runs.run import Run
from fmnist_core.runs.status import RunNotFound
from fmnist_core.runs.store import RunStore, this_process
from tests.support.processes import wait_for

RECIPE = Recipe(
    layers=(Flatten(), Dense(units=10, activation="softmax")),
    epochs=1000,
    train_examples=20_000,
    validation_examples=50,
)
OTHER_APP = """
import sys
from fmnist_core.engine.engine import Engine, EngineError
from fmnist_core.runs.store import RunStore
store = RunStore(sys.argv[1])
engine = Engine.start(store=store)
for line in sys.stdin:
    try:
        engine.submit(store.get(line.strip()))
        print("taken", flush=True)
    except EngineError as error:
        print(error, flush=True)
"""


class OtherApp:
    """An engine in another process, on the same runs."""

    def __init__(self, store: RunStore) -> None:
        command = [sys.executable, "-c", OTHER_APP, str(store.root)]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.pid = self._process.pid

    def submit(self, run: Run) -> str:
        """Submit a run there and return "taken" or why not."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{run.id}\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    return RunStore(tmp_path / "store")


@pytest.fixture
def other(store: RunStore) -> Iterator[OtherApp]:
    app = OtherApp(store)
    yield app
    app.kill()


@pytest.mark.timeout(300)
def test_a_run_of_one_app_is_seen_and_stopped_in_the_other_and_trained_once(
    store: RunStore, other: OtherApp
) -> None:
    run = store.create(RECIPE, "visitor")
    assert other.submit(run) == "taken"
    wait_for(lambda: run.status().epoch >= 1, 120)
    engine = Engine(None, store)
    engine._dispatcher._tidy()  # an app that starts now interrupts nothing
    assert store.of("visitor")[0].status().status == "running"
    with pytest.raises(EngineError, match="under way already"):
        engine.submit(run)
    run.request("pause")
    wait_for(lambda: run.status().status == "paused")
    engine.submit(run)  # it goes on here
    assert engine.has(run)
    assert other.submit(run) == "This run is under way already."
    assert run.status().status == "queued"


@pytest.mark.timeout(300)
def test_a_run_whose_app_is_killed_is_marked_by_the_other_which_trains_it_on(
    store: RunStore, other: OtherApp
) -> None:
    run, over = store.create(RECIPE, "visitor"), store.create(RECIPE, "visitor")
    over.set_status("finished")
    assert other.submit(run) == "taken"
    wait_for((run.folder / "checkpoint.npz").exists, 120)
    other.kill()
    dispatcher = Dispatcher(None, store)

    def marked() -> bool:  # the worker of the killed app ends some milliseconds later
        dispatcher._tidy()
        return not run.status().active

    wait_for(marked)
    assert (run.status().status, run.status().reason[:22]) == (
        "interrupted",
        "The app was restarted.",
    )
    assert over.status().status == "finished"
    engine = Engine(None, store)
    engine.submit(run)
    assert engine.has(run)


class Client:
    """What the dispatcher asks of Dask's client; `given` are the folders of the runs it got."""

    def __init__(self) -> None:
        self.given: list[str] = []

    def submit(self, _: object, folder: str, *__: Any, **___: Any) -> Any:  # noqa: ANN401
        self.given.append(folder)
        return SimpleNamespace(add_done_callback=lambda _: None, done=lambda: False)


@pytest.mark.parametrize("who", ["other", "nobody", "myself"])
def test_of_two_apps_that_take_a_run_at_the_same_moment_the_last_trains_it(
    store: RunStore, other: OtherApp, who: str
) -> None:
    run, engine, client = store.create(RECIPE, "visitor"), Engine(None, store), Client()
    engine.submit(run)
    began = psutil.Process(other.pid).create_time() - psutil.Process().create_time()
    since = this_process()["since"] + began
    holder = {
        "other": {**this_process(), "pid": other.pid, "since": since},
        "nobody": {**this_process(), "pid": 2**22 + 1},
        "myself": this_process(),
    }[who]
    run.set_status("queued", holder=holder)
    engine._dispatcher._dispatch(client)  # type: ignore[arg-type]
    assert client.given == ([] if who == "other" else [str(run.folder)])
    assert engine.has(run) == (who != "other")
    assert run.status().status == "queued"


def test_a_run_deleted_in_one_app_while_it_waits_in_the_other_is_forgotten_there(
    store: RunStore,
) -> None:
    engine, client = Engine(None, store), Client()
    gone, left = store.create(RECIPE, "visitor"), store.create(RECIPE, "visitor")
    for run in (gone, left):
        engine.submit(run)
    gone.request("stop")
    RunStore(store.root).delete(gone)
    assert [run.id for run in engine.mine("visitor").active] == [left.id]
    with pytest.raises(RunNotFound):
        store.delete(gone)
    engine._dispatcher._dispatch(client)  # type: ignore[arg-type]
    assert client.given == [str(left.folder)]
    assert not engine.has(gone)


def test_what_another_app_deletes_while_this_one_tidies_is_no_error(
    store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, dead = store.create(RECIPE, "visitor"), store.create(RECIPE, "visitor")
    for run in (gone, dead):
        run.set_status("running", holder={**this_process(), "pid": 2**22 + 1})

    def deleted_just_now(_: object) -> bool:
        shutil.rmtree(gone.folder, ignore_errors=True)
        return False

    monkeypatch.setattr("fmnist_core.runs.store.held", deleted_just_now)
    assert [run.id for run in store.mark_interrupted()] == [dead.id]
    assert store.clean_up(7, 1e9) == []
    assert dead.status().status == "interrupted"
