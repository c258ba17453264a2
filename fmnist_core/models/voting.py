"""One answer from several readings of a picture: the weighed mean of their probabilities."""

from typing import NamedTuple, Protocol

import numpy as np

from fmnist_core.data.examples import Prepared
from fmnist_core.preprocessing.item import Item

# Below this the likeliest class is more likely wrong than right.
UNSURE = 0.5
# Fitted on real drawings and photos with Field.
SHARPENED = 1.2


class Answers(Protocol):
    """Anything that gives float32 (n, classes) probabilities for uint8 (n, 28, 28) images."""

    def probabilities(self, images: np.ndarray) -> np.ndarray: ...  # noqa: D102 - said above


class Vote(NamedTuple):
    """What one reading was taken for: float32 (classes,) probabilities."""

    name: str
    array: np.ndarray
    probabilities: np.ndarray


def vote(probabilities: np.ndarray, owners: np.ndarray) -> np.ndarray:
    """Return (items, classes): what the readings of each item, rows (n, classes), say together.

    `owners` int (n,) says whose each row is, from 0; every item has at least one. An item's first
    reading, whose mask is the likeliest, counts double. A mean of several is less sure than it is
    right, so it is raised to a power that calibrates it.
    """
    _, first = np.unique(owners, return_index=True)
    weights = np.ones(len(owners), probabilities.dtype)
    weights[first] = 2
    sums = np.zeros((len(first), probabilities.shape[1]), probabilities.dtype)
    np.add.at(sums, owners, probabilities * weights[:, None])
    several = np.bincount(owners) > 1
    sums[several] = (sums[several] / sums[several].sum(1, keepdims=True)) ** SHARPENED
    found: np.ndarray = sums / sums.sum(1, keepdims=True)
    return found


def classify(item: Item, classifier: Answers) -> tuple[np.ndarray, list[Vote]]:
    """Return the probabilities (classes,) that an item's readings give, and each one's vote."""
    rows = classifier.probabilities(np.stack([reading.array for reading in item.readings]))
    votes = [Vote(*reading, row) for reading, row in zip(item.readings, rows, strict=True)]
    return vote(rows, np.zeros(len(rows), int))[0], votes


def accuracy(items: Prepared, probabilities: np.ndarray) -> float:
    """Return the share of items, 0 to 1, whose vote over (n, classes) of readings has it right."""
    return float((vote(probabilities, items.owners).argmax(1) == items.labels).mean())
