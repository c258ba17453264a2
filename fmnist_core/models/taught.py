"""Taught copies of models: each a folder like a run's, its owner's alone, gone after a day.

They lie apart from the runs, so that no link, list or command finds them.
"""

import shutil
from pathlib import Path

from fmnist_core import files
from fmnist_core.models import catalogue
from fmnist_core.models.catalogue import Model, ModelError
from fmnist_core.runs.run import Run
from fmnist_core.runs.status import RunNotFound
from fmnist_core.runs.store import RunStore

FOLDER = ".taught"  # below the runs: it is no run's id, so it is not listed there
LIFETIME = 24 * 3600.0  # seconds
MOST = 3  # copies of one visitor
MOST_OF_ALL = 60  # a copy takes up to 10 MB


class TaughtCopies:
    """All taught copies below one folder of runs."""

    def __init__(self, runs: Path) -> None:
        self._store = RunStore(runs / FOLDER)

    def create(self, base: Model, visitor: str) -> Run:
        """Return a new copy's folder, still without a network; the visitor's oldest may go."""
        self.prune()
        # Room for the new one.
        for old in self.of(visitor)[MOST - 1 :]:
            self.discard(old)
        oldest_first = sorted(self._store.all(), key=lambda copy: copy.status().created)
        for old in oldest_first[: max(0, len(oldest_first) - MOST_OF_ALL + 1)]:
            self.discard(old)
        title = base.title[:50]
        recipe = base.recipe.changed(name=title if "taught" in title else f"{title}, taught")
        return self._store.create(recipe, visitor)

    def of(self, visitor: str) -> list[Run]:
        """Return the visitor's copies, newest first; those that a crash left are interrupted."""
        found = self._store.of(visitor)
        if any(copy.status().active for copy in found):
            self._store.mark_interrupted()
        return [copy for copy in found if not _expired(copy)]

    def get(self, name: str, visitor: str) -> Run:
        """Return the visitor's copy of that id; raises RunNotFound, also for somebody else's."""
        copy = self._store.get(name)
        if not copy.about.owned_by(visitor) or _expired(copy):
            raise RunNotFound("There is no such copy; it may have been thrown away.")
        return copy

    def models(self, visitor: str) -> list[Model]:
        """Return the visitor's copies that can answer, newest first."""
        found = []
        for copy in self.of(visitor):
            if copy.status().status == "finished":
                try:
                    found.append(catalogue.from_run(copy))
                except ModelError:
                    continue  # thrown away in another tab just now
        return found

    def discard(self, copy: Run) -> None:
        """Delete a copy's files for good; one that is still being taught stops by itself."""
        shutil.rmtree(copy.folder, ignore_errors=True)

    def prune(self) -> None:
        """Delete every copy that is older than LIFETIME."""
        for copy in self._store.all():
            if _expired(copy):
                self.discard(copy)


def is_copy(model: Model) -> bool:
    """Return whether a model is a taught copy."""
    return model.folder.parent.name == FOLDER


def _expired(copy: Run) -> bool:
    return files.age(copy.status().created) > LIFETIME
