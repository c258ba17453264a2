"""The engine by DASK_SCHEDULER_ADDRESS: a real scheduler and a real worker, each a process."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from fmnist_core.engine.engine import Engine
from fmnist_core.paths import ROOT
from fmnist_core.recipes.layers import Dense, Flatten
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.runs.rows import epoch_rows
from fmnist_core.runs.store import RunStore
from tests.support.processes import free_port, wait_for

RECIPE = Recipe(
    name="Tiny",
    layers=(Flatten(), Dense(units=10, activation="softmax")),
    epochs=2,
    train_examples=200,
    validation_examples=50,
)


def dask(*arguments: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-m", "dask", *arguments], cwd=ROOT)


@pytest.fixture
def address() -> Iterator[str]:
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    # As README says, on loopback.
    here = ("--host", "127.0.0.1")
    processes = [dask("scheduler", *here, "--port", str(port), "--no-dashboard")]
    options = ("--nthreads", "2", "--memory-limit", "0", "--no-dashboard")
    preload = ("--preload", "fmnist_core.engine.worker")
    processes.append(dask("worker", address, *here, *options, *preload))
    try:
        yield address
    finally:
        for process in reversed(processes):
            process.terminate()
        for process in processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def test_a_run_is_trained_on_the_cluster_that_the_environment_names(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", address)
    store = RunStore(tmp_path / "shared")
    engine = Engine.start(store=store)
    try:
        wait_for(lambda: engine.state() == "ready", 180)
        run = store.create(RECIPE, "visitor")
        engine.submit(run)
        wait_for(lambda: run.status().status == "finished", 180)
        assert [row.epoch for row in epoch_rows(run.history()[0])] == [1, 2]
        assert run.evaluation() is not None
        assert engine.call(pow, 2, 5).result(60) == 32
    finally:
        engine.close()


def test_without_its_scheduler_the_engine_says_so_and_keeps_the_run_in_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", f"tcp://127.0.0.1:{free_port()}")
    store = RunStore(tmp_path / "shared")
    engine = Engine.start(store=store)
    try:
        wait_for(lambda: engine.state() == "unavailable", 180)
        run = store.create(RECIPE, "visitor")
        engine.submit(run)
        wait = engine.wait(run)
        assert wait is not None
        assert wait.place == 1
    finally:
        engine.close()
    assert run.status().status == "interrupted"
