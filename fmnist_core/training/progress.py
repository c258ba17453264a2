"""Tells the run's folder how training goes: rows, status and what pages ask for."""

import time
from dataclasses import dataclass

from fmnist_core.runs.run import CONTROL, REST, Run
from fmnist_core.runs.status import Control
from fmnist_core.translation import mark

# What ends a run, with values; written in English, said where it is shown.
EARLY = mark("Stopped early: no better validation loss for {epochs} epochs.")
INFINITE = mark(
    "The loss became infinite in epoch {epoch}, at batch {batch}. Try a smaller learning rate."
)
INFINITE_VALIDATION = mark(
    "The validation loss became infinite after epoch {epoch}. Try a smaller learning rate."
)
UNUSABLE = mark("The checkpoint cannot be used ({error}). Train the recipe as a new run.")
DAMAGED = mark("{file} is damaged or of another network: {error}")
UNREADABLE = mark("The weights cannot be read: {error}.")
LACKING = mark("The weights lack {name}, which this recipe's network has.")
MISSHAPEN = mark(
    "The weights {name} are {kind} {shape}; this recipe's network has float32 {expected}."
)
NOT_FINITE = mark("The weights {name} are not all finite numbers.")
SUPERFLUOUS = mark("The weights have {name}, which this network has not.")
UNEXPECTED = mark("Training broke off with an unexpected {error}.")
UNWRITTEN = mark("A file could not be written: {error}.")

ROW_SECONDS = 0.5
POLL_SECONDS = 0.2


class TrainingError(Exception):
    """Training cannot go on; the message is one sentence for the visitor."""


@dataclass
class Tally:
    """Sums over images: of their losses, of those that were right, and how many."""

    loss: float = 0.0
    right: int = 0
    count: int = 0

    def add(self, loss: float, right: int, count: int) -> None:
        """Count a chunk."""
        self.loss, self.right, self.count = self.loss + loss, self.right + right, self.count + count

    @property
    def mean_loss(self) -> float:
        """Loss an image."""
        return self.loss / max(1, self.count)

    @property
    def accuracy(self) -> float:
        """Share that was right, 0 to 1."""
        return self.right / max(1, self.count)


class Speed:
    """Images a second, smoothed; the first call, which traces the network, does not count."""

    def __init__(self) -> None:
        self.value: float | None = None
        self._images = 0
        self._seconds = 0.0
        self._first = True

    def add(self, images: int, seconds: float) -> bool:
        """Count images that took so many seconds; return whether they count."""
        if self._first:
            self._first = False
            return False
        self._images += images
        self._seconds += seconds
        return True

    def update(self) -> None:
        """Take what was counted since the last update into the value."""
        if self._seconds > 0:
            now = self._images / self._seconds
            self.value = now if self.value is None else 0.6 * self.value + 0.4 * now
            self._images, self._seconds = 0, 0.0


class Mailbox:
    """What is asked of a run, looked up a few times a second at the price of two `stat`s."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._path, self._rest = run.folder / CONTROL, run.folder / REST
        self._seen = -1
        self._next = 0.0
        self.rest = False  # whether the engine wants room for another run

    def poll(self) -> Control | None:
        """Return what a page asks for if it may have changed since the last call."""
        now = time.monotonic()
        if now < self._next:
            return None
        self._next = now + POLL_SECONDS
        self.rest = self._rest.exists()
        try:
            changed = self._path.stat().st_mtime_ns
        except OSError:
            return None
        if changed == self._seen:
            return None
        self._seen = changed
        return self._run.control()
