import time
from pathlib import Path
from typing import Any, cast

import pytest

from fmnist_core.engine.engine import Engine
from fmnist_core.engine.process import EngineError
from fmnist_core.recipes.layers import Dense, Flatten
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.runs.about import owner_of
from fmnist_core.runs.rows import EpochRow
from fmnist_core.runs.run import Run
from fmnist_core.runs.status import RunNotFound, RunState
from fmnist_core.runs.store import RunStore, this_process
from fmnist_core.sweeps.conductor import Conductor
from fmnist_core.sweeps.plan import Plan
from fmnist_core.sweeps.ranges import Range, SweepError
from fmnist_core.sweeps.sweep import Sweep, SweepStore
from tests.support.processes import wait_for

RECIPE = Recipe(
    layers=(Flatten(), Dense(units=10, activation="softmax")),
    epochs=3,
    train_examples=100,
    validation_examples=20,
)
BATCHES = {"batch_size": Range((1, 2, 4, 8, 16, 32, 64))}
PLAN = Plan(RECIPE, BATCHES, method="grid")


class Line:
    """An engine whose runs do what the test says."""

    def __init__(self, slots: int = 1) -> None:
        self.slots = slots
        self.runs: dict[str, Run] = {}
        self.submitted: list[str] = []
        self.full = False

    def has(self, run: Run) -> bool:
        return run.id in self.runs and run.status().active

    def submit(self, run: Run) -> None:
        if self.full:
            raise EngineError("The line is full.")
        run.clear_control()
        run.set_status("queued", holder=this_process())
        self.runs[run.id] = run
        self.submitted.append(run.id)


class Stage:
    def __init__(self, folder: Path, plan: Plan, slots: int = 1) -> None:
        self.line = Line(slots)
        self.runs = RunStore(folder)
        self.store = SweepStore(self.runs)
        self.conductor = Conductor(cast(Engine, self.line), self.store)
        self.sweep = self.store.create(plan, "visitor")
        self.sweep.set_status("running")

    def step(self, seconds: float = 0.0) -> None:
        self.conductor.step(self.sweep, seconds)

    def run(self, number: int) -> Run:
        return self.runs.get(self.sweep.trials()[number - 1].run)

    def learns(self, number: int, *accuracies: float, status: RunState = "running") -> None:
        run, known = self.run(number), len(self.sweep.trials()[number - 1].accuracies)
        for epoch, accuracy in enumerate(accuracies, known + 1):
            run.append(EpochRow(epoch=epoch, val_accuracy=accuracy))
        run.set_status(status, epoch=known + len(accuracies), seconds=2.0)

    @property
    def states(self) -> list[str]:
        return [one.state for one in self.sweep.trials()]


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path, PLAN)


def test_as_many_trials_train_as_there_are_workers(tmp_path: Path) -> None:
    stage = Stage(tmp_path, PLAN, slots=3)
    stage.step()
    stage.step()
    assert stage.states == ["running"] * 3
    assert [stage.run(n).recipe.batch_size for n in (1, 2, 3)] == [1, 2, 4]
    stage.learns(2, 0.5, 0.7, 0.6, status="finished")
    stage.step()
    assert stage.states == ["running", "finished", "running", "running"]
    first = stage.sweep.trials()[1]
    assert first.accuracies == (0.5, 0.7, 0.6)
    assert (first.seconds, first.images, first.parameters) == (2.0, 300, 7850)


def test_all_trials_done_it_is_finished(tmp_path: Path) -> None:
    stage = Stage(tmp_path, PLAN.changed(ranges={"batch_size": Range((8, 16))}))
    for number in (1, 2):
        stage.step()
        stage.learns(number, 0.5, status="finished")
    stage.step(4.0)
    assert stage.sweep.status().status == "finished"
    assert stage.sweep.status().reason == "All 2 trials are done."
    assert stage.sweep.status().seconds == 4.0


def test_a_failed_stopped_or_deleted_trial_costs_itself_only(stage: Stage) -> None:
    stage.step()
    stage.run(1).set_status("failed", "The worker ended.")
    stage.step()
    stage.run(2).set_status("stopped")
    stage.step()
    stage.learns(3, 0.9, status="finished")
    stage.step()
    stage.run(4).set_status("stopped")
    stage.runs.delete(stage.run(4))
    stage.step()
    assert stage.states == ["failed", "stopped", "finished", "failed", "running"]
    reasons = [one.reason for one in stage.sweep.trials()]
    assert reasons == ["The worker ended.", "", "", "Its run was deleted.", ""]


def test_values_that_clash_fail_in_words_and_the_next_are_tried(tmp_path: Path) -> None:
    ranges = {"train_examples": Range((100, 50_000)), "validation_examples": Range((20, 15_000))}
    stage = Stage(tmp_path, PLAN.changed(ranges=ranges), slots=9)
    stage.step()
    assert stage.states == ["running", "running", "running", "failed"]
    assert "overlap" in stage.sweep.trials()[3].reason


def test_a_hopeless_trial_is_stopped_and_called_pruned(stage: Stage) -> None:
    for number in range(1, 5):
        stage.step()
        stage.learns(number, 0.8, 0.9, 0.9, status="finished")
    stage.step()
    stage.learns(5, 0.5)
    stage.step()
    control = stage.run(5).control()
    assert control.command == "stop"
    assert control.reason == (
        "Ended early: after epoch 1 it was worse than half of the trials before it."
    )
    stage.run(5).set_status("stopped")
    stage.step()
    assert stage.states[4:] == ["pruned", "running"]


def test_a_full_line_is_tried_again_and_no_trial_is_made_twice(stage: Stage) -> None:
    stage.line.full = True
    stage.step()
    stage.step()
    assert stage.states == ["running"]
    assert stage.line.submitted == []
    stage.line.full = False
    stage.step()
    assert stage.line.submitted == [stage.run(1).id]
    stage.step()
    assert len(stage.line.submitted) == 1


def test_stopped_it_pauses_what_trains_and_goes_on_with_it(stage: Stage) -> None:
    stage.step()
    stage.learns(1, 0.5)
    stage.conductor.stop(stage.sweep)
    assert stage.sweep.status().status == "stopped"
    assert stage.run(1).control().command == "pause"
    stage.run(1).set_status("paused")
    stage.conductor.resume(stage.sweep)
    wait_for(lambda: len(stage.line.submitted) == 2)
    assert stage.line.submitted == [stage.run(1).id] * 2
    stage.learns(1, 0.6, 0.7, status="finished")
    wait_for(lambda: stage.states == ["finished", "running"])
    stage.conductor.stop(stage.sweep)


def test_a_run_that_is_paused_pauses_its_sweep_with_the_reason(tmp_path: Path) -> None:
    stage = Stage(tmp_path, PLAN, slots=2)
    stage.step()
    stage.run(1).set_status("paused", "Nobody had looked at it.")
    stage.step()
    assert stage.sweep.status().status == "paused"
    assert stage.sweep.status().reason == "Nobody had looked at it."
    assert stage.run(2).status().status == "paused"
    assert stage.states == ["running", "running"]


def test_after_a_restart_it_is_interrupted_and_goes_on_where_it_was(stage: Stage) -> None:
    stage.step()
    stage.learns(1, 0.5)
    gone = {**this_process(), "pid": 2**22 + 1}
    stage.sweep.set_status("running", holder=gone)
    stage.run(1).set_status("running", holder=gone)
    assert stage.sweep.status().status == "interrupted"
    assert stage.runs.mark_interrupted()[0].id == stage.run(1).id
    later = Conductor(cast(Engine, Line()), stage.store)
    later.resume(stage.sweep)
    wait_for(lambda: stage.run(1).status().status == "queued")
    later.stop(stage.sweep)
    assert stage.states == ["running"]
    assert stage.sweep.trials()[0].accuracies == (0.5,)


@pytest.mark.parametrize(
    ("budget", "words"),
    [({"minutes": 1}, "Its 1 minutes are over"), ({"images": 300}, "have seen 300 images")],
)
def test_a_budget_that_is_used_begins_no_more(
    tmp_path: Path, budget: dict[str, Any], words: str
) -> None:
    stage = Stage(tmp_path, PLAN.changed(**budget))
    stage.step(59.0)
    stage.learns(1, 0.5, 0.6, 0.7, status="finished" if "images" in budget else "running")
    stage.step(2.0)
    stage.learns(1, 0.7, status="finished")
    stage.step()
    assert stage.states == ["finished"]
    assert stage.sweep.status().status == "finished"
    assert words in stage.sweep.status().reason


def test_trials_belong_to_the_sweeps_owner_and_do_not_crowd_their_runs(stage: Stage) -> None:
    stage.step()
    run = stage.run(1)
    assert run.about.sweep == stage.sweep.id
    assert run.about.owned_by("visitor")
    assert stage.runs.of("visitor") == []
    assert [one.id for one in stage.runs.of("visitor", trials=True)] == [run.id]
    assert run.status().owner == owner_of("visitor")


def test_a_visitor_has_one_sweep_going_on_and_others_have_theirs(stage: Stage) -> None:
    with pytest.raises(SweepError, match="One of your sweeps is going on"):
        stage.store.create(PLAN, "visitor")
    other = stage.store.create(PLAN, "another")
    assert [one.id for one in stage.store.of("another")] == [other.id]
    assert not other.owned_by("visitor")


def test_deleting_a_sweep_deletes_its_trials_but_not_while_it_goes_on(stage: Stage) -> None:
    stage.step()
    run = stage.run(1)
    with pytest.raises(SweepError, match="going on"):
        stage.store.delete(stage.sweep)
    stage.conductor.stop(stage.sweep)
    stage.store.delete(stage.sweep)
    with pytest.raises(SweepError, match="no such sweep"):
        stage.store.get(stage.sweep.id)
    with pytest.raises(RunNotFound):
        stage.runs.get(run.id)


@pytest.mark.parametrize("name", ["", "..", "../x", "A" * 21 + "/", "A" * 23])
def test_no_other_folder_passes_for_a_sweep(stage: Stage, name: str) -> None:
    with pytest.raises(SweepError, match="no such sweep"):
        stage.store.get(name)


def test_a_damaged_folder_is_told_in_words_and_costs_others_nothing(stage: Stage) -> None:
    broken = stage.store.create(PLAN, "another")
    (broken.folder / "plan.json").write_text("{")
    (broken.folder / "trials.json").write_text('{"trials": [1, {}, {"values": {}}]}')
    assert broken.trials() == []
    with pytest.raises(SweepError, match="missing or damaged"):
        _ = Sweep(broken.folder).plan
    stage.conductor.resume(broken)
    stage.conductor.resume(stage.sweep)
    wait_for(lambda: stage.states == ["running"])
    stage.conductor.stop(stage.sweep)
    assert broken.status().status == "stopped"
    assert broken.status().reason.startswith("It cannot go on. This sweep's plan is missing")


def test_more_trials_go_on_where_the_plan_had_ended(tmp_path: Path) -> None:
    stage = Stage(tmp_path, PLAN.changed(ranges={"batch_size": Range((8,))}))
    stage.step()
    stage.learns(1, 0.5, status="finished")
    stage.step()
    assert stage.sweep.status().status == "finished"
    with pytest.raises(SweepError, match="batch_size"):
        stage.conductor.extend(stage.sweep, PLAN.changed(ranges={"batch_size": Range((0,))}))
    stage.conductor.extend(stage.sweep, PLAN.changed(ranges={"batch_size": Range((8, 16))}))
    wait_for(lambda: stage.states == ["finished", "running"])
    stage.conductor.stop(stage.sweep)
    assert stage.run(2).recipe.batch_size == 16


def test_a_host_deletes_sweeps_of_long_ago_when_another_begins(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.step()
    run = stage.run(1)
    stage.conductor.stop(stage.sweep)
    run.set_status("paused")
    stage.sweep.set_status("stopped", created=time.time() - 8 * 86_400)
    assert stage.store.create(PLAN, "another").id
    monkeypatch.setenv("FMNIST_HOSTED", "1")
    kept = stage.store.create(PLAN, "third")
    assert stage.sweep.id not in [one.id for one in stage.store.all()]
    assert kept.id in [one.id for one in stage.store.all()]
    assert not run.folder.exists()


def test_every_second_of_work_counts_though_not_every_look_is_written(stage: Stage) -> None:
    stage.step()
    for _ in range(40):
        stage.step(0.25)
    assert stage.sweep.status().seconds == pytest.approx(10.0, abs=2.0)
    stage.learns(1, 0.5, status="finished")
    stage.step(0.25)
    assert stage.sweep.status().seconds == pytest.approx(10.25)


def test_a_sweep_that_another_process_stopped_stays_stopped(stage: Stage) -> None:
    stage.conductor.resume(stage.sweep)
    wait_for(lambda: stage.states == ["running"])
    stage.sweep.set_status("stopped")
    wait_for(lambda: not stage.conductor._going)
    stage.learns(1, 0.5, status="finished")
    assert stage.sweep.status().status == "stopped"
    assert stage.states == ["running"]
