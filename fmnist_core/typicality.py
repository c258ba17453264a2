"""How typical an image is for a network: its distance to the nearest training items.

Works on the features that a network's layer before the last one gives; knows no network itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

Features = Callable[[np.ndarray], np.ndarray]

FILE = "typicality.npz"  # beside a model's other files
_NEIGHBOURS = 5
PER_CLASS = 300  # 3,000 references: 2 ms a question, under 1 MB a model


@dataclass(frozen=True)
class Reference:
    """Training items as one network sees them.

    `features` is float32 (m, d) of length 1 each, `indices` int32 (m,) their places among the
    training images, `distances` float32 (101,) the percentiles 0 to 100 of the distance of
    images that the network was not trained on.
    """

    features: np.ndarray
    indices: np.ndarray
    distances: np.ndarray

    def distance(self, features: np.ndarray) -> np.ndarray:
        """Return float32 (n,): the mean distance of (n, d) features to the nearest references."""
        apart = 1 - _unit(features) @ self.features.T
        return np.sort(apart, axis=1)[:, :_NEIGHBOURS].mean(1)

    def percentile(self, features: np.ndarray) -> np.ndarray:
        """Return float32 (n,): the share in per cent of the data set's images that lie farther.

        100 is as typical as can be, 0 is farther from every training item than any of them.
        """
        return 100 - np.interp(self.distance(features), self.distances, np.arange(101.0))

    def nearest(self, features: np.ndarray, count: int = 6) -> np.ndarray:
        """Return int32 (n, count): training images most like the (n, d) features, nearest first."""
        order = np.argsort(-(_unit(features) @ self.features.T), axis=1, kind="stable")
        return self.indices[order[:, :count]]

    def save(self, folder: Path) -> None:
        """Write the reference into a model's folder, features as float16."""
        with (folder / FILE).open("wb") as stream:
            np.savez_compressed(
                stream,
                features=self.features.astype(np.float16),
                indices=self.indices,
                distances=self.distances,
            )


def load(folder: Path) -> Reference | None:
    """Return the reference stored in a model's folder, or None if there is none."""
    path = folder / FILE
    if not path.is_file():
        return None
    with np.load(path, allow_pickle=False) as stored:
        return Reference(
            stored["features"].astype(np.float32), stored["indices"], stored["distances"]
        )


def build(
    features_of: Features,
    images: np.ndarray,
    labels: np.ndarray,
    held_out: np.ndarray,
    per_class: int = PER_CLASS,
) -> Reference:
    """Return the reference of a network over its first `per_class` training images of each class.

    `features_of` maps uint8 (n, 28, 28) to float32 (n, d); `held_out` are images that it was not
    trained on, whose distances make the scale.
    """
    chosen = [np.flatnonzero(labels == label)[:per_class] for label in np.unique(labels)]
    indices = np.sort(np.concatenate(chosen)).astype(np.int32)
    unscaled = Reference(_unit(features_of(images[indices])), indices, np.zeros(0, np.float32))
    distances = np.percentile(unscaled.distance(features_of(held_out)), np.arange(101))
    return Reference(unscaled.features, indices, distances.astype(np.float32))


def _unit(features: np.ndarray) -> np.ndarray:
    """Return the rows with length 1: the direction says what, the length how clearly."""
    length = np.linalg.norm(features, axis=1, keepdims=True)
    return (features / np.maximum(length, 1e-6)).astype(np.float32)
