import json
import os
import time
from pathlib import Path

import numpy as np
import pytest

from fmnist_core import files
from fmnist_core.recipes.layers import Dense, Flatten
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.runs.rows import BatchRow, EpochRow
from fmnist_core.runs.run import Run
from fmnist_core.runs.status import RunError, RunNotFound
from fmnist_core.runs.store import RunStore, this_process

RECIPE = Recipe(
    name="Tiny",
    layers=(Flatten(), Dense(units=10, activation="softmax")),
    epochs=3,
    train_examples=100,
    validation_examples=20,
)


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    return RunStore(tmp_path / "runs")


def test_new_run_is_found_again_with_its_recipe_and_status(store: RunStore) -> None:
    run = store.create(RECIPE, "visitor")
    again = store.get(run.id)
    status = again.status()
    assert again.recipe == RECIPE
    assert (status.status, status.name, status.epochs, status.active) == ("queued", "Tiny", 3, True)
    assert status.created == pytest.approx(time.time(), abs=5)


def test_runs_belong_to_their_visitor_and_come_newest_first(store: RunStore) -> None:
    mine = []
    for created in (1.0, 3.0, 2.0):
        run = store.create(RECIPE, "me")
        about = files.read_json(run.folder / "about.json") or {}
        files.write_json(run.folder / "about.json", {**about, "created": created})
        mine.append(run.id)
    other = store.create(RECIPE, "somebody else")
    assert [run.id for run in store.of("me")] == [mine[1], mine[2], mine[0]]
    assert not other.about.owned_by("me")
    assert other.about.owned_by("somebody else")


def test_visitor_id_is_not_readable_from_the_folder(store: RunStore) -> None:
    run = store.create(RECIPE, "very-secret-visitor")
    content = b"".join(path.read_bytes() for path in run.folder.iterdir())
    assert b"very-secret-visitor" not in content


@pytest.mark.parametrize(
    "run_id",
    [
        *("", ".", "..", "../runs", "a/../../b", "/etc", ".trash", "..\\..\\windows\\system32"),
        *("a" * 21, "a" * 22, "a" * 23, "a" * 5000, "-" + "a" * 21, "é" * 22, "a\0" * 11),
        "a" * 22 + "\n",
    ],
)
def test_strange_run_id_is_not_found(store: RunStore, run_id: str) -> None:
    store.create(RECIPE, "me")
    with pytest.raises(RunNotFound):
        store.get(run_id)
    with pytest.raises(RunNotFound):
        store.restore(run_id)


def test_link_to_a_folder_elsewhere_is_no_run(store: RunStore, tmp_path: Path) -> None:
    run = store.create(RECIPE, "me")
    run.folder.rename(tmp_path / "outside")
    run.folder.symlink_to(tmp_path / "outside")
    with pytest.raises(RunNotFound):
        store.get(run.id)
    assert store.all() == []


@pytest.mark.parametrize("name", ["status.json", "recipe.json", "about.json"])
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b"null",
        b'{"status": 3}',
        b'{"status": "running", "epoch": "x", "created": NaN, "batch": 1e999, "owner": []}',
        b"[" * 100_000,
        b'{"epochs": 1' + b"0" * 5000 + b"}",
        None,
    ],
)
def test_damaged_file_never_raises(store: RunStore, name: str, content: bytes | None) -> None:
    run = store.create(RECIPE, "me")
    path = run.folder / name
    path.unlink() if content is None else path.write_bytes(content)
    status = run.status()
    assert status.epoch == 0
    if name == "recipe.json":
        assert status.status == "failed"
        assert "recipe" in status.reason
        with pytest.raises(RunError):
            _ = run.recipe
    elif name == "status.json" and b"running" not in (content or b""):
        assert status.status == "failed"
        assert "status file" in status.reason
    store.of("me")
    run.about.owned_by("me")


@pytest.mark.parametrize("content", [b"", b"PK\3\4broken", b"\x80\x04N.", None])
def test_damaged_arrays_read_as_none(store: RunStore, content: bytes | None) -> None:
    run = store.create(RECIPE, "me")
    for name in ("validation.npz", "evaluation.npz"):
        if content is not None:
            (run.folder / name).write_bytes(content)
    assert run.validation() is None
    assert run.evaluation() is None


def test_pickled_array_is_refused(store: RunStore) -> None:
    run = store.create(RECIPE, "me")
    objects = np.array([{"a": 1}], dtype=object)
    np.savez(run.folder / "evaluation.npz", test_probabilities=objects)
    assert run.evaluation() is None


def test_validation_and_evaluation_round_trip(store: RunStore) -> None:
    run = store.create(RECIPE, "me")
    confusion = np.arange(100).reshape(10, 10)
    probabilities = np.full((12, 10), 0.1, np.float32)
    files.write_arrays(
        run.folder / "validation.npz",
        [
            ("epoch", np.array(2)),
            ("confusion", confusion),
            ("sample_indices", np.arange(12)),
            ("sample_probabilities", probabilities),
        ],
    )
    files.write_arrays(
        run.folder / "evaluation.npz",
        [
            ("test_probabilities", probabilities),
            ("validation_probabilities", probabilities[:5]),
        ],
    )
    validation, evaluation = run.validation(), run.evaluation()
    assert validation is not None
    assert evaluation is not None
    assert validation.epoch == 2
    assert np.array_equal(validation.confusion, confusion)
    assert evaluation.validation_probabilities.shape == (5, 10)


def test_history_is_read_from_an_offset_and_waits_for_whole_lines(store: RunStore) -> None:
    run = store.create(RECIPE, "me")
    assert run.history() == ([], 0)
    run.append(BatchRow(epoch=1, batch=5, batches=8, loss=0.5))
    rows, offset = run.history()
    assert rows == [BatchRow(epoch=1, batch=5, batches=8, loss=0.5)]
    path = run.folder / "history.jsonl"
    path.write_bytes(path.read_bytes() + b'{"kind": "batch", "epo')
    assert run.history(offset) == ([], offset)
    # The half line of a killed writer is skipped, not joined to the next one.
    run.append(EpochRow(epoch=1, loss=0.4))
    assert run.history(offset)[0] == [EpochRow(epoch=1, loss=0.4)]


def test_request_is_shown_at_once_and_needs_an_active_run(store: RunStore) -> None:
    run = store.create(RECIPE, "me")
    run.set_status("running", epoch=1)
    run.request("pause")
    assert run.status().status == "pausing"
    run.request("stop")
    assert run.status().status == "stopping"
    run.set_status("finished")
    with pytest.raises(RunError, match="finished"):
        run.request("stop")


def test_command_is_forgotten_when_the_run_is_submitted_again(store: RunStore) -> None:
    run = store.create(RECIPE, "me")
    run.set_status("running")
    run.request("pause")
    run.clear_control()
    assert not run.control().command
    assert run.status().status == "running"


def test_run_whose_process_is_gone_is_marked_interrupted(store: RunStore) -> None:
    alive, dead, waiting, done = (store.create(RECIPE, "me") for _ in range(4))
    alive.set_status("running", holder=this_process())
    dead.set_status("running", holder={**this_process(), "since": 1.0})
    waiting.set_status("queued", holder=this_process())
    done.set_status("finished", holder={**this_process(), "since": 1.0})
    store.mark_interrupted()
    states = [run.status().status for run in (alive, dead, waiting, done)]
    assert states == ["running", "interrupted", "queued", "finished"]


def test_waiting_run_stops_at_once(store: RunStore) -> None:
    run = store.create(RECIPE, "me")
    run.request("stop")
    assert run.status().status == "stopped"


@pytest.mark.parametrize("rate", [0, -1, float("nan"), float("inf"), 11])
def test_senseless_learning_rate_is_refused(store: RunStore, rate: float) -> None:
    run = store.create(RECIPE, "me")
    with pytest.raises(RunError):
        run.set_learning_rate(rate)
    run.set_learning_rate(0.5)
    assert run.control().learning_rate == 0.5
    run.clear_control()
    assert run.control().learning_rate == 0.5


def test_rename_keeps_the_owner_and_refuses_control_characters(store: RunStore) -> None:
    run = store.create(RECIPE, "me")
    run.about.rename("  My   best  ")
    assert run.status().name == "My best"
    assert run.about.owned_by("me")
    for bad in ("", " ", "x" * 61, "a\x00b"):
        with pytest.raises(RunError):
            run.about.rename(bad)


def test_extend_plans_more_epochs_only(store: RunStore) -> None:
    run = store.create(RECIPE, "me")
    run.set_status("finished", epoch=3)
    with pytest.raises(RunError, match="more than that"):
        run.extend(3)
    with pytest.raises(RunError):
        run.extend(10**9)
    run.extend(5)
    assert run.recipe == RECIPE.changed(epochs=5)


def test_delete_can_be_undone_and_an_active_run_is_kept(store: RunStore) -> None:
    run = store.create(RECIPE, "me")
    with pytest.raises(RunError, match="stop it"):
        store.delete(run)
    run.set_status("finished")
    store.delete(run)
    assert store.of("me") == []
    with pytest.raises(RunNotFound):
        store.get(run.id)
    assert store.restore(run.id).recipe == RECIPE
    assert [found.id for found in store.of("me")] == [run.id]


def test_trash_is_emptied_a_day_later(store: RunStore) -> None:
    old, fresh = store.create(RECIPE, "me"), store.create(RECIPE, "me")
    for run in (old, fresh):
        run.set_status("finished")
        store.delete(run)
    os.utime(store.root / ".trash" / old.id, (0, 0))
    store.prune()
    assert store.restore(fresh.id).id == fresh.id
    with pytest.raises(RunNotFound):
        store.restore(old.id)


def test_killed_writer_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "status.json"
    path.parent.mkdir()
    files.write_json(path, {"a": 1})
    with pytest.raises(RuntimeError), files.replacing(path) as stream:
        stream.write(b"half")
        raise RuntimeError
    assert json.loads(path.read_text()) == {"a": 1}
    assert list(path.parent.iterdir()) == [path]


def test_hundred_runs_are_listed_fast(store: RunStore) -> None:
    for _ in range(100):
        store.create(RECIPE, "me")
    store.of("me")
    start = time.perf_counter()
    statuses = [run.status() for run in store.of("me")]
    assert len(statuses) == 100
    assert time.perf_counter() - start < 0.5  # about 15 ms on an idle machine


def test_root_comes_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FMNIST_RUNS", str(tmp_path / "elsewhere"))
    run = RunStore().create(RECIPE, "me")
    assert run.folder.parent == tmp_path / "elsewhere"
    assert isinstance(run, Run)


def over(store: RunStore, days_ago: float, size: int = 100, visitor: str = "visitor") -> Run:
    """A finished run of so many days ago with a file of so many bytes."""
    run = store.create(RECIPE, visitor)
    (run.folder / "model.keras").write_bytes(b"x" * size)
    run.set_status("finished", finished=time.time() - days_ago * 86_400)
    return run


def test_old_runs_are_cleaned_up_but_not_those_that_go_on_are_pinned_or_shared(
    store: RunStore,
) -> None:
    old, pinned, shared, going, recent = (over(store, days) for days in (8, 8, 8, 8, 6))
    pinned.about.mark(pinned=True)
    shared.about.mark(shared=True)
    going.set_status("running")
    assert store.clean_up(7, None) == [old.id]
    assert {run.id for run in store.all()} == {pinned.id, shared.id, going.id, recent.id}
    pinned.about.mark(pinned=False)
    assert store.clean_up(7, None) == [pinned.id]
    assert store.clean_up(None, None) == []


def test_of_too_many_bytes_the_oldest_go_first(store: RunStore) -> None:
    first, second, third = (over(store, days, 100_000) for days in (3, 2, 1))
    assert store.clean_up(None, 250_000) == [first.id]
    assert store.clean_up(None, 150_000) == [second.id]
    assert [run.id for run in store.all()] == [third.id]


def test_runs_may_take_exactly_as_many_bytes_as_are_allowed(store: RunStore) -> None:
    runs = [over(store, days) for days in (2, 1)]
    (runs[0].folder / "replay").mkdir()
    (runs[0].folder / "replay" / "moment.npz").write_bytes(b"x" * 7)
    size = sum(path.stat().st_size for path in store.root.rglob("*") if path.is_file())
    assert store.clean_up(None, size) == []
    assert store.clean_up(None, size - 1) == [runs[0].id]


def test_a_clock_set_back_makes_no_run_old(
    store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    over(store, 0)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now - 100 * 86_400)
    assert store.clean_up(7, None) == []


def test_a_visitor_is_forgotten_with_the_trash_and_nobody_else(store: RunStore) -> None:
    one, trashed, going = (over(store, 0) for _ in range(3))
    other = over(store, 0, visitor="other")
    store.delete(trashed)
    going.set_status("running")
    assert store.forget("visitor") == 2
    assert {run.id for run in store.all()} == {going.id, other.id}
    with pytest.raises(RunNotFound):
        store.restore(trashed.id)
    assert not one.folder.exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
def test_nobody_else_reads_a_run_nor_what_was_deleted(store: RunStore) -> None:
    run = over(store, 0)
    assert run.folder.stat().st_mode & 0o777 == 0o700
    store.delete(run)
    (trash,) = (path for path in store.root.iterdir() if path.name.startswith("."))
    assert trash.stat().st_mode & 0o777 == 0o700


def test_a_run_of_which_nothing_is_known_is_as_old_as_can_be(tmp_path: Path) -> None:
    status = Run(tmp_path / "gone").status()
    assert (status.created, status.epoch, status.seconds) == (0.0, 0, 0.0)
