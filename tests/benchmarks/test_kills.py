"""A few of the hundred kills of `benchmarks.kills`, in every run of the tests."""

from pathlib import Path

import pytest

from benchmarks.kills import Killer
from fmnist_core.engine.engine import Engine
from fmnist_core.runs.store import RunStore


@pytest.mark.timeout(600)
def test_what_a_worker_killed_at_random_leaves_is_told_whole_and_resumed(tmp_path: Path) -> None:
    store = RunStore(tmp_path / "store")
    engine = Engine.start(store=store)
    try:
        found = Killer(engine, store, seed=3).go_on(kills=2)
    finally:
        engine.close()
    assert found.kills == 2
    assert found.finished >= 1
    assert found.wrong == []
