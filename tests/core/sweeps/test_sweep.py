"""A sweep's folder: whose it is, what is kept, and what is cleaned up."""

import time
from pathlib import Path

import pytest

from fmnist_core import files
from fmnist_core.recipes.layers import Dense, Flatten
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.runs.store import RunStore, this_process
from fmnist_core.sweeps.plan import Plan, of_seeds
from fmnist_core.sweeps.sweep import Sweep, SweepStore
from fmnist_core.sweeps.trial import Trial

PLAN = of_seeds(Recipe(layers=(Flatten(), Dense(units=10, activation="softmax"))), 3)


@pytest.fixture
def store(tmp_path: Path) -> SweepStore:
    return SweepStore(RunStore(tmp_path / "all"))


def made(sweep: Sweep, days_ago: float) -> None:
    sweep.set_status("stopped", created=time.time() - days_ago * 86_400)


def test_a_new_sweep_waits_with_its_plan(store: SweepStore) -> None:
    sweep = store.create(PLAN, "me")
    status = store.get(sweep.id).status()
    assert (status.status, status.active, status.seconds) == ("stopped", False, 0.0)
    assert status.created == pytest.approx(time.time(), abs=5)
    assert (sweep.plan, sweep.trials()) == (PLAN, [])
    assert sweep.folder.stat().st_mode & 0o777 == 0o700  # nobody else reads it


def test_a_damaged_list_of_trials_is_no_trial(store: SweepStore) -> None:
    sweep = store.create(PLAN, "me")
    for damaged in (5, "trials", {"number": 1}, [3, None]):
        files.write_json(sweep.folder / "trials.json", {"trials": damaged})
        assert sweep.trials() == []


def test_what_is_not_given_stays_in_the_status(store: SweepStore) -> None:
    sweep = store.create(PLAN, "me")
    sweep.set_status("running", seconds=7.5)
    sweep.set_status("paused", "Somebody paused it.")
    status = sweep.status()
    assert (status.status, status.reason, status.seconds) == ("paused", "Somebody paused it.", 7.5)
    assert sweep.owned_by("me")
    sweep.set_status("finished")
    assert sweep.status().reason == ""


def test_one_whose_process_is_gone_is_interrupted_and_damage_is_stopped(store: SweepStore) -> None:
    sweep = store.create(PLAN, "me")
    sweep.set_status("running")
    assert sweep.status().active
    sweep.set_status("running", holder={**this_process(), "since": 1.0})
    assert sweep.status().status == "interrupted"
    files.write_json(sweep.folder / "status.json", {"status": "dancing"})
    assert sweep.status().status == "stopped"


def test_trials_come_back_in_order(store: SweepStore) -> None:
    sweep = store.create(PLAN, "me")
    trials = [Trial(1, {"seed": 0}, state="finished", accuracies=(0.5,)), Trial(2, {"seed": 1})]
    sweep.keep(trials)
    assert sweep.trials() == trials
    files.write_json(sweep.folder / "trials.json", {"trials": None})
    assert sweep.trials() == []


def test_a_visitors_sweeps_come_newest_first(store: SweepStore) -> None:
    sweeps = [store.create(PLAN, "me") for _ in range(3)]
    store.create(PLAN, "another")
    for sweep, age in zip(sweeps, (2, 1, 3), strict=True):
        made(sweep, age)
    assert [one.id for one in store.of("me")] == [sweeps[1].id, sweeps[0].id, sweeps[2].id]


def test_what_is_too_old_goes_unless_it_goes_on(store: SweepStore) -> None:
    old, young, going = (store.create(PLAN, "me") for _ in range(3))
    made(old, 7.1)
    made(young, 6.9)
    going.set_status("running", created=1.0)
    store.clean_up(None)
    assert len(store.all()) == 3
    store.clean_up(7)
    assert {one.id for one in store.all()} == {young.id, going.id}


def test_a_visitor_is_forgotten_with_the_runs_of_their_trials(store: SweepStore) -> None:
    mine, going = store.create(PLAN, "me"), store.create(PLAN, "me")
    other = store.create(PLAN, "another")
    run = store.runs.create_owned(PLAN.recipe, mine.status().owner, mine.id)
    mine.keep([Trial(1, {"seed": 0}, run.id), Trial(2, {"seed": 1}, "../" + other.id)])
    going.set_status("running")
    store.forget("me")
    assert {one.id for one in store.all()} == {going.id, other.id}
    assert not run.folder.exists()


def test_a_plan_can_be_changed_on_the_way(store: SweepStore) -> None:
    sweep = store.create(PLAN, "me")
    longer: Plan = PLAN.changed(trials=9)
    sweep.replace_plan(longer)
    assert sweep.plan.trials == 9
