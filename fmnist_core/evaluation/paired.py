"""Two models on the same images: who is right where the other is wrong, and could it be chance."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from fmnist_core.evaluation.metrics import NORMAL_95

Quadrant = Literal["both right", "only first", "only second", "both wrong"]
QUADRANTS: tuple[Quadrant, ...] = ("both right", "only first", "only second", "both wrong")


@dataclass(frozen=True)
class Pairing:
    """Counts of images by who is right, and what they say of the two accuracies.

    `difference` is the second's accuracy less the first's, -1 to 1, `interval` its 95 % interval,
    and `p_value` McNemar's, 0 to 1.
    """

    both_right: int
    only_first: int
    only_second: int
    both_wrong: int
    difference: float
    interval: tuple[float, float]
    p_value: float

    @property
    def examples(self) -> int:
        """The number of images."""
        return self.both_right + self.only_first + self.only_second + self.both_wrong

    def count(self, quadrant: Quadrant) -> int:
        """Return the number of images in one of the four quadrants."""
        return {
            "both right": self.both_right,
            "only first": self.only_first,
            "only second": self.only_second,
            "both wrong": self.both_wrong,
        }[quadrant]


def pair(first_right: np.ndarray, second_right: np.ndarray) -> Pairing:
    """Return what two bool (n,) arrays, right answers on the same n ≥ 1 images, say of two models.

    Raises ValueError when they have different lengths or none.
    """
    if first_right.shape != second_right.shape or not len(first_right):
        raise ValueError(
            f"Expected right answers on the same images; got {first_right.shape} for the first "
            f"model and {second_right.shape} for the second."
        )
    total = len(first_right)
    both = int((first_right & second_right).sum())
    only_first = int((first_right & ~second_right).sum())
    only_second = int((~first_right & second_right).sum())
    difference = (only_second - only_first) / total
    return Pairing(
        both_right=both,
        only_first=only_first,
        only_second=only_second,
        both_wrong=total - both - only_first - only_second,
        difference=difference,
        interval=_interval(only_first, only_second, total),
        p_value=mcnemar(only_first, only_second),
    )


def _interval(only_first: int, only_second: int, total: int) -> tuple[float, float]:
    """Return the 95 % interval of a difference between paired shares (Wald; Agresti 2013, 11.1)."""
    apart, difference = only_first + only_second, (only_second - only_first) / total
    half = NORMAL_95 * math.sqrt(max(apart - total * difference**2, 0)) / total
    return max(-1.0, difference - half), min(1.0, difference + half)


def mcnemar(only_first: int, only_second: int) -> float:
    """Return McNemar's two-sided p-value, 0 to 1, exact at any size.

    If the models were equally good, an image that only one of them gets right would be either's
    with the same chance, like the toss of a coin. This is the probability that tosses are at least
    as uneven as the two counts (McNemar 1947; for classifiers Dietterich 1998).
    """
    tosses, fewer = only_first + only_second, min(only_first, only_second)
    # Whole numbers of any size are exact in Python; the last division alone rounds.
    ways, term = 0, 1
    for heads in range(fewer + 1):
        ways += term
        term = term * (tosses - heads) // (heads + 1)
    return min(1.0, 2 * ways / 2**tosses)


def quadrant(
    name: Quadrant, first_right: np.ndarray, second_right: np.ndarray, sureness: np.ndarray
) -> np.ndarray:
    """Return the indices of the images in a quadrant, largest `sureness` (n,) first."""
    members = {
        "both right": first_right & second_right,
        "only first": first_right & ~second_right,
        "only second": ~first_right & second_right,
        "both wrong": ~first_right & ~second_right,
    }[name]
    indices = np.flatnonzero(members)
    return indices[np.argsort(-sureness[indices], kind="stable")]
