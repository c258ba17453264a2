"""Accuracy in slices of the images: the dark and the bright, the typical and the odd."""

from dataclasses import dataclass

import numpy as np

from fmnist_core.evaluation.metrics import wilson


@dataclass(frozen=True)
class Slice:
    """The images whose value lies from `low` to `high`: how many there are and are right.

    `interval` is the 95 % interval of `accuracy` (Wilson).
    """

    low: float
    high: float
    count: int
    correct: int
    accuracy: float
    interval: tuple[float, float]


@dataclass(frozen=True)
class Slices:
    """Slices from the smallest values to the largest; `members` int64 (n,) says whose each is."""

    slices: tuple[Slice, ...]
    members: np.ndarray


def slices(values: np.ndarray, right: np.ndarray, count: int = 10) -> Slices:
    """Return at most `count` slices of equally many images by their `values` (n,).

    `right` is bool (n,). Images with the same value stay together, so that slices may differ in
    size and there may be fewer. Raises ValueError when the lengths differ or there is no image.
    """
    if values.shape != right.shape or not len(values):
        raise ValueError(
            f"Expected one value for each answer, at least one; got {values.shape} values for "
            f"{right.shape} answers."
        )
    edges = np.unique(np.quantile(values, np.arange(1, count) / count, method="lower"))
    # A value on an edge belongs below it; what lies above the last edge is the last slice.
    members = np.searchsorted(edges, values, side="left").astype(np.int64)
    found = []
    kept = np.unique(members)
    for number in kept:
        inside = members == number
        total, correct = int(inside.sum()), int(right[inside].sum())
        found.append(
            Slice(
                low=float(values[inside].min()),
                high=float(values[inside].max()),
                count=total,
                correct=correct,
                accuracy=correct / total,
                interval=wilson(correct, total),
            )
        )
    return Slices(tuple(found), np.searchsorted(kept, members).astype(np.int64))
