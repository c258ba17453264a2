from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from fmnist_core.engine import dispatcher as module
from fmnist_core.engine.dispatcher import Dispatcher
from fmnist_core.engine.process import EngineError
from fmnist_core.engine.queue import Rules, Ticket
from fmnist_core.recipes.layers import Dense, Flatten
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.runs.run import Run
from fmnist_core.runs.status import Status
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
