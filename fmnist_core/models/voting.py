"""One answer from several readings of a picture: the mean of their probabilities."""

from typing import NamedTuple, Protocol

import numpy as np

from fmnist_core.data.examples import Prepared
from fmnist_core.preprocessing.item import Item

# Below this the likeliest class is more likely wrong than right.
UNSURE = 0.5


class Answers(Protocol):
    """Anything that gives float32 (n, classes) probabilities for uint8 (n, 28, 28) images."""

    def probabilities(self, images: np.ndarray) -> np.ndarray: ...  # noqa: D102 - said above


class Vote(NamedTuple):
    """What one reading was taken for: float32 (classes,) probabilities."""

    name: str
    array: np.ndarray
    probabilities: np.ndarray


def vote(probabilities: np.ndarray, owners: np.ndarray) -> np.ndarray:
    """Return (items, classes): each item's mean over the rows (n, classes) of its readings.

    `owners` int (n,) says whose each row is, from 0; every item has at least one.
    """
    counts = np.bincount(owners)
    sums = np.zeros((len(counts), probabilities.shape[1]), probabilities.dtype)
    np.add.at(sums, owners, probabilities)
    return sums / counts[:, None].astype(probabilities.dtype)


def classify(item: Item, classifier: Answers) -> tuple[np.ndarray, list[Vote]]:
    """Return the mean probabilities (classes,) over the item's readings, and each one's vote."""
    rows = classifier.probabilities(np.stack([reading.array for reading in item.readings]))
    votes = [Vote(*reading, row) for reading, row in zip(item.readings, rows, strict=True)]
    return vote(rows, np.zeros(len(rows), int))[0], votes


def accuracy(items: Prepared, probabilities: np.ndarray) -> float:
    """Return the share of items, 0 to 1, whose vote over (n, classes) of readings has it right."""
    return float((vote(probabilities, items.owners).argmax(1) == items.labels).mean())
