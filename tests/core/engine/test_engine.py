import operator
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from fmnist_core import files
from fmnist_core.engine.engine import MAX_WAITING, Engine
from fmnist_core.engine.process import PREFIX, WORKER_END, EngineError, sweep
from fmnist_core.engine.queue import Rules
from fmnist_core.models.taught import FOLDER, LIFETIME
from fmnist_core.paths import ROOT
from fmnist_core.recipes.layers import Dense, Flatten
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.runs.rows import ResumeRow, epoch_rows
from fmnist_core.runs.run import Run
from fmnist_core.runs.store import RunStore
from tests.support.processes import wait_for

SHORT = Recipe(
    name="Tiny",
    layers=(Flatten(), Dense(units=10, activation="softmax")),
    epochs=2,
    train_examples=200,
    validation_examples=50,
)
LONG = SHORT.changed(epochs=1000, train_examples=20_000)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> RunStore:
    return RunStore(tmp_path_factory.mktemp("engine") / "runs")


@pytest.fixture(scope="module")
def forgotten(store: RunStore) -> Run:
    """A copy of a model that a visitor taught before the server was last started."""
    copy = RunStore(store.root / FOLDER).create(SHORT, "A" * 22)
    about = files.read_json(copy.folder / "about.json") or {}
    days_ago = time.time() - 2 * LIFETIME
    files.write_json(copy.folder / "about.json", {**about, "created": days_ago})
    return copy


@pytest.fixture(scope="module")
def engine(store: RunStore, forgotten: Run) -> Iterator[Engine]:
    engine = Engine.start(store=store)
    wait_for(lambda: engine.state() == "ready", 120)
    yield engine
    engine.close()


def place(engine: Engine, run: Run) -> int | None:
    wait = engine.wait(run)
    return wait and wait.place


def host() -> psutil.Process:
    """Return the engine of this test; other tests' browsers and servers are children, too."""
    return next(
        process
        for process in psutil.Process().children()
        if "fmnist_core.engine.host" in process.cmdline()
    )


def children() -> list[psutil.Process]:
    return [host(), *host().children(recursive=True)]


def worker() -> psutil.Process:
    return max(children(), key=lambda process: process.memory_info().rss)


def test_a_taught_copy_is_deleted_after_a_day_though_nobody_makes_another(
    engine: Engine, forgotten: Run
) -> None:
    wait_for(lambda: not forgotten.folder.exists())


def test_run_is_trained_in_another_process(engine: Engine, store: RunStore) -> None:
    run = store.create(SHORT, "visitor")
    engine.submit(run)
    wait_for(lambda: run.status().status == "finished")
    assert [row.epoch for row in epoch_rows(run.history()[0])] == [1, 2]
    assert (run.folder / "model.tflite").exists()
    with pytest.raises(EngineError, match="all its epochs"):
        engine.submit(run)
    run.extend(3)
    engine.submit(run)
    wait_for(lambda: run.status().status == "finished")
    assert run.status().epoch == 3


def test_runs_wait_their_turn_and_can_be_paused_resumed_and_stopped(
    engine: Engine, store: RunStore
) -> None:
    going = store.create(LONG, "first visitor")
    engine.submit(going)
    mine = [store.create(SHORT, "first visitor") for _ in range(2)]
    other = store.create(SHORT, "second visitor")
    for run in (*mine, other):
        engine.submit(run)
    wait_for(going.history)
    wait_for(lambda: going.history()[0])
    assert [place(engine, run) for run in (going, other, *mine)] == [None, 1, 2, 3]
    with pytest.raises(EngineError, match="under way"):
        engine.submit(going)
    mine[0].request("stop")
    wait_for(lambda: place(engine, mine[0]) is None)
    assert mine[0].status().status == "stopped"
    going.request("pause")
    for run in (other, mine[1]):
        wait_for(lambda: run.status().status == "finished")  # noqa: B023 - called at once
    paused = going.status()
    assert paused.status == "paused"
    engine.submit(going)
    wait_for(lambda: going.status().epoch > paused.epoch)
    going.request("stop")
    wait_for(lambda: going.status().status == "stopped")
    assert going.evaluation() is not None


def test_a_long_run_makes_room_again_and_again_and_all_end_as_if_alone(
    engine: Engine, store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = store.create(LONG.changed(epochs=60), "first visitor")
    engine.submit(alone)
    wait_for(lambda: alone.status().status == "finished")
    rules = Rules(slice=0.3, short_slice=0.1)
    monkeypatch.setattr(engine._dispatcher.queue, "rules", rules)
    runs = [store.create(LONG.changed(epochs=60), f"visitor {n}") for n in range(2)]
    for run in runs:
        engine.submit(run)
    seen = set()
    while any(run.status().active for run in runs):
        seen |= {run.id for run in runs if (found := engine.wait(run)) and found.seconds < 5}
        assert [run.status().reason for run in runs if not run.status().active] in ([], [""])
        time.sleep(0.02)
    rests = [sum(isinstance(row, ResumeRow) for row in run.history()[0]) for run in runs]
    assert min(rests) >= 1
    assert seen == {run.id for run in runs}
    assert curve(runs[0]) == curve(runs[1]) == curve(alone)


def curve(run: Run) -> list[tuple[float | None, ...]]:
    rows = epoch_rows(run.history()[0])
    return [(row.loss, row.accuracy, row.val_loss) for row in rows]


def test_a_run_that_nobody_looks_at_is_paused_and_says_why(
    engine: Engine, store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine._dispatcher.queue, "rules", Rules(away=1.0))
    run, behind = store.create(LONG, "absent"), store.create(LONG, "absent")
    engine.submit(run)
    engine.submit(behind)
    assert [one.id for one in engine.mine("absent").active] == [run.id, behind.id]

    def begun() -> bool:
        # A worker that was just replaced takes longer than nobody may look.
        engine.look(run)
        engine.look(behind)
        return bool(run.history()[0])

    wait_for(begun)
    while run.status().batch == 0 or run.status().seconds < 1.5:
        engine.look(run)
        time.sleep(0.02)
    assert run.status().active
    wait_for(lambda: not run.status().active and not behind.status().active)
    for one in (run, behind):
        assert one.status().status == "paused"
        assert one.status().reason.startswith("Nobody had looked at it for")
    wait_for(lambda: len(engine.mine("absent").ended) == 2)
    assert engine.mine("another visitor") == ([], [])
    engine.seen(run, "absent")
    assert [one.id for one in engine.mine("absent").ended] == [behind.id]


def test_a_full_line_is_refused_in_a_sentence(
    engine: Engine, store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fmnist_core.engine.engine.MAX_QUEUE", 1)
    runs = [store.create(LONG, f"visitor {n}") for n in range(3)]
    engine.submit(runs[0])
    wait_for(lambda: place(engine, runs[0]) is None)
    engine.submit(runs[1])
    with pytest.raises(EngineError, match="The line is full: 1 runs wait already"):
        engine.submit(runs[2])
    for run in runs[:2]:
        run.request("stop")
    wait_for(lambda: not any(run.status().active for run in runs[:2]))


def test_short_tasks_run_side_by_side(engine: Engine) -> None:
    slow = engine.call(time.sleep, 12, owner="a")
    assert engine.call(operator.add, 1, 2, owner="b").result(10) == 3
    assert not slow.done()


def test_one_visitor_cannot_fill_the_queue(engine: Engine, store: RunStore) -> None:
    runs = [store.create(LONG, "eager visitor") for _ in range(MAX_WAITING + 2)]
    engine.submit(runs[0])
    wait_for(lambda: place(engine, runs[0]) is None)
    for run in runs[1:-1]:
        engine.submit(run)
    with pytest.raises(EngineError, match="waiting already"):
        engine.submit(runs[-1])
    for run in runs[:-1]:
        run.request("stop")
    wait_for(lambda: not any(run.status().active for run in runs[:-1]))


def test_tasks_run_beside_the_training(engine: Engine, store: RunStore) -> None:
    run = store.create(LONG, "visitor")
    engine.submit(run)
    wait_for(lambda: run.history()[0])
    assert engine.call(operator.add, 1, 2).result(30) == 3
    with pytest.raises(ZeroDivisionError):
        engine.call(operator.truediv, 1, 0).result(30)
    assert run.status().status == "running"
    run.request("stop")
    wait_for(lambda: not run.status().active)


def test_engine_listens_on_loopback_only(engine: Engine) -> None:
    assert engine.state() == "ready"
    listening = [
        connection.laddr.ip
        for process in (psutil.Process(), *children())
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    ]
    assert set(listening) == {"127.0.0.1"}


def test_worker_that_past_runs_left_large_is_replaced(
    engine: Engine, store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fmnist_core.engine.dispatcher.LARGE_BYTES", 0)
    monkeypatch.setattr("fmnist_core.engine.dispatcher.IDLE_SECONDS", 0)
    before = worker()
    runs = [store.create(SHORT, "visitor") for _ in range(2)]
    engine.submit(runs[0])
    wait_for(lambda: runs[0].status().status == "finished")
    wait_for(lambda: not before.is_running())
    monkeypatch.undo()
    engine.submit(runs[1])
    wait_for(lambda: runs[1].status().status == "finished", 120)
    wait_for(lambda: engine.state() == "ready")


def test_killed_worker_fails_its_run_only(engine: Engine, store: RunStore) -> None:
    run, following = store.create(LONG, "visitor"), store.create(SHORT, "visitor")
    (folder,) = temporary_folders()
    earlier = {"how": "exited with status 7", "free_bytes": 1e9, "time": time.time() - 60}
    files.write_json(folder / WORKER_END, earlier)  # says nothing about this run
    engine.submit(run)
    engine.submit(following)
    beside = engine.call(time.sleep, 60)
    wait_for(lambda: run.status().epoch >= 1 and beside.running())
    worker().kill()
    wait_for(lambda: run.status().status == "failed", 5)
    # What is known, no guess: the signal, and how much memory was free.
    known = (
        r"The training process was killed by signal 9; [\d.]+ [MG]B of memory were free when this "
        "was noticed."
    )
    assert re.fullmatch(f"{known} Curves and checkpoint are kept.", run.status().reason)
    with pytest.raises(EngineError, match=f"{known}$"):
        beside.result(5)
    assert (run.folder / "checkpoint.npz").exists()
    wait_for(lambda: following.status().status == "finished", 120)
    before = run.status().epoch
    engine.submit(run)
    wait_for(lambda: run.status().status == "running" and run.status().epoch > before)
    run.request("stop")
    wait_for(lambda: run.status().status == "stopped")


def temporary_folders() -> list[Path]:
    return sorted(Path(tempfile.gettempdir()).glob(f"{PREFIX}{os.getpid()}-*"))


def test_processes_keep_their_temporary_files_in_one_folder_that_goes_with_the_engine(
    engine: Engine,
) -> None:
    (present,) = temporary_folders()
    where = engine.call(tempfile.mkdtemp).result(30)
    assert Path(where).parent == present
    # TensorFlow's tracing leaves such a file whenever a worker is killed.
    stray = present / "__autograph_generated_filex.py"
    stray.write_text("")
    host().kill()
    wait_for(lambda: not present.exists(), 10)
    wait_for(lambda: engine.state() == "ready", 120)
    (following,) = temporary_folders()
    assert following != present


def test_folders_of_engines_that_were_killed_with_their_web_process_are_swept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    names = (f"{PREFIX}{gone.pid}-a", f"{PREFIX}{os.getpid()}-b", f"{PREFIX}x-c", "another")
    for name in names:
        (folder / name).mkdir()
        (folder / name / "file").write_text("")
    sweep()
    assert sorted(path.name for path in folder.iterdir()) == sorted(names[1:])


def test_killed_engine_is_replaced(engine: Engine, store: RunStore) -> None:
    run, following = store.create(LONG, "visitor"), store.create(SHORT, "visitor")
    engine.submit(run)
    engine.submit(following)
    wait_for(lambda: run.history()[0])
    family = children()
    host().kill()
    _, alive = psutil.wait_procs(family, timeout=5)
    assert not alive
    wait_for(lambda: run.status().status == "failed", 5)
    wait_for(lambda: following.status().status == "finished", 120)


PARENT = """
import sys, time
from fmnist_core.engine.engine import Engine
from fmnist_core.runs.run import Run
from fmnist_core.runs.store import RunStore
from pathlib import Path
run = Run(Path(sys.argv[1]))
engine = Engine.start(store=RunStore(run.folder.parent))
engine.submit(run)
time.sleep(1000)
"""


def test_nothing_outlives_a_killed_web_process(store: RunStore) -> None:
    run = store.create(LONG, "visitor")
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(run.folder)])
    try:
        wait_for(lambda: run.history()[0], 120)
        family = psutil.Process(parent.pid).children(recursive=True)
        assert len(family) >= 2
    finally:
        parent.kill()
        parent.wait()
    _, alive = psutil.wait_procs(family, timeout=5)
    assert not alive
    assert not list(Path(tempfile.gettempdir()).glob(f"{PREFIX}{parent.pid}-*"))
    store.mark_interrupted()
    assert run.status().status == "interrupted"


def test_importing_the_engine_is_light() -> None:
    code = (
        "import sys, fmnist_core.engine.engine;"
        "sys.exit(bool({'tensorflow', 'keras', 'distributed', 'streamlit'} & set(sys.modules)))"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_folder_deleted_by_hand_while_waiting_is_forgotten(engine: Engine, store: RunStore) -> None:
    run = store.create(SHORT, "visitor")
    going = store.create(LONG, "visitor")
    engine.submit(going)
    engine.submit(run)
    (run.folder / "status.json").unlink()
    wait_for(lambda: place(engine, run) is None)
    going.request("stop")
    wait_for(lambda: not going.status().active)
