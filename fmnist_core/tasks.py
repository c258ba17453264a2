"""Work on the engine that a visitor waits for: it says how far it is, and ends when nobody waits.

Page and worker talk through two small files beside the runs, which both can reach on one machine
and on a cluster: the page's file lives as long as somebody waits, the worker's says how far it is.
"""

import contextlib
import secrets
import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from fmnist_core import files
from fmnist_core.translation import mark

FOLDER = ".tasks"
LOOK_SECONDS = 0.2
# A page says four times a second that it waits, in a hidden browser tab or on a busy machine less
# often.
SILENCE_SECONDS = 30.0
_KEPT_SECONDS = 24 * 3600.0
_NOBODY = mark("Nobody waits for this any more.")


class Stopped(Exception):  # noqa: N818 - not an error, but an end that was asked for
    """Nobody waits for the task any more."""


class Progress(NamedTuple):
    """How far a task is: a share from 0 to 1, and what it does now, or "".

    `words` are a message as the worker says it, in English; `values` stand in it.
    """

    done: float
    words: str
    values: dict[str, Any]


@dataclass(frozen=True)
class Task:
    """What the page holds of its task."""

    file: Path

    @classmethod
    def begin(cls, root: Path) -> "Task":
        """Return a new task whose files lie below `root`, the folder of the runs."""
        folder = root / FOLDER
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for path in folder.iterdir():
            with contextlib.suppress(OSError):
                if files.age(path.stat().st_mtime) > _KEPT_SECONDS:
                    path.unlink()
        task = cls(folder / secrets.token_hex(8))
        task.file.touch()
        return task

    def wait(self) -> None:
        """Say that somebody still waits; a task that nobody waits for ends by itself."""
        with contextlib.suppress(OSError):
            if self.file.exists():
                self.file.touch()

    def stop(self) -> None:
        """Ask the task to end at its next step; for a task that is over this does nothing."""
        self.file.unlink(missing_ok=True)

    def progress(self) -> Progress:
        """Return what the worker said last."""
        said = files.read_json(self.file.with_suffix(".json")) or {}
        done = files.number(said, "done") or 0.0
        values = said.get("values")
        return Progress(
            min(1.0, max(0.0, done)),
            str(said.get("words", ""))[:200],
            values if isinstance(values, dict) else {},
        )


class _Heard:
    """What the worker knows of who waits."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._looked = 0.0
        # The page's clock may be another than ours: only a change of the time counts.
        self._touched, self._heard = 0, time.monotonic()

    def step(self, progress: Progress) -> None:
        now = time.monotonic()
        if now - self._looked < LOOK_SECONDS:
            return
        self._looked = now
        if not self._file.parent.is_dir():
            return  # on a worker that shares no disk with the page nobody can be heard
        try:
            touched = self._file.stat().st_mtime_ns
        except OSError:
            raise Stopped(_NOBODY) from None
        if touched != self._touched:
            self._touched, self._heard = touched, now
        if now - self._heard > SILENCE_SECONDS:
            self._file.unlink(missing_ok=True)
            raise Stopped(_NOBODY)
        files.write_json(self._file.with_suffix(".json"), progress._asdict())


_present: ContextVar[_Heard | None] = ContextVar("task", default=None)


def step(done: float, words: str = "", **values: float | str) -> None:
    """Say that the present task is `done` (0 to 1), and in `words` what it does now.

    `words` are a marked message; the page translates it and fills the `values` in. Raises Stopped
    when nobody waits for it any more. Outside a task it does nothing, so that functions that call
    it also work on the command line and in tests.
    """
    heard = _present.get()
    if heard is not None:
        heard.step(Progress(done, words, values))


def perform(file: Path, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:  # noqa: ANN401
    """Return `function(*arguments)`, on the worker, as the task of that file; may raise Stopped."""
    before = _present.set(_Heard(file))
    try:
        step(0.0)
        return function(*arguments)
    finally:
        _present.reset(before)
        for path in (file, file.with_suffix(".json")):
            path.unlink(missing_ok=True)
