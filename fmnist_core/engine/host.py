"""The embedded engine: a process that holds a Dask cluster of one TensorFlow-warm worker.

It lives as long as its standard input, a pipe from the web process, stays open: however the web
process ends, the pipe closes. Its worker watches a pipe from it in the same way.
"""

import contextlib
import json
import logging
import os
import re
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fmnist_core import files
from fmnist_core.engine.calls import short_tasks
from fmnist_core.engine.process import PREFIX, WORKER_END
from fmnist_core.recipes.host import memory_kills, memory_left

CONFIG: dict[str, Any] = {
    # A worker that dies takes its task with it; trying again could kill the next one too.
    "distributed.scheduler.allowed-failures": 0,
    "distributed.worker.profile.enabled": False,
    "distributed.admin.system-monitor.interval": "5s",
    "distributed.admin.system-monitor.gil.enabled": False,
    # None takes Dask's own values away. With its trim threshold the allocator gives memory back
    # and asks for it again at every step: small networks trained at half the speed.
    "distributed.nanny.pre-spawn-environ": {
        "MALLOC_TRIM_THRESHOLD_": None,
        "OMP_NUM_THREADS": None,
        "MKL_NUM_THREADS": None,
        "OPENBLAS_NUM_THREADS": None,
        "TF_CPP_MIN_LOG_LEVEL": 2,
    },
    # Nothing is served over HTTP.
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
}
NICENESS = 10  # pages answer first
# With less than this left for the files that they map, processes do little but read these again.
FILES_BYTES = 100e6
SHORT_SECONDS, CALM_SECONDS = 5.0, 60.0


def serve() -> None:
    """Run the engine; print its address as one line of JSON; end when standard input does."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if sys.platform != "win32":  # which has no such call
        with contextlib.suppress(OSError):
            os.nice(NICENESS)
    import dask.config
    from distributed import LocalCluster

    dask.config.set(CONFIG)  # after the import, which brings values of its own
    ends = _WorkerEnds()
    _note_ends(ends)
    cluster = LocalCluster(
        n_workers=1,
        # One for training, the others for short tasks meanwhile.
        threads_per_worker=1 + short_tasks(),
        processes=True,
        host="127.0.0.1",
        dashboard_address=None,
        scheduler_kwargs={"dashboard": False, "dashboard_address": "127.0.0.1:0"},
        # Dask cannot see what TensorFlow holds, and would pause or end the worker by guesswork.
        memory_limit=0,
        silence_logs=logging.CRITICAL,
        preload="fmnist_core.engine.worker",
    )
    sys.stdout.write(json.dumps({"address": cluster.scheduler_address}) + "\n")
    sys.stdout.flush()
    nap = threading.Event().wait

    def end_workers() -> None:
        for nanny in cluster.workers.values():
            if nanny.pid is not None:  # else it is being replaced already
                ends.for_memory = True
                os.kill(nanny.pid, signal.SIGKILL)

    guard_memory(end_workers, nap)


def guard_memory(
    end_workers: Callable[[], None],
    nap: Callable[[float], bool],
    left: Callable[[], int | None] = memory_left,
) -> None:
    """Call `end_workers` when memory has been short for a while, until `nap` returns True.

    Linux ends a process only when nothing at all can be taken back. Before that, all stand still.
    """
    short_since: float | None = None
    while not nap(1.0):
        room, now = left(), time.monotonic()
        if room is None or room >= FILES_BYTES:
            short_since = None
            continue
        if short_since is None:
            short_since = now
        if now >= short_since + SHORT_SECONDS:
            end_workers()
            # A new worker that is no smaller shall at least get to the end of a short task.
            short_since = now + CALM_SECONDS


class _WorkerEnds(logging.Handler):
    """Writes down how a worker process ended: its nanny, who alone knows, only logs it."""

    def __init__(self) -> None:
        super().__init__()
        self.for_memory = False  # whether we are ending it ourselves
        self._kills = memory_kills()

    def emit(self, record: logging.LogRecord) -> None:
        found = re.search(
            r"Worker process \d+ (was killed by .*|exited with .*)", record.getMessage()
        )
        if found:
            import psutil

            how, free = found[1], psutil.virtual_memory().available
            before, self._kills = self._kills, memory_kills()
            files.write_json(
                _temporary() / WORKER_END,
                {
                    "how": how,
                    "for_memory": self.for_memory or self._kills > before,
                    "free_bytes": free,
                    "time": record.created,
                },
            )
            self.for_memory = False


def _note_ends(ends: logging.Handler) -> None:
    nanny = logging.getLogger("distributed.nanny")
    nanny.setLevel(logging.INFO)
    nanny.propagate = False
    nanny.handlers = [ends]


def _temporary() -> Path:
    return Path(tempfile.gettempdir())


def _end_with_parent() -> None:
    # Not sys.stdin: a thread blocked in its buffer makes the interpreter abort at exit.
    while os.read(0, 1024):
        pass
    if _temporary().name.startswith(PREFIX):
        shutil.rmtree(_temporary(), ignore_errors=True)
    os._exit(0)


if __name__ == "__main__":
    serve()
