"""What a run's folder says, read into values: status, validation, evaluation, control."""

from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

import numpy as np

Command = Literal["pause", "stop"]

# "pausing" and "stopping" are never written: they are said of a run that works and was asked to.
Active = Literal["queued", "starting", "running", "pausing", "stopping"]
Over = Literal["paused", "stopped", "finished", "failed", "interrupted"]
RunState = Active | Over

ACTIVE: tuple[RunState, ...] = get_args(Active)
OVER: tuple[RunState, ...] = get_args(Over)


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
    status: RunState
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
    def present_epoch(self) -> int:
        """The epoch that is going or rests, from 1 on; the last one that was, when all are done."""
        between = self.active and not self.batch
        return min(self.epoch + (self.batch > 0 or between), self.epochs)

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
    """What a page asked a run to do; `asked` tells one wish for a learning rate from the next.

    With `layers`, each layer's weights and gradients are measured after every epoch.
    """

    command: str = ""
    learning_rate: float | None = None
    asked: str = ""
    reason: str = ""
    layers: bool = False


def summary(status: Status) -> dict[str, Any]:
    """Return a status as JSON data, without the owner."""
    return {key: value for key, value in asdict(status).items() if key != "owner"}
