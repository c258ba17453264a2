"""Runs: what happened to a recipe, as a folder that outlives page, browser and server."""

import contextlib
import hashlib
import hmac
import math
import os
import platform
import re
import secrets
import shutil
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import numpy as np

from fmnist_core import run_files
from fmnist_core.options import RecipeError
from fmnist_core.recipe import Recipe

Command = Literal["pause", "stop"]
RunRow = dict[str, Any]

ACTIVE = ("queued", "starting", "running", "pausing", "stopping")
OVER = ("paused", "stopped", "finished", "failed", "interrupted")
TRASH_SECONDS = 24 * 3600
# After this long without a word, a run on another computer counts as interrupted.
SILENCE_SECONDS = 300
DEFAULT_ROOT = Path(__file__).parents[1] / "runs"

# The first character is never a dash or underscore, so that an id is safe on a command line.
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{21}")


class RunError(Exception):
    """Something cannot be done with a run; the message is one sentence for the visitor."""


class RunNotFound(RunError):  # noqa: N818 - reads better where it is caught
    """There is no run of that id."""


@dataclass(frozen=True)
class Status:
    """Where a run is.

    `created`, `started`, `finished` and `updated` are seconds since 1970; `seconds` is the time
    spent training; `epoch`, and `batch` of the epoch that is going, count what is done.
    """

    id: str
    name: str
    status: str
    reason: str = ""
    owner: str = ""
    created: float = 0.0
    started: float | None = None
    finished: float | None = None
    epoch: int = 0
    epochs: int = 0
    batch: int = 0
    batches: int = 0
    best_epoch: int = 0
    images_per_second: float | None = None
    seconds_left: float | None = None
    seconds: float = 0.0
    updated: float | None = None

    @property
    def active(self) -> bool:
        """Whether it waits or works, so that this status will change by itself."""
        return self.status in ACTIVE

    @property
    def progress(self) -> float:
        """The share of the planned batches that is done, 0 to 1."""
        if self.status == "finished":
            return 1.0
        if not self.epochs:
            return 0.0
        inside = self.batch / self.batches if self.batches else 0.0
        return min(1.0, (self.epoch + inside) / self.epochs)


@dataclass(frozen=True)
class Validation:
    """How the network does on the validation images after `epoch` (1-based).

    `confusion` is int (10, 10), true class by predicted class. `sample_indices` (n,) are indices
    into the training images, `sample_probabilities` is float32 (n, 10).
    """

    epoch: int
    confusion: np.ndarray
    sample_indices: np.ndarray
    sample_probabilities: np.ndarray


@dataclass(frozen=True)
class Evaluation:
    """Probabilities of the best epoch's network, float32 (images, 10) in data set order."""

    test_probabilities: np.ndarray
    validation_probabilities: np.ndarray


@dataclass(frozen=True)
class Control:
    """What a page asked a run to do; `asked` tells one wish for a learning rate from the next."""

    command: str = ""
    learning_rate: float | None = None
    asked: str = ""


def owner_of(visitor: str) -> str:
    """Return what is stored of a visitor id, its SHA-256: a folder does not give the id away."""
    return hashlib.sha256(visitor.encode()).hexdigest()


@lru_cache(maxsize=512)
def _parse(text: bytes) -> Recipe:
    return Recipe.from_json(text)


class Run:
    """One run's folder. Cheap to make; every call reads the disk afresh."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.id = folder.name

    def __repr__(self) -> str:
        return f"Run({self.id})"

    @property
    def recipe(self) -> Recipe:
        """The recipe; raises RunError when its file is missing or damaged."""
        try:
            with (self.folder / "recipe.json").open("rb") as stream:
                return _parse(stream.read(run_files.MAX_JSON_BYTES))
        except OSError:
            raise RunError("This run's recipe is missing.") from None
        except (RecipeError, UnicodeDecodeError) as error:
            raise RunError(f"This run's recipe is damaged: {error}") from None

    def status(self) -> Status:
        """Return where the run is; a damaged folder reads as failed, with the reason."""
        about = run_files.read_json(self.folder / "about.json") or {}
        content = run_files.read_json(self.folder / "status.json")
        reason, state = "", "failed"
        if content is None:
            content, reason = {}, "This run's status file is missing or damaged."
        else:
            state, reason = run_files.text(content, "status", 20), run_files.text(content, "reason")
            if state not in ACTIVE + OVER:
                state, reason = "failed", "This run's status file is damaged."
        try:
            epochs, name = self.recipe.epochs, self.recipe.name
        except RunError as error:
            epochs, name, state, reason = 0, "Damaged run", "failed", str(error)
        if state in ("starting", "running"):
            state = {"pause": "pausing", "stop": "stopping"}.get(self.control().command, state)
        return Status(
            id=self.id,
            name=run_files.text(about, "name", 100) or name,
            status=state,
            reason=reason,
            owner=run_files.text(about, "owner", 64),
            created=run_files.number(about, "created") or 0.0,
            epochs=epochs,
            started=run_files.number(content, "started"),
            finished=run_files.number(content, "finished"),
            epoch=run_files.whole(content, "epoch"),
            batch=run_files.whole(content, "batch"),
            batches=run_files.whole(content, "batches"),
            best_epoch=run_files.whole(content, "best_epoch"),
            images_per_second=run_files.number(content, "images_per_second"),
            seconds_left=run_files.number(content, "seconds_left"),
            seconds=run_files.number(content, "seconds") or 0.0,
            updated=run_files.number(content, "updated"),
        )

    def history(self, offset: int = 0) -> tuple[list[RunRow], int]:
        """Return the rows written after byte `offset` and the offset to ask for next time.

        Rows of kind "resume" say that training went on from an earlier point; give all rows to
        `valid_rows` before drawing them.
        """
        return run_files.read_lines(self.folder / "history.jsonl", offset)

    def validation(self) -> Validation | None:
        """Return the latest validation, or None before the end of the first epoch."""
        arrays = run_files.read_arrays(self.folder / "validation.npz")
        try:
            assert arrays is not None
            found = Validation(
                int(arrays["epoch"]),
                arrays["confusion"],
                arrays["sample_indices"],
                arrays["sample_probabilities"],
            )
        except (AssertionError, KeyError, TypeError, ValueError):
            return None
        count = len(found.sample_indices) if found.sample_indices.ndim == 1 else -1
        valid = found.confusion.shape == (10, 10) and found.confusion.dtype.kind == "i"
        return found if valid and found.sample_probabilities.shape == (count, 10) else None

    def evaluation(self) -> Evaluation | None:
        """Return the final probabilities, or None while there are none."""
        arrays = run_files.read_arrays(self.folder / "evaluation.npz") or {}
        found = [arrays.get(item.name) for item in fields(Evaluation)]
        if any(a is None or a.ndim != 2 or a.shape[1] != 10 or a.dtype.kind != "f" for a in found):
            return None
        return Evaluation(*found)  # type: ignore[arg-type]

    def owned_by(self, visitor: str) -> bool:
        """Return whether this visitor made the run."""
        about = run_files.read_json(self.folder / "about.json") or {}
        owner = run_files.text(about, "owner", 64)
        return hmac.compare_digest(owner.encode(), owner_of(visitor).encode())

    # What a page may ask for

    def request(self, command: Command) -> None:
        """Ask a run to pause or stop at its next batch; one that only waits does so at once.

        Raises RunError when the run is neither waiting nor working.
        """
        status = self.status()
        if not status.active:
            raise RunError(f"This run is {status.status}; there is nothing to {command}.")
        self._control(command=command)
        if status.status == "queued":
            done = {"pause": "paused", "stop": "stopped"}[command]
            self.set_status(done, reason="It was still waiting for its turn.")

    def set_learning_rate(self, learning_rate: float) -> None:
        """Ask for another learning rate from the next batch on.

        A schedule goes on from there in proportion. Raises RunError when it is no sensible number.
        """
        if not (math.isfinite(learning_rate) and 1e-7 <= learning_rate <= 10):
            raise RunError(
                f"The learning rate is {learning_rate:g}; choose one from 0.0000001 to 10."
            )
        self._control(learning_rate=float(learning_rate), asked=secrets.token_hex(4))

    def rename(self, name: str) -> None:
        """Give the run another name of 1 to 60 printable characters; raises RunError otherwise."""
        name = " ".join(name.split())
        if not (0 < len(name) <= 60 and name.isprintable()):
            raise RunError("A name has 1 to 60 printable characters.")
        about = run_files.read_json(self.folder / "about.json") or {}
        run_files.write_json(self.folder / "about.json", {**about, "name": name})

    def extend(self, epochs: int) -> None:
        """Plan more epochs, `epochs` in total; submit the run again to train them.

        Raises RunError while it works or when it has already done as many.
        """
        status = self.status()
        if status.active:
            raise RunError("This run is still going; continue it when it is done.")
        if epochs <= status.epoch:
            raise RunError(f"This run has done {status.epoch} epochs; choose more than that.")
        try:
            longer = self.recipe.changed(epochs=epochs)
        except RecipeError as error:
            raise RunError(str(error)) from None
        with run_files.replacing(self.folder / "recipe.json") as stream:
            stream.write(longer.to_json().encode())

    # What training and the engine write

    def control(self) -> Control:
        """Return what a page has asked for."""
        content = run_files.read_json(self.folder / "control.json") or {}
        return Control(
            run_files.text(content, "command", 10),
            run_files.number(content, "learning_rate"),
            run_files.text(content, "asked", 30),
        )

    def clear_control(self) -> None:
        """Forget a pause or stop before the run is submitted again; a learning rate stays."""
        if self.control().command:
            self._control(command="")

    def _control(self, **changes: Any) -> None:  # noqa: ANN401 - JSON values
        path = self.folder / "control.json"
        run_files.write_json(path, {**(run_files.read_json(path) or {}), **changes})

    def set_status(self, status: str, reason: str = "", **progress: Any) -> None:  # noqa: ANN401
        """Write a new status; fields that are not given stay as they were.

        `progress` holds fields of Status, and `holder`, the process that works on the run.
        """
        path = self.folder / "status.json"
        now = {"status": status, "reason": reason, "updated": time.time(), **progress}
        if status in OVER and "finished" not in progress:
            now["finished"] = now["updated"]
        run_files.write_json(path, {**(run_files.read_json(path) or {}), **now})

    def append(self, kind: str, **row: float | None) -> None:
        """Append a row to the history."""
        row = {key: value for key, value in row.items() if _finite(value)}
        run_files.append_line(self.folder / "history.jsonl", {"kind": kind, **row})


def _finite(value: float | None) -> bool:
    return value is None or math.isfinite(value)


def valid_rows(rows: Iterable[RunRow], kind: str | None = None) -> list[RunRow]:
    """Return the rows that count: those trained again after a resume are left out.

    With `kind` ("batch" or "epoch"), only rows of that kind; rows of kind "resume" never.
    """
    kept: list[RunRow] = []
    for row in rows:
        if row.get("kind") == "resume":
            epoch, batch = run_files.whole(row, "epoch"), run_files.whole(row, "batch")
            kept = [old for old in kept if _position(old) <= (epoch, batch)]
        else:
            kept.append(row)
    return [row for row in kept if kind is None or row.get("kind") == kind]


def _position(row: RunRow) -> tuple[int, float]:
    batch = math.inf if row.get("kind") == "epoch" else run_files.whole(row, "batch")
    return run_files.whole(row, "epoch"), batch


class RunStore:
    """All runs below one folder."""

    def __init__(self, root: Path | str | None = None) -> None:
        self.root = Path(root or os.environ.get("FMNIST_RUNS") or DEFAULT_ROOT).absolute()

    @property
    def _trash(self) -> Path:
        return self.root / ".trash"

    def create(self, recipe: Recipe, visitor: str) -> Run:
        """Return a new run of `recipe` that belongs to `visitor`, not yet submitted."""
        run = Run(self.root / _new_id())
        run.folder.mkdir(parents=True, mode=0o700)
        with run_files.replacing(run.folder / "recipe.json") as stream:
            stream.write(recipe.to_json().encode())
        about = {"owner": owner_of(visitor), "name": recipe.name, "created": time.time()}
        run_files.write_json(run.folder / "about.json", about)
        run.set_status("queued")
        return run

    def get(self, run_id: str) -> Run:
        """Return the run of that id; raises RunNotFound."""
        # The pattern keeps "..", separators and everything else away from the file system.
        if _ID.fullmatch(run_id):
            folder = self.root / run_id
            if folder.is_dir() and not folder.is_symlink():
                return Run(folder)
        raise RunNotFound("There is no such run; it may have been deleted.")

    def all(self) -> list[Run]:
        """Return every run, in no order."""
        try:
            with os.scandir(self.root) as entries:
                found = [
                    entry.name
                    for entry in entries
                    if _ID.fullmatch(entry.name) and entry.is_dir(follow_symlinks=False)
                ]
        except OSError:
            return []
        return [Run(self.root / name) for name in found]

    def of(self, visitor: str) -> list[Run]:
        """Return the visitor's runs, newest first."""
        owner = owner_of(visitor)
        found = []
        for run in self.all():
            about = run_files.read_json(run.folder / "about.json") or {}
            if about.get("owner") == owner:
                found.append((run_files.number(about, "created") or 0.0, run.id, run))
        return [run for *_, run in sorted(found, key=lambda item: item[:2], reverse=True)]

    def delete(self, run: Run) -> None:
        """Move a run to the trash, where it can be restored for a day.

        Raises RunError while the run works and RunNotFound when it is gone already.
        """
        if run.status().active:
            raise RunError("This run is still going; stop it before deleting it.")
        self.prune()
        self._trash.mkdir(exist_ok=True, mode=0o700)
        try:
            os.utime(run.folder)  # prune() counts from here
            run.folder.rename(self._trash / run.id)
        except OSError:
            raise RunNotFound("There is no such run; it may have been deleted.") from None

    def restore(self, run_id: str) -> Run:
        """Take a deleted run back out of the trash; raises RunNotFound when it is not there."""
        if not _ID.fullmatch(run_id):
            raise RunNotFound("There is no such run in the trash.")
        with contextlib.suppress(OSError):
            (self._trash / run_id).rename(self.root / run_id)
        return self.get(run_id)

    def mark_interrupted(self) -> None:
        """Mark active runs whose process is gone as interrupted, so that they can be resumed."""
        for run in self.all():
            content = run_files.read_json(run.folder / "status.json") or {}
            if content.get("status") in ACTIVE and not _held(content):
                run.set_status("interrupted", "The app was restarted. Press Resume to go on.")

    def prune(self, older_than: float = TRASH_SECONDS) -> None:
        """Delete for good what has been in the trash for more than `older_than` seconds."""
        if not self._trash.is_dir():
            return
        for folder in self._trash.iterdir():
            with contextlib.suppress(OSError):
                if time.time() - folder.stat().st_mtime > older_than:
                    shutil.rmtree(folder, ignore_errors=True)


def this_process() -> dict[str, Any]:
    """Return what tells this process from all others, for the `holder` in a status."""
    import psutil  # the engine's Dask brings it along

    since = round(psutil.Process().create_time(), 1)
    return {"host": platform.node(), "pid": os.getpid(), "since": since}


def _held(content: dict[str, Any]) -> bool:
    import psutil

    holder = content.get("holder")
    holder = holder if isinstance(holder, dict) else {}
    age = time.time() - (run_files.number(content, "updated") or 0.0)
    if holder.get("host") != platform.node():
        return age < SILENCE_SECONDS
    try:
        process = psutil.Process(run_files.whole(holder, "pid"))
        return abs(process.create_time() - (run_files.number(holder, "since") or 0.0)) < 2
    except (psutil.Error, ValueError, OverflowError):
        return False


def _new_id() -> str:
    while not _ID.fullmatch(found := secrets.token_urlsafe(16)):
        pass
    return found


def summary(status: Status) -> dict[str, Any]:
    """Return a status as JSON data, without the owner."""
    return {key: value for key, value in asdict(status).items() if key != "owner"}
