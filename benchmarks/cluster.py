"""A sweep on a cluster without a shared disk, through every fault; then speed-up and overhead.

`python -m benchmarks.cluster` starts a Dask scheduler, workers of one thread and an S3 server, all
on this machine's loopback (`pip install -r requirements-cluster.txt` first). `--proof`,
`--ranking`, `--speed` or `--overhead` do one thing alone.
"""

import argparse
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil

from benchmarks.first_page import free_port
from fmnist_core.paths import ROOT
from fmnist_core.recipes.layers import Conv2D, Dense, Flatten, MaxPooling2D
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.runs.rows import epoch_rows
from fmnist_core.runs.store import RunStore
from fmnist_core.sweeps.plan import Plan
from fmnist_core.sweeps.ranges import Range
from fmnist_core.sweeps.sweep import SweepStore
from fmnist_core.sweeps.trial import Trial

BUCKET = "s3://fashion/runs"
RECIPE = Recipe(
    layers=(Flatten(), Dense(units=128, activation="relu"), Dense(units=10, activation="softmax")),
    epochs=6,
    train_examples=10_000,
    validation_examples=2000,
)
PLAN = Plan(
    RECIPE,
    {
        "learning_rate": Range(low=1e-4, high=1e-2, log=True),
        "batch_size": Range((32, 64, 128)),
        "layers.2.units": Range(low=32, high=256, log=True),
    },
    "Proof",
    "random",
    24,
    pruning=False,
)
# Some seconds a trial on one thread: what a cluster is for.
HEAVY = Plan(
    RECIPE.changed(
        layers=(
            Conv2D(filters=32, kernel_size=3, activation="relu"),
            MaxPooling2D(),
            Conv2D(filters=64, kernel_size=3, activation="relu"),
            MaxPooling2D(),
            Flatten(),
            Dense(units=10, activation="softmax"),
        ),
        epochs=4,
        train_examples=20_000,
    ),
    {"learning_rate": Range(low=1e-4, high=1e-2, log=True)},
    "Speed",
    "random",
    8,
    pruning=False,
)
PATIENCE = 900.0


def wait_until(condition: Callable[[], Any], seconds: float = PATIENCE) -> None:
    """Return as soon as `condition()` holds; raise TimeoutError when it does not in time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("It did not happen in time.")
        time.sleep(0.1)


class Wire:
    """A TCP connection to a port of the loopback that can be cut; it takes new ones at once."""

    def __init__(self, target: int) -> None:
        self._target, self._pairs = target, list[socket.socket]()
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            near, _ = self._server.accept()
            far = socket.create_connection(("127.0.0.1", self._target))
            self._pairs += [near, far]
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    @staticmethod
    def _carry(one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(65536):
                other.sendall(data)
        for end in (one, other):
            end.close()

    def cut(self) -> None:
        """End every connection."""
        for end in self._pairs:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self._pairs.clear()


class Cluster:
    """Scheduler, workers and S3 server as processes of their own, each with its own disk."""

    def __init__(self, folder: Path, workers: int) -> None:
        self.folder, self._processes = folder, list[subprocess.Popen[bytes]]()
        s3 = free_port()
        self.environment = {
            **os.environ,
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{s3}",
            "AWS_ACCESS_KEY_ID": "proof",
            "AWS_SECRET_ACCESS_KEY": "proof",
            "AWS_DEFAULT_REGION": "us-east-1",
            "TF_NUM_INTRAOP_THREADS": "1",
            "TF_NUM_INTEROP_THREADS": "1",
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "PYTHONPATH": str(ROOT),
        }
        self._start("moto.server", "-H", "127.0.0.1", "-p", str(s3))
        self.port = free_port()
        self._start(
            "dask", "scheduler", "--host", "127.0.0.1", "--port", str(self.port), "--no-dashboard"
        )
        for number in range(workers):
            self._start(
                *("dask", "worker", f"tcp://127.0.0.1:{self.port}", "--nthreads", "1"),
                *("--memory-limit", "0", "--no-dashboard"),
                *("--preload", "fmnist_core.engine.worker"),
                core=number % (os.cpu_count() or 1),
            )
        os.environ.update({key: self.environment[key] for key in self.environment if "AWS" in key})
        self._bucket()

    def _start(self, *words: str, core: int | None = None) -> None:
        log = (self.folder / f"{len(self._processes)}.log").open("wb")
        place = self.folder / f"disk{len(self._processes)}"
        place.mkdir()
        self._processes.append(
            subprocess.Popen(
                [sys.executable, "-m", *words],
                cwd=ROOT,
                env={**self.environment, "TMPDIR": str(place)},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        )
        if core is not None and hasattr(os, "sched_setaffinity"):
            # TensorFlow would use every core for one worker; its nanny's children inherit this.
            os.sched_setaffinity(self._processes[-1].pid, {core})

    def _bucket(self) -> None:
        import s3fs

        def made() -> bool:
            try:
                s3fs.S3FileSystem(skip_instance_cache=True).makedirs("fashion", exist_ok=True)
            except Exception:  # the server is not there yet
                return False
            return True

        wait_until(made, 60)

    def kill_worker(self) -> None:
        """End one worker at once; its nanny starts another."""
        busy = [
            max(children, key=lambda one: one.cpu_times().user)
            for process in self._processes[2:]
            if (children := psutil.Process(process.pid).children(recursive=True))
        ]
        max(busy, key=lambda one: one.cpu_percent(0.3)).kill()

    def close(self) -> None:
        """End everything."""
        for process in self._processes[::-1]:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextlib.contextmanager
def cluster(workers: int) -> Iterator[Cluster]:
    """Give a running cluster that ends with the block."""
    with tempfile.TemporaryDirectory() as folder:
        found = Cluster(Path(folder), workers)
        try:
            yield found
        finally:
            found.close()


def sweep(found: Cluster, port: int, disk: str, *words: str) -> subprocess.Popen[str]:
    """Start the command line's sweep as a process with a disk of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "fmnist_core", "--json", "sweep", *words],
        cwd=ROOT,
        env={
            **found.environment,
            "DASK_SCHEDULER_ADDRESS": f"tcp://127.0.0.1:{port}",
            "FMNIST_RUNS": BUCKET,
            "FMNIST_MIRROR": str(found.folder / disk),
        },
        stdout=subprocess.PIPE,
        stderr=(found.folder / f"{disk}.log").open("wb"),
        text=True,
    )


def watched(found: Cluster, disk: str) -> Callable[[], list[Trial]]:
    """Return a look at the trials of the only sweep on a disk."""

    def look() -> list[Trial]:
        for path in (found.folder / disk).glob("*/.sweeps/*"):
            return SweepStore(RunStore(path.parent.parent)).get(path.name).trials()
        return []

    return look


def over(trials: list[Trial]) -> int:
    """Return how many trials are over."""
    return sum(one.state != "running" for one in trials)


def proof(workers: int = 4) -> list[dict[str, Any]]:
    """Run the sweep through every fault, print what happened when, and return its trials."""
    begin = time.monotonic()

    def say(words: str) -> None:
        print(f"{time.monotonic() - begin:6.1f} s  {words}", flush=True)

    with cluster(workers) as found:
        file = found.folder / "plan.toml"
        file.write_text(PLAN.to_toml())
        wire = Wire(found.port)
        first = sweep(found, wire.port, "first", str(file))
        look = watched(found, "first")
        wait_until(lambda: over(look()) >= 5)
        found.kill_worker()
        say(f"{over(look())} trials over: a worker was killed")
        wait_until(lambda: over(look()) >= 10)
        wire.cut()
        say(f"{over(look())} trials over: the connection to the scheduler was cut")
        wait_until(lambda: over(look()) >= 15)
        first.kill()
        first.wait()
        say(f"{over(look())} trials over: the web process was killed, its disk is not used again")
        name = next((found.folder / "first").glob("*/.sweeps/*")).name
        second = sweep(found, wire.port, "second", "--resume", name)
        output, _ = second.communicate(timeout=PATIENCE)
        if second.returncode:
            print((found.folder / "second.log").read_text()[-3000:])
            raise SystemExit("The sweep did not end.")
        rows: list[dict[str, Any]] = json.loads(output)["trials"]
        store = RunStore(next((found.folder / "second").glob("*")))
        say(f"{len(rows)} trials over")
        numbers = sorted(row["number"] for row in rows)
        lost = [n for n in range(1, PLAN.trials + 1) if n not in numbers]
        doubled = len(rows) - len({row["run"] for row in rows})
        states = {row["state"] for row in rows}
        for row in rows:
            epochs = [one.epoch for one in epoch_rows(store.get(row["run"]).history()[0])]
            assert epochs == list(range(1, RECIPE.epochs + 1)), (row["number"], epochs)
        for row in rows:
            if row["state"] != "finished":
                print(f"trial {row['number']} {row['state']}: {row['reason']}")
        print(f"{len(rows)} results, lost {lost}, doubled {doubled}, states {states}")
        return rows


def ranking() -> None:
    """Print whether the same sweep ranks its trials alike on one machine and on the cluster."""
    from scipy import stats

    with cluster(2) as found:
        file = found.folder / "plan.toml"
        file.write_text(PLAN.changed(trials=12).to_toml())
        output, _ = sweep(found, found.port, "disk", str(file)).communicate(timeout=PATIENCE)
        there = json.loads(output)["trials"]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "plan.toml"
        file.write_text(PLAN.changed(trials=12).to_toml())
        here = json.loads(
            subprocess.run(
                [sys.executable, "-m", "fmnist_core", "--json", "sweep", str(file)],
                cwd=ROOT,
                env={**os.environ, "FMNIST_RUNS": str(Path(folder) / "runs")},
                capture_output=True,
                text=True,
                check=True,
            ).stdout
        )["trials"]
    orders = [[row["number"] for row in rows] for rows in (here, there)]
    accuracies = [{row["number"]: row["accuracy"] for row in rows} for rows in (here, there)]
    apart = max(abs(accuracies[0][number] - accuracies[1][number]) for number in accuracies[0])
    rho = stats.spearmanr(*([one[n] for n in sorted(one)] for one in accuracies)).statistic
    print(f"one machine, best first: {orders[0]}")
    print(f"cluster, best first:     {orders[1]}")
    print(f"rank correlation {rho:.3f}; accuracies at most {100 * apart:.2f} points apart")


def timed(workers: int) -> tuple[float, list[dict[str, Any]]]:
    """Return the seconds of an undisturbed sweep of heavier trials, and its trials."""
    with cluster(workers) as found:
        file = found.folder / "plan.toml"
        file.write_text(HEAVY.to_toml())
        # Workers load TensorFlow before the clock starts.
        from distributed import Client

        with Client(f"tcp://127.0.0.1:{found.port}") as client:
            client.wait_for_workers(workers)
            from fmnist_core.engine.worker import warm_up

            client.run(warm_up)
        output, _ = sweep(found, found.port, "disk", str(file)).communicate(timeout=PATIENCE)
        result = json.loads(output)
        return result["seconds"], result["trials"]


def speed() -> None:
    """Print how much sooner a sweep ends with more workers."""
    alone, _ = timed(1)
    print(f"1 worker: {alone:.1f} s")
    for workers in (2, 4):
        seconds, _ = timed(workers)
        print(f"{workers} workers: {seconds:.1f} s, {alone / seconds:.2f} times as fast")


def pretend(folder: str, _address: str = "") -> None:
    """Stand in for training: write what a run of one epoch writes."""
    from fmnist_core.runs.rows import EpochRow
    from fmnist_core.runs.run import Run

    run = Run(Path(folder))
    run.append(EpochRow(epoch=1, val_accuracy=0.5))
    run.set_status("finished", epoch=1, seconds=0.0)


def overhead(trials: int = 1000, workers: int = 4) -> None:
    """Print what the queue, Dask and the sweep cost a trial that takes no time itself."""
    from distributed import LocalCluster

    from fmnist_core.engine import dispatcher
    from fmnist_core.engine.engine import Engine
    from fmnist_core.sweeps.conductor import Conductor

    dispatcher.worker.train = pretend  # type: ignore[assignment]
    dispatcher.worker.warm_up = int  # type: ignore[assignment]
    plan = PLAN.changed(trials=trials, recipe=RECIPE.changed(epochs=1))
    with (
        tempfile.TemporaryDirectory() as folder,
        LocalCluster(
            n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None
        ) as local,
    ):
        runs = RunStore(folder)
        store = SweepStore(runs)
        engine = Engine.start(local.scheduler_address, runs)
        wait_until(lambda: engine.state() == "ready" and engine.slots == workers, 60)
        found = store.create(plan, "benchmark")
        before, begin = psutil.Process().cpu_times(), time.monotonic()
        Conductor(engine, store).resume(found)
        wait_until(lambda: not found.status().active)
        seconds, after = time.monotonic() - begin, psutil.Process().cpu_times()
        used = after.user + after.system - before.user - before.system
        engine.close()
        print(
            f"{over(found.trials())} trials that take no time, {workers} workers: "
            f"{1000 * seconds / trials:.0f} ms a trial, {1000 * used / trials:.0f} ms of the "
            "processor (queue, scheduler and sweep)"
        )


def main() -> None:
    """Do what the command line asks for, by default everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("proof", "ranking", "speed", "overhead"):
        parser.add_argument(f"--{name}", action="store_true")
    asked = vars(parser.parse_args())
    for name, function in (
        ("proof", proof),
        ("ranking", ranking),
        ("speed", speed),
        ("overhead", overhead),
    ):
        if asked[name] or not any(asked.values()):
            function()


if __name__ == "__main__":
    main()
