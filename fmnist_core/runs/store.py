"""All runs below one folder: made, found, listed by visitor, deleted and restored."""

import contextlib
import os
import platform
import re
import secrets
import shutil
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fmnist_core import files, paths
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.runs.about import owner_of
from fmnist_core.runs.mirror import Mirror, is_remote, local_copy
from fmnist_core.runs.run import ABOUT, RECIPE, STATUS, Run
from fmnist_core.runs.status import ACTIVE, RunError, RunNotFound
from fmnist_core.translation import mark, say

if TYPE_CHECKING:
    import psutil

TRASH_SECONDS = 24 * 3600
# After this long without a word, a run on another computer counts as interrupted.
SILENCE_SECONDS = 300

# The first character is never a dash or underscore, so that an id is safe on a command line.
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{21}")


class RunStore:
    """All runs below one folder, which may mirror another place (see `mirror`)."""

    def __init__(self, root: Path | str | None = None) -> None:
        place = root or os.environ.get("FMNIST_RUNS") or paths.RUNS
        self.mirror: Mirror | None = None
        if isinstance(place, str) and is_remote(place):
            self.mirror = Mirror(place, local_copy(place))
            self.mirror.begin()
            place = local_copy(place)
        self.root = Path(str(place).removeprefix("file://")).absolute()

    @property
    def _trash(self) -> Path:
        return self.root / ".trash"

    def create(self, recipe: Recipe, visitor: str) -> Run:
        """Return a new run of `recipe` that belongs to `visitor`, not yet submitted."""
        return self.create_owned(recipe, owner_of(visitor))

    def create_owned(self, recipe: Recipe, owner: str, sweep: str = "") -> Run:
        """Return a new run of whoever `owner_of` calls so, perhaps a trial of a sweep."""
        run = Run(self.root / new_id())
        run.folder.mkdir(parents=True, mode=0o700)
        with files.replacing(run.folder / RECIPE) as stream:
            stream.write(recipe.to_json().encode())
        about = {"owner": owner, "name": recipe.name, "created": time.time(), "sweep": sweep}
        files.write_json(run.folder / ABOUT, about)
        run.set_status("queued")
        return run

    def get(self, run_id: str) -> Run:
        """Return the run of that id; raises RunNotFound."""
        # The pattern keeps "..", separators and everything else away from the file system.
        if ID.fullmatch(run_id):
            folder = self.root / run_id
            if folder.is_dir() and not folder.is_symlink():
                return Run(folder)
        raise RunNotFound(say("There is no such run; it may have been deleted."))

    def all(self) -> list[Run]:
        """Return every run, in no order."""
        try:
            with os.scandir(self.root) as entries:
                found = [
                    entry.name
                    for entry in entries
                    if ID.fullmatch(entry.name) and entry.is_dir(follow_symlinks=False)
                ]
        except OSError:
            return []
        return [Run(self.root / name) for name in found]

    def of(self, visitor: str, *, trials: bool = False) -> list[Run]:
        """Return the visitor's runs, newest first; `trials` of sweeps only where asked for."""
        owner = owner_of(visitor)
        found = []
        for run in self.all():
            about = run.about.content()
            if about.get("owner") == owner and (trials or not about.get("sweep")):
                found.append((files.number(about, "created") or 0.0, run.id, run))
        return [run for *_, run in sorted(found, key=lambda item: item[:2], reverse=True)]

    def delete(self, run: Run) -> None:
        """Move a run to the trash, where it can be restored for a day.

        Raises RunError while the run works and RunNotFound when it is gone already.
        """
        if run.status().active:
            raise RunError(say("This run is still going; stop it before deleting it."))
        self.prune()
        self._trash.mkdir(exist_ok=True, mode=0o700)
        try:
            os.utime(run.folder)  # prune() counts from here
            run.folder.rename(self._trash / run.id)
        except OSError:
            raise RunNotFound(say("There is no such run; it may have been deleted.")) from None

    def restore(self, run_id: str) -> Run:
        """Take a deleted run back out of the trash; raises RunNotFound when it is not there."""
        if not ID.fullmatch(run_id):
            raise RunNotFound(say("There is no such run in the trash."))
        with contextlib.suppress(OSError):
            (self._trash / run_id).rename(self.root / run_id)
        return self.get(run_id)

    def held(self, run: Run) -> bool:
        """Return whether the process that last had a run is still there."""
        return held(files.read_json(run.folder / STATUS) or {})

    def held_elsewhere(self, run: Run) -> bool:
        """Return whether another living process has a run, another app's for instance."""
        content = files.read_json(run.folder / STATUS) or {}
        holder = content.get("holder")
        # A run that was only made is nobody's, and whoever submits it is the first.
        named = isinstance(holder, dict) and bool(holder)
        return named and holder != this_process() and held(content)

    def mark_interrupted(self) -> list[Run]:
        """Mark active runs whose process is gone as interrupted, and return these.

        They can be resumed.
        """
        found = []
        for run in self.all():
            content = files.read_json(run.folder / STATUS) or {}
            if content.get("status") in ACTIVE and not held(content):
                # Else another app deletes it just now, or the disk is full: the next look sees.
                with contextlib.suppress(OSError):
                    words = mark("The app was restarted. Press Resume to go on.")
                    run.set_status("interrupted", words)
                    found.append(run)
        return found

    def clean_up(self, days: float | None, most_bytes: float | None) -> list[str]:
        """Delete for good what is over for too long or too much, and return the ids.

        Runs that are over for more than `days`, then the oldest ones until all take at most
        `most_bytes`. What waits, works, is pinned or was looked at by others by its link stays.
        """
        gone = []
        kept: list[tuple[float, int, Run]] = []
        total = 0
        for run in self.all():
            size = _bytes(run.folder)
            total += size
            status = run.status()
            if not status.active and not run.about.kept:
                kept.append((status.finished or status.created, size, run))
        for ended, size, run in sorted(kept, key=lambda item: item[0]):
            old = days is not None and files.age(ended) > days * 86_400
            if old or (most_bytes is not None and total > most_bytes):
                shutil.rmtree(run.folder, ignore_errors=True)
                total -= size
                gone.append(run.id)
        return gone

    def forget(self, visitor: str) -> int:
        """Delete for good all runs of a visitor that are not going on; return how many."""
        mine = [run for run in self.of(visitor, trials=True) if not run.status().active]
        if self._trash.is_dir():
            owner = owner_of(visitor)
            trashed = [Run(folder) for folder in self._trash.iterdir()]
            mine += [run for run in trashed if run.status().owner == owner]
        for run in mine:
            shutil.rmtree(run.folder, ignore_errors=True)
        return len(mine)

    def prune(self, older_than: float = TRASH_SECONDS) -> None:
        """Delete for good what has been in the trash for more than `older_than` seconds."""
        if not self._trash.is_dir():
            return
        for folder in self._trash.iterdir():
            with contextlib.suppress(OSError):
                if files.age(folder.stat().st_mtime) > older_than:
                    shutil.rmtree(folder, ignore_errors=True)


def this_process() -> dict[str, Any]:
    """Return what tells this process from all others, for the `holder` in a status."""
    import psutil  # the engine's Dask brings it along

    since = round(_began(psutil.Process()), 1)
    return {"host": platform.node(), "pid": os.getpid(), "since": since, "boot": _boot()}


def held(content: dict[str, Any]) -> bool:
    """Return whether the process that a status names as its `holder` is still there."""
    import psutil

    holder = content.get("holder")
    holder = holder if isinstance(holder, dict) else {}
    age = time.time() - (files.number(content, "updated") or 0.0)
    if holder.get("host") != platform.node():
        return age < SILENCE_SECONDS
    try:
        process = psutil.Process(files.whole(holder, "pid"))
        same = abs(_began(process) - (files.number(holder, "since") or 0.0)) < 2
        return same and holder.get("boot") == _boot()
    except (psutil.Error, ValueError, OverflowError):
        return False


def _began(process: "psutil.Process") -> float:
    """Return when a process began, in seconds of a clock that is not moved while it lives."""
    import psutil

    # Linux counts from its own start, which moves with the clock.
    return process.create_time() - (psutil.boot_time() if sys.platform == "linux" else 0.0)


def _boot() -> str:
    """Return what tells this start of the computer from others, where processes count from it."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""


def _bytes(folder: Path) -> int:
    """Return what the files below a folder take; what is replaced or deleted just now is 0."""
    total = 0
    for where, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                total += Path(where, name).lstat().st_size
    return total


def new_id() -> str:
    """Return a new id, 22 URL-safe characters that nobody can guess."""
    while not ID.fullmatch(found := secrets.token_urlsafe(16)):
        pass
    return found
