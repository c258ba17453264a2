"""Where memory is short the engine lives only while there is something to do."""

from collections.abc import Iterator
from contextlib import suppress
from operator import add
from pathlib import Path

import psutil
import pytest

from fmnist_core.engine import dispatcher
from fmnist_core.engine.engine import Engine
from fmnist_core.runs.store import RunStore
from tests.support.processes import wait_for


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    monkeypatch.setenv("FMNIST_MEMORY_MB", "1000")
    monkeypatch.setattr(dispatcher, "SLEEP_SECONDS", 0.5)
    engine = Engine.start(store=RunStore(tmp_path))
    yield engine
    engine.close()


def hosts() -> list[psutil.Process]:
    found = []
    for child in psutil.Process().children():
        with suppress(psutil.Error):  # it has just ended
            if "fmnist_core.engine.host" in child.cmdline():
                found.append(child)
    return found


def test_the_engine_starts_with_a_task_and_ends_without_one(engine: Engine) -> None:
    wait_for(lambda: engine.state() == "asleep")
    assert not hosts()
    for _ in range(2):
        assert engine.call(add, 2, 3).result(120) == 5
        assert hosts()
        wait_for(lambda: engine.state() == "asleep" and not hosts())
