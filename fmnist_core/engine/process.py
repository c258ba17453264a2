"""The embedded engine's own process: Dask's scheduler and one worker beside the web server."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fmnist_core import files
from fmnist_core.paths import ROOT
from fmnist_core.runs.status import RunError
from fmnist_core.translation import mark
from fmnist_core.wording import megabytes

START_SECONDS = 180.0  # a busy machine takes its time; a broken installation ends at once
STOP_SECONDS = 3.0
END_SECONDS = 2.0  # Dask says that a task is lost some milliseconds before it notes why
FRESH_SECONDS = 5.0  # a note older than this is of an earlier worker: a new one starts slower
WORKER_END = "worker_end.json"  # written by the host, in its temporary folder

# Written with values in it; pages translate it by `retold`.
ENDED = mark("The training process {how}; {free} of memory were free when this was noticed.")
FOR_MEMORY = mark("Memory ran out here, so the system ended the training process.")

PREFIX = "fashion-mnist-lab-"

# Dask's semaphores are not given back when the engine ends at once; nobody needs to know.
_QUIET = ("-W", "ignore::UserWarning:multiprocessing.resource_tracker")


class EngineError(RunError):
    """The engine cannot take or finish a task; the message is one sentence for the visitor."""


class EngineProcess:
    """Starts with the object and ends with `stop` or with this process."""

    def __init__(self) -> None:
        sweep()
        # Each process of the engine has its temporary files here; a killed one leaves some.
        self.temporary = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
        self._process = subprocess.Popen(
            [sys.executable, *_QUIET, "-m", "fmnist_core.engine.host"],
            cwd=ROOT,
            # Dask reports each lost connection with a stack trace; we say what it means instead.
            env={
                **os.environ,
                "DASK_LOGGING__DISTRIBUTED": "critical",
                "TMPDIR": str(self.temporary),
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # Ctrl-C in the terminal is for the web server only. Not a new session: on Linux each
            # has its own share of the processor, and being nice would mean nothing to the pages.
            process_group=0,
        )

    def address(self) -> str:
        """Wait for the scheduler and return its address; raises EngineError when it ended."""
        stdout = self._process.stdout
        assert stdout is not None
        watchdog = threading.Timer(START_SECONDS, self._process.kill)
        watchdog.start()
        try:
            line = stdout.readline()
        finally:
            watchdog.cancel()
        if not line:
            raise EngineError(mark("The engine process ended before it was ready."))
        return str(json.loads(line)["address"])

    @property
    def ended(self) -> bool:
        """Whether the process is gone."""
        return self._process.poll() is not None

    def worker_bytes(self, *, own: bool = False) -> float:
        """Return the resident memory of the largest of its children, or what it alone has of it."""
        import psutil

        family = psutil.Process(self._process.pid).children(recursive=True)
        return max(
            (
                process.memory_full_info().uss if own else process.memory_info().rss
                for process in family
            ),
            default=0,
        )

    def end(self) -> str:
        """Return how a worker has ended just now, in a sentence; empty if none is known to.

        Waits a little for the host to notice. A note from before is of another worker.
        """
        now, end_of_wait = time.time(), time.monotonic() + END_SECONDS
        while time.monotonic() < end_of_wait and not self.ended:
            end = files.read_json(self.temporary / WORKER_END) or {}
            if (files.number(end, "time") or 0.0) > now - FRESH_SECONDS:
                break
            time.sleep(0.02)
        else:
            return ""
        return told(end)

    def stop(self) -> None:
        """End the process, which ends by itself when its input closes."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
        shutil.rmtree(self.temporary, ignore_errors=True)


def told(end: Mapping[str, Any]) -> str:
    """Return in a sentence what the host has written down about a worker's end."""
    if end.get("for_memory") is True:
        return FOR_MEMORY
    free = megabytes(files.number(end, "free_bytes") or 0)
    return ENDED.format(how=files.text(end, "how"), free=free)


def sweep() -> None:
    """Delete what engines left behind whose web process was killed together with them."""
    import psutil

    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        owner = folder.name.removeprefix(PREFIX).split("-")[0]
        if owner.isdecimal() and not psutil.pid_exists(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)
