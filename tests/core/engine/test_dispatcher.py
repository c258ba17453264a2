from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from fmnist_core.engine import dispatcher as module
from fmnist_core.engine import engine as engine_module
from fmnist_core.engine.calls import Call
from fmnist_core.engine.dispatcher import Dispatcher
from fmnist_core.engine.handover import _rests
from fmnist_core.engine.process import EngineError
from fmnist_core.engine.queue import Rules, Ticket
from fmnist_core.models.catalogue import ModelError
from fmnist_core.recipes.layers import Dense, Flatten
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.runs.run import REST, Run
from fmnist_core.runs.status import Command, RunState, Status
from fmnist_core.runs.store import RunStore

RECIPE = Recipe(layers=(Flatten(), Dense(units=10, activation="softmax")))


@pytest.mark.parametrize("workers", [{}, {"tcp://worker": {}}])
def test_an_engine_whose_worker_does_not_come_back_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: dict[str, object]
) -> None:
    monkeypatch.setattr(module, "LOST_SECONDS", -1)
    monkeypatch.setattr(module, "SWEEP_SECONDS", -1)
    dispatcher = Dispatcher(None, RunStore(tmp_path))
    dispatcher._process = SimpleNamespace(ended=False)  # type: ignore[assignment]
    client: Any = SimpleNamespace(
        status="running",
        submit=lambda *_, **__: SimpleNamespace(status="pending", done=lambda: False),
        scheduler_info=lambda n_workers: {"workers": workers},
    )
    if workers:  # it goes on until somebody closes it
        monkeypatch.setattr(dispatcher, "_dispatch", lambda _: dispatcher._closed.set())
        dispatcher._work(client)
    else:
        with pytest.raises(EngineError, match="lost its worker"):
            dispatcher._work(client)


def test_pages_do_not_wait_for_the_disk_while_runs_are_handed_out_and_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = RunStore(tmp_path)
    dispatcher = Dispatcher(None, store)
    for _ in range(2):
        run = store.create(RECIPE, "visitor")
        dispatcher.queue.add(Ticket(run.id, "visitor", str(run.folder)), 0)
    read, looks = Run.status, []

    def status(run: Run) -> Status:
        looks.append(dispatcher.lock.locked())
        return read(run)

    monkeypatch.setattr(Run, "status", status)
    future = SimpleNamespace(status="lost", done=lambda: True, add_done_callback=lambda _: None)
    client: Any = SimpleNamespace(submit=lambda *_, **__: future)
    dispatcher._dispatch(client)
    dispatcher._settle()
    dispatcher._dispatch(client)
    dispatcher._abandon(None)
    dispatcher.queue.rules = Rules(away=-1)
    dispatcher._dispatch(client)
    assert len(looks) > 8
    assert not any(looks)


@pytest.fixture
def dispatcher(tmp_path: Path) -> Dispatcher:
    return Dispatcher(None, RunStore(tmp_path))


def waiting(
    dispatcher: Dispatcher,
    status: RunState = "queued",
    owner: str = "visitor",
    **progress: Any,  # noqa: ANN401
) -> Run:
    """Put a run in line."""
    run = dispatcher._store.create(RECIPE, owner)
    run.set_status(status, **progress)
    dispatcher.queue.add(Ticket(run.id, owner, str(run.folder)), 0)
    return run


class Cluster:
    """What the dispatcher asks of Dask; tasks stay where they are."""

    status = "running"

    def __init__(self, workers: int = 1) -> None:
        self.workers, self.closed = workers, False
        self.tasks: list[tuple[Any, ...]] = []

    def submit(self, function: Any, *arguments: Any, **_: Any) -> Any:  # noqa: ANN401
        self.tasks.append((function.__name__, *arguments))
        return SimpleNamespace(status="pending", done=lambda: False, add_done_callback=lambda _: 0)

    def scheduler_info(self, n_workers: int) -> dict[str, Any]:
        return {"workers": dict.fromkeys(map(str, range(self.workers)))}

    def close(self, timeout: float) -> None:
        self.closed = True


def test_one_run_works_on_an_engine_of_our_own_and_one_a_worker_on_a_cluster(
    tmp_path: Path,
) -> None:
    for address, most in ((None, 1), ("tcp://cluster", 2)):
        dispatcher = Dispatcher(address, RunStore(tmp_path / str(most)))
        runs = [waiting(dispatcher) for _ in range(3)]
        client: Any = Cluster(workers=2)
        dispatcher._dispatch(client)
        assert client.tasks == [("train", str(run.folder), "") for run in runs[:most]]
        assert (len(dispatcher.queue.working), len(dispatcher.queue.waiting)) == (most, 3 - most)


def test_a_run_that_was_stopped_while_it_waited_leaves_the_line(dispatcher: Dispatcher) -> None:
    stopped, next_one = waiting(dispatcher, "stopped"), waiting(dispatcher)
    client: Any = Cluster()
    dispatcher._dispatch(client)
    assert client.tasks == [("train", str(next_one.folder), "")]
    assert not dispatcher.queue.has(stopped.id)


def test_three_short_tasks_are_done_at_once(
    dispatcher: Dispatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module.host, "economical", lambda: False)
    dispatcher.calls.waiting += [Call(divmod, (number, 2), str(number)) for number in range(5)]
    client: Any = Cluster()
    for _ in range(2):
        dispatcher._dispatch(client)
    assert client.tasks == [("divmod", number, 2) for number in range(3)]
    assert (len(dispatcher.calls), len(dispatcher.calls.waiting)) == (5, 2)


class KilledWorker(Exception):  # noqa: N818 - Dask's own
    """What Dask says of a task whose workers died."""

    __module__ = "distributed.scheduler"


@pytest.mark.parametrize(
    ("status", "error", "raised", "words"),
    [
        ("finished", None, None, ""),
        ("error", ModelError("No weights."), ModelError, "No weights"),
        ("error", KilledWorker(), EngineError, "worker that had it has ended"),
        ("lost", None, EngineError, "worker that had it has ended"),
    ],
)
def test_a_short_task_gives_its_result_or_says_why_not(
    dispatcher: Dispatcher, status: str, error: Exception, raised: type[Exception], words: str
) -> None:
    call = Call(divmod, (7, 2), "")
    future = SimpleNamespace(
        status=status, done=lambda: True, result=lambda: (3, 1), exception=lambda: error
    )
    dispatcher.calls.working.append((call, future))
    dispatcher._settle()
    assert len(dispatcher.calls) == 0
    if raised is None:
        assert call.result.result(0) == (3, 1)
    else:
        with pytest.raises(raised, match=words):
            call.result.result(0)


def test_what_a_run_has_left_is_what_it_says_or_what_its_recipe_says(
    dispatcher: Dispatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "training_seconds", lambda _: (100.0, 400.0))
    run = waiting(dispatcher, epoch=RECIPE.epochs // 2)
    (ticket,) = dispatcher.queue.waiting
    assert RECIPE.epochs % 2 == 0
    assert engine_module._seconds_left(ticket) == 100
    run.set_status("running", seconds_left=12.5)
    assert engine_module._seconds_left(ticket) == 12.5
    (run.folder / "recipe.json").unlink()
    assert engine_module._seconds_left(ticket) == 0


@pytest.mark.parametrize("closed", [True, False])
def test_what_waits_is_interrupted_only_when_the_app_is_closed(
    dispatcher: Dispatcher, closed: bool
) -> None:
    run, call = waiting(dispatcher), Call(divmod, (7, 2), "")
    dispatcher.calls.working.append((call, None))
    client: Any = Cluster()
    if closed:
        dispatcher._closed.set()
    dispatcher._abandon(client)
    assert client.closed
    assert run.status().status == ("interrupted" if closed else "queued")
    with pytest.raises(EngineError, match="ended unexpectedly"):
        call.result.result(0)
    assert len(dispatcher.calls) == 0


def test_a_run_is_asked_once_to_make_room_for_anothers(dispatcher: Dispatcher) -> None:
    run = waiting(dispatcher)
    (ticket,) = dispatcher.queue.waiting
    dispatcher.queue.start(ticket, 0)
    dispatcher._share(61)
    assert not (run.folder / REST).exists()  # nobody waits
    waiting(dispatcher, owner="another")
    dispatcher._share(61)
    assert (run.folder / REST).exists()
    run.clear_rest()
    dispatcher._share(62)
    assert not (run.folder / REST).exists()


@pytest.mark.parametrize(("asked", "then"), [("stop", "stopped"), ("pause", "paused")])
def test_what_is_asked_of_a_run_while_it_makes_room_is_done(
    dispatcher: Dispatcher, asked: Command, then: RunState
) -> None:
    run = waiting(dispatcher, "running", epoch=1)
    assert not _rests(run)  # it works
    run.request(asked, "Enough.")
    run.set_status("queued")
    assert not _rests(run)
    assert (run.status().status, run.status().reason) == (then, "Enough.")


def test_nothing_is_to_do_where_nothing_waits_nor_works(dispatcher: Dispatcher) -> None:
    assert dispatcher._idle()
    waiting(dispatcher)
    assert not dispatcher._idle()
    (ticket,) = dispatcher.queue.waiting
    dispatcher.queue.start(ticket, 0)
    assert not dispatcher._idle()
    dispatcher.queue.end(ticket, 1, again=False)
    assert dispatcher._idle()
    dispatcher.calls.waiting.append(Call(divmod, (7, 2), ""))
    assert not dispatcher._idle()
