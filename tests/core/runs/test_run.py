"""What a run's owner and its engine may ask of it, and how far it says it is."""

import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fmnist_core import files
from fmnist_core.recipes.layers import Dense, Flatten
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.runs.run import REST, Run
from fmnist_core.runs.status import Command, RunState, Status, summary
from fmnist_core.runs.store import RunStore, held, this_process

RECIPE = Recipe(
    name="Tiny", layers=(Flatten(), Dense(units=10, activation="softmax")), epochs=3
)  # fmt: skip


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return RunStore(tmp_path / "runs").create(RECIPE, "me")


@pytest.mark.parametrize("rate", [1e-7, 10])
def test_the_smallest_and_the_largest_learning_rate_can_be_asked_for(run: Run, rate: float) -> None:
    run.set_learning_rate(rate)
    assert run.control().learning_rate == rate
    asked = run.control().asked
    run.set_learning_rate(rate)
    assert run.control().asked != asked


def test_a_run_is_asked_to_rest_until_that_is_forgotten(run: Run) -> None:
    run.ask_to_rest()
    assert (run.folder / REST).exists()
    run.clear_rest()
    run.clear_rest()
    assert not (run.folder / REST).exists()
    Run(run.folder / "deleted").ask_to_rest()  # nothing to do, and no error


@pytest.mark.parametrize(
    ("command", "progress", "reason", "words"),
    [
        ("stop", {}, "", "It was still waiting for its turn."),
        ("pause", {}, "", "It was still waiting for its turn."),
        ("stop", {"epoch": 1}, "", "It was making room for others."),
        ("stop", {"batch": 1}, "", "It was making room for others."),
        ("pause", {"epoch": 1}, "", ""),
        ("stop", {"epoch": 1}, "Nobody looked.", "Nobody looked."),
    ],
)
def test_a_run_that_ends_while_it_waits_says_why(
    run: Run, command: Command, progress: dict[str, Any], reason: str, words: str
) -> None:
    run.set_status("queued", **progress)
    run.request(command, reason)
    assert run.status().status == {"stop": "stopped", "pause": "paused"}[command]
    assert run.status().reason.startswith(words)
    assert bool(run.status().reason) is bool(words)


def test_only_a_run_that_is_over_has_an_end(run: Run) -> None:
    run.set_status("running")
    assert run.status().finished is None
    run.set_status("finished")
    assert run.status().finished == run.status().updated == pytest.approx(time.time(), abs=5)
    run.set_status("finished", finished=7.0)
    assert run.status().finished == 7.0


def status(state: RunState, epochs: int = 4, **values: Any) -> Status:  # noqa: ANN401 - counts
    return Status("x", "Tiny", state, epochs=epochs, **values)


@pytest.mark.parametrize(
    ("found", "epoch", "done"),
    [
        (status("queued"), 1, 0.0),
        (status("running", batch=5, batches=10), 1, 0.125),
        (status("running", epoch=1), 2, 0.25),  # between two epochs
        (status("paused", epoch=1), 1, 0.25),
        (status("paused", epoch=1, batch=1, batches=10), 2, 0.275),
        (status("running", epoch=4), 4, 1.0),
        (status("stopped", epoch=5, batch=1, batches=2), 4, 1.0),
        (status("finished", epoch=2), 2, 1.0),  # early
        (status("queued", epochs=0), 0, 0.0),
    ],
)
def test_how_far_a_run_is_counts_epochs_and_batches(found: Status, epoch: int, done: float) -> None:
    assert found.present_epoch == epoch
    assert found.progress == pytest.approx(done)
    assert "owner" not in summary(found)


def test_of_a_run_that_has_just_been_made_nothing_is_done() -> None:
    found = summary(Status("x", "Tiny", "queued"))
    assert {key for key, value in found.items() if value} == {"id", "name", "status"}


def write_validation(run: Run, **changes: np.ndarray) -> None:
    arrays = {
        "epoch": np.array(1),
        "confusion": np.zeros((10, 10), int),
        "sample_indices": np.arange(3),
        "sample_probabilities": np.zeros((3, 10), np.float32),
    }
    files.write_arrays(run.folder / "validation.npz", {**arrays, **changes}.items())


@pytest.mark.parametrize(
    "change",
    [
        {"confusion": np.zeros((9, 10), int)},
        {"confusion": np.zeros((10, 10))},
        {"sample_indices": np.arange(4)},
        {"sample_indices": np.zeros((3, 1), int)},
        {"sample_indices": np.array(3), "sample_probabilities": np.zeros((1, 10), np.float32)},
        {"sample_probabilities": np.zeros((3, 9), np.float32)},
        {"sample_probabilities": np.zeros((3, 10, 1), np.float32)},
        {"epoch": np.arange(2)},
    ],
)
def test_a_validation_of_another_shape_is_none(run: Run, change: dict[str, np.ndarray]) -> None:
    write_validation(run)
    assert run.validation() is not None
    write_validation(run, **change)
    assert run.validation() is None


@pytest.mark.parametrize(
    "wrong",
    [np.zeros((3, 9), np.float32), np.zeros(10, np.float32), np.zeros((3, 10), int)],
)
def test_an_evaluation_of_another_shape_is_none(run: Run, wrong: np.ndarray) -> None:
    right = np.zeros((3, 10), np.float32)
    for test, validation in ((wrong, right), (right, wrong)):
        arrays = {"test_probabilities": test, "validation_probabilities": validation}
        files.write_arrays(run.folder / "evaluation.npz", arrays.items())
        assert run.evaluation() is None


def test_a_process_is_told_from_a_later_one_of_its_number_and_another_computer_by_silence() -> None:
    me, now = this_process(), time.time()
    assert held({"holder": me})
    assert held({"holder": {**me, "since": me["since"] + 1.5}})
    assert not held({"holder": {**me, "since": me["since"] + 2.5}})
    assert not held({"holder": {**me, "since": me["since"] - 2.5}})
    far = {"host": "another", "pid": 1}
    assert held({"holder": far, "updated": now - 290})
    assert not held({"holder": far, "updated": now - 310})
    assert not held({"holder": far})
    assert not held({"updated": 1.0})


def test_trials_of_a_sweep_are_listed_only_where_asked_for_and_forgotten_too(
    tmp_path: Path,
) -> None:
    store = RunStore(tmp_path / "all")
    alone = store.create(RECIPE, "me")
    owner = alone.status().owner
    trial = store.create_owned(RECIPE, owner, "sweep")
    assert (alone.about.sweep, trial.about.sweep) == ("", "sweep")
    assert [run.id for run in store.of("me")] == [alone.id]
    assert {run.id for run in store.of("me", trials=True)} == {alone.id, trial.id}
    trial.set_status("finished")
    assert store.forget("me") == 1
    assert [run.id for run in store.all()] == [alone.id]
