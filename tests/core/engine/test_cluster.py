"""The engine by DASK_SCHEDULER_ADDRESS: a real scheduler and a real worker, each a process."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import trustme
from dask import config
from distributed import Client

from fmnist_core.engine.engine import Engine
from fmnist_core.paths import ROOT
from fmnist_core.recipes.layers import Dense, Flatten
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.runs.rows import epoch_rows
from fmnist_core.runs.run import Run
from fmnist_core.runs.store import RunStore
from tests.support.processes import free_port, wait_for

RECIPE = Recipe(
    name="Tiny",
    layers=(Flatten(), Dense(units=10, activation="softmax")),
    epochs=2,
    train_examples=200,
    validation_examples=50,
)


def dask(*arguments: str, **environment: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "dask", *arguments], cwd=ROOT, env={**os.environ, **environment}
    )


@contextmanager
def cluster(protocol: str = "tcp", **environment: str) -> Iterator[str]:
    """A scheduler and a worker as README says, on loopback; gives the scheduler's address."""
    port = free_port()
    address = f"{protocol}://127.0.0.1:{port}"
    here = ("--host", "127.0.0.1", "--protocol", protocol, "--no-dashboard")
    processes = [dask("scheduler", *here, "--port", str(port), **environment)]
    options = ("--nthreads", "2", "--memory-limit", "0")
    preload = ("--preload", "fmnist_core.engine.worker")
    processes.append(dask("worker", address, *here, *options, *preload, **environment))
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


def trained(store: RunStore) -> Run:
    """A run that the engine of the environment has trained."""
    engine = Engine.start(store=store)
    try:
        wait_for(lambda: engine.state() == "ready", 180)
        run = store.create(RECIPE, "visitor")
        engine.submit(run)
        wait_for(lambda: run.status().status == "finished", 180)
        assert [row.epoch for row in epoch_rows(run.history()[0])] == [1, 2]
        assert run.evaluation() is not None
        assert engine.call(pow, 2, 5).result(60) == 32
        return run
    finally:
        engine.close()


def test_a_run_is_trained_on_the_cluster_that_the_environment_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with cluster() as address:
        monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", address)
        trained(RunStore(tmp_path / "shared"))


def test_app_and_worker_need_no_common_folder_and_may_talk_by_tls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    pair = authority.issue_cert("127.0.0.1")
    pair.private_key_and_cert_chain_pem.write_to_path(tmp_path / "pair.pem")
    here = {"tls.ca-file": str(tmp_path / "ca.pem"), "require-encryption": "true"}
    for role in ("scheduler", "worker", "client"):
        for part in ("cert", "key"):
            here[f"tls.{role}.{part}"] = str(tmp_path / "pair.pem")
    tls = {
        "DASK_DISTRIBUTED__COMM__" + key.upper().replace("-", "_").replace(".", "__"): value
        for key, value in here.items()
    }
    monkeypatch.setenv("FMNIST_MIRROR", str(tmp_path / "mirror"))
    # A folder that is reached as a store is: by name only.
    monkeypatch.setenv("FMNIST_RUNS", f"local://{tmp_path}/store")
    with cluster("tls", **tls) as address:
        monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", address)
        with pytest.raises(OSError):
            Client(address.replace("tls", "tcp"), timeout=3)
        with config.set({f"distributed.comm.{key}": value for key, value in here.items()}):
            run = trained(RunStore())
        assert run.folder.is_relative_to(tmp_path / "mirror")
        kept = tmp_path / "store" / run.id
        wait_for(lambda: (kept / "status.json").read_text().find("finished") > 0, 10)
        assert (kept / "model.tflite").read_bytes() == (run.folder / "model.tflite").read_bytes()


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
