"""Runs on their way to a worker and back: what becomes of one that is done, cut off or lost."""

import contextlib
import logging
from typing import Any, Literal

from fmnist_core.engine.process import EngineProcess
from fmnist_core.runs.run import Run
from fmnist_core.runs.status import RunState
from fmnist_core.runs.store import RunStore, this_process
from fmnist_core.training.progress import TrainingError
from fmnist_core.translation import mark

# It made room and waits again, a worker that we are cut off from goes on with it, or it is over.
Fate = Literal["waits", "goes on", "over"]

ENGINE_DIED = mark("The training engine ended unexpectedly.")
_WORKER_LOST = mark("The worker that had it has ended or cannot be reached.")
_ENGINE_CLOSED = mark("The app was closed. Press Resume to go on.")
# Written with values in them; pages translate them by `retold`.
KEPT = mark("{why} Curves and checkpoint are kept.")
REFUSED = mark("The engine's worker could not run it ({name}); the server's log says more.")

# What Dask says of a task whose worker is gone.
_LOST = ("KilledWorker", "lost", "cancelled")

_log = logging.getLogger(__name__)


class Handover:
    """Gives runs of `store` to workers, those of a `cluster` or our own, and takes them back."""

    def __init__(self, store: RunStore, *, cluster: bool) -> None:
        self._store, self._cluster = store, cluster

    def handed_out(self, run: Run) -> str:
        """Return where a worker that shares no disk with us finds a run, or ""."""
        mirror = self._store.mirror
        if mirror is None or not self._cluster:
            return ""
        mirror.push(run.id)
        return f"{mirror.address}/{run.id}"

    def fetched(self, run: Run) -> bool:
        """Get the worker's last words from where it left them; return whether that was possible."""
        if self._store.mirror is None or not self._cluster:
            return True
        try:
            self._store.mirror.pull(run.id)
        except Exception as error:
            _log.warning("run %s cannot be fetched: %s", run.id, error)
            return False
        return True

    def taken_back(
        self,
        run: Run,
        future: Any,  # noqa: ANN401 - a Dask future
        process: EngineProcess | None,
        *,
        resting: bool,
        again: bool,
    ) -> Fate:
        """Return what becomes of a run whose task is over; one that failed is told why.

        One that was `resting` had been asked to make room: if it has, nothing of it is lost. One
        that was given to a worker just as it ended, and was not begun, waits `again`.
        """
        cut_off = self._cluster and future.status in ("lost", "cancelled")
        spared = (
            _waits(run) and (resting or cut_off or (again and _error_name(future) in _LOST))
        ) or (cut_off and self._goes_on(run))
        if future.status != "finished" and not spared:
            why = KEPT.format(why=why_lost(future, process))
            _fail(run, why, "interrupted" if cut_off else "failed")
        if _rests(run):
            return "waits"
        return "goes on" if run.status().active else "over"

    def given_up(self, run: Run, *, closed: bool) -> Fate:
        """Return what becomes of a run whose engine has ended, or was `closed` with the app."""
        # Where the disk is full: its process being gone, the run is marked interrupted later.
        with contextlib.suppress(OSError):
            if not closed and _rests(run):  # no worker had begun it
                return "waits"
        if self._goes_on(run):
            return "goes on"
        why = _ENGINE_CLOSED if closed else KEPT.format(why=ENGINE_DIED)
        with contextlib.suppress(OSError):
            _fail(run, why, "interrupted" if closed or self._cluster else "failed")
        return "over"

    def _goes_on(self, run: Run) -> bool:
        """Return whether a cluster's worker trains a run still, though we are cut off from it."""
        if not self._cluster or not run.folder.is_dir():
            return False
        status = run.status()
        return status.active and status.status != "queued" and self._store.held(run)


def why_lost(future: Any, process: EngineProcess | None) -> str:  # noqa: ANN401 - a Dask future
    """Return why a task did not finish, in a sentence: what is known, and no guess."""
    error = future.exception() if future.status == "error" else None
    if isinstance(error, TrainingError):
        return str(error)
    name = _error_name(future)
    if name not in _LOST:
        return REFUSED.format(name=name)
    end = process.end() if process else ""
    return end or _WORKER_LOST


def _error_name(future: Any) -> str:  # noqa: ANN401 - a Dask future
    return type(future.exception()).__name__ if future.status == "error" else str(future.status)


def _waits(run: Run) -> bool:
    return run.folder.is_dir() and run.status().status == "queued"


def _rests(run: Run) -> bool:
    """Return whether a run that ended only made room, and take it over from the worker."""
    if not _waits(run):
        return False
    if command := run.control().command:  # asked while it was making room
        run.request("stop" if command == "stop" else "pause", run.control().reason)
        return False
    run.set_status("queued", holder=this_process())
    return True


def _fail(run: Run, reason: str, status: RunState) -> None:
    if run.folder.is_dir() and run.status().status not in ("finished", "stopped", "paused"):
        run.set_status(status, reason, images_per_second=None, seconds_left=None)
