from pathlib import Path

import pytest

from fmnist_core.engine.dispatcher import Dispatcher
from fmnist_core.engine.queue import Ticket
from fmnist_core.recipes.layers import Dense, Flatten
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.runs.run import Run
from fmnist_core.runs.status import RunState
from fmnist_core.runs.store import RunStore, this_process

RECIPE = Recipe(layers=(Flatten(), Dense(units=10, activation="softmax")))


class Lost:
    """What Dask gives for a task whose worker has ended."""

    status = "lost"

    def done(self) -> bool:
        return True


@pytest.mark.parametrize(("asked", "had_rested"), [(True, True), (True, False), (False, False)])
def test_a_worker_lost_after_a_run_had_made_room_costs_it_nothing(
    tmp_path: Path, asked: bool, had_rested: bool
) -> None:
    store = RunStore(tmp_path)
    dispatcher, run = Dispatcher(None, store), store.create(RECIPE, "visitor")
    ticket = Ticket(run.id, "visitor", str(run.folder))
    dispatcher.queue.add(ticket, 0)
    dispatcher.queue.start(ticket, 0)
    dispatcher._futures[ticket] = Lost()
    if asked:
        dispatcher._resting.add(ticket)
    run.set_status("queued" if had_rested else "running", epoch=1)
    dispatcher._settle()
    waits = asked and had_rested
    assert (ticket in dispatcher.queue.waiting) == waits
    assert not dispatcher.queue.working
    assert run.status().status == ("queued" if waits else "failed")
    assert dispatcher.ended.get("visitor", []) == ([] if waits else [run.id])
    assert Run(run.folder).status().epoch == 1


def test_a_run_that_its_worker_had_not_begun_is_given_out_once_more(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    dispatcher, run = Dispatcher(None, store), store.create(RECIPE, "visitor")
    ticket = Ticket(run.id, "visitor", str(run.folder))
    run.set_status("queued")
    dispatcher.queue.add(ticket, 0)
    for expected in ("queued", "failed"):
        dispatcher.queue.start(ticket, 0)
        dispatcher._futures[ticket] = Lost()
        dispatcher._settle()
        assert run.status().status == expected
        assert (ticket in dispatcher.queue.waiting) == (expected == "queued")


@pytest.mark.parametrize("begun", [False, True])
def test_an_engine_that_ends_costs_only_the_runs_that_a_worker_had_begun(
    tmp_path: Path, begun: bool
) -> None:
    store = RunStore(tmp_path)
    dispatcher, run = Dispatcher(None, store), store.create(RECIPE, "visitor")
    ticket = Ticket(run.id, "visitor", str(run.folder))
    dispatcher.queue.add(ticket, 0)
    dispatcher.queue.start(ticket, 0)
    run.set_status("running" if begun else "queued")
    dispatcher._abandon(None)
    assert (ticket in dispatcher.queue.waiting) != begun
    assert not dispatcher.queue.working
    assert run.status().status == ("failed" if begun else "queued")
    assert dispatcher.ended.get("visitor", []) == ([run.id] if begun else [])


@pytest.mark.parametrize("status", ["running", "queued"])
@pytest.mark.parametrize("cut", ["settle", "abandon"])
def test_cut_off_from_a_cluster_nothing_is_lost(tmp_path: Path, status: RunState, cut: str) -> None:
    store = RunStore(tmp_path)
    dispatcher, run = Dispatcher("tcp://cluster", store), store.create(RECIPE, "visitor")
    ticket = Ticket(run.id, "visitor", str(run.folder))
    dispatcher.queue.add(ticket, 0)
    dispatcher.queue.start(ticket, 0)
    dispatcher._futures[ticket] = Lost()
    run.set_status(status, holder=this_process())
    dispatcher._settle() if cut == "settle" else dispatcher._abandon(None)
    assert run.status().status == status
    assert (ticket in dispatcher.queue.waiting) == (status == "queued")
    assert not dispatcher.queue.working
    assert not dispatcher.ended


def test_a_run_whose_cluster_worker_is_gone_too_is_interrupted(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    dispatcher, run = Dispatcher("tcp://cluster", store), store.create(RECIPE, "visitor")
    ticket = Ticket(run.id, "visitor", str(run.folder))
    dispatcher.queue.add(ticket, 0)
    dispatcher.queue.start(ticket, 0)
    run.set_status("running", holder={**this_process(), "pid": 2**22 + 1})
    dispatcher._abandon(None)
    assert run.status().status == "interrupted"
