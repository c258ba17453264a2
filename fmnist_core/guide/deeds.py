"""What a visitor has done, as far as missions ask: their runs and their journal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from fmnist_core.guide.journal import Journal
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.runs.rows import epoch_rows
from fmnist_core.runs.run import Run
from fmnist_core.runs.status import RunError


@dataclass(frozen=True)
class Epoch:
    """What one epoch measured: shares 0 to 1, loss in nats."""

    accuracy: float
    val_accuracy: float
    val_loss: float


@dataclass(frozen=True)
class Past:
    """What missions need to know of one run; `test_accuracy` is on the 10,000 test images."""

    id: str
    name: str
    recipe: Recipe
    created: float
    epochs: tuple[Epoch, ...] = ()
    test_accuracy: float | None = None

    @property
    def gap(self) -> float:
        """By how much training beat validation accuracy in the last epoch."""
        last = self.epochs[-1]
        return round(last.accuracy - last.val_accuracy, 9)  # as floats 0.88 - 0.86 exceeds 0.02

    @property
    def best(self) -> float:
        """The highest validation accuracy of any epoch."""
        return max(epoch.val_accuracy for epoch in self.epochs)


@dataclass(frozen=True)
class Deeds:
    """What a visitor has done: runs in the order they were made, and journal entries by kind."""

    runs: Sequence[Past] = ()
    wrong_labels: Mapping[str, Any] = field(default_factory=dict)
    fooled: Mapping[str, Any] = field(default_factory=dict)


def past_of(run: Run, test_labels: np.ndarray) -> Past | None:
    """Return what a run's folder says, or None when its recipe is damaged.

    `test_labels` (10000,) are the classes of the test images, for the accuracy.
    """
    try:
        status, recipe = run.status(), run.recipe
    except RunError:
        return None
    epochs = [
        Epoch(row.accuracy, row.val_accuracy, row.val_loss)
        for row in epoch_rows(run.history()[0])
        if row.accuracy is not None and row.val_accuracy is not None and row.val_loss is not None
    ]
    past = Past(run.id, status.name, recipe, status.created, tuple(epochs))
    found = run.evaluation()
    if found is None or len(found.test_probabilities) != len(test_labels):
        return past
    right = (found.test_probabilities.argmax(1) == test_labels).mean()
    return replace(past, test_accuracy=float(right))


def finds_wrong_label(guess: int, label: int, answer: int, doubted: bool) -> bool:
    """Whether a guess made before the label was shown has found a wrong one.

    It must contradict the label and agree with the `answer` of a network that was not trained on
    the image, and confident learning must have `doubted` the label, all three by themselves.
    """
    return doubted and guess == answer != label


def deeds_of(runs: Sequence[Past], journal: Journal) -> Deeds:
    """Return what the checks look at."""
    runs = sorted(runs, key=lambda past: past.created)
    return Deeds(runs, journal.entries("wrong_label"), journal.entries("fooled"))
