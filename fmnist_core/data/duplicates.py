"""Images that are nearly the same picture, within the training and test images and between."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

Kind = Literal["train", "test", "between"]
BLOCK = 20_000  # pairs at once: 60 MB of differences


@dataclass(frozen=True)
class Pairs:
    """Pairs of images, most alike first.

    `items` is int32 (m, 2), numbers among all images, the lower one first; `distances` is float32
    (m,), the root mean square difference in grey levels, 0 to 255.
    """

    items: np.ndarray
    distances: np.ndarray

    def within(self, distance: float) -> "Pairs":
        """Return the pairs that differ by at most `distance`."""
        kept = self.distances <= distance
        return Pairs(self.items[kept], self.distances[kept])

    def of_kind(self, kind: Kind, train: int) -> "Pairs":
        """Return the pairs of one kind, where the first `train` items are training images."""
        tests = (self.items >= train).sum(1)
        kept = tests == {"train": 0, "between": 1, "test": 2}[kind]
        return Pairs(self.items[kept], self.distances[kept])


def find(images: np.ndarray, candidates: np.ndarray, distance: float) -> Pairs:
    """Return the pairs among the candidates that differ by at most `distance`, by all pixels.

    `images` is uint8 (n, 28, 28), `candidates` int (m, 2): pairs to compare, in any order, each
    perhaps twice.
    """
    pairs = np.unique(np.sort(candidates, axis=1), axis=0).astype(np.int32)
    pixels = images.reshape(len(images), -1)
    distances = np.empty(len(pairs), np.float32)
    for start in range(0, len(pairs), BLOCK):
        some = pairs[start : start + BLOCK]
        apart = pixels[some[:, 0]].astype(np.int32) - pixels[some[:, 1]]
        distances[start : start + BLOCK] = np.sqrt((apart * apart).mean(1))
    kept = np.flatnonzero(distances <= distance)
    order = kept[np.argsort(distances[kept], kind="stable")]
    return Pairs(pairs[order], distances[order])


def leaking(pairs: Pairs, train: int, tests: int) -> float:
    """Return the share of the `tests` test images that have a near-duplicate in training."""
    between = pairs.of_kind("between", train)
    return len(np.unique(between.items[:, 1])) / tests
