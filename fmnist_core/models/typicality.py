"""How typical an image is for a network: its distance to the nearest training items.

Works on the features that a network's layer before the last one gives. Measured once for each
model, on the engine, and kept in memory: 5,000 images take LiteRT a second or two.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fmnist_core.data.fashion_mnist import load

if TYPE_CHECKING:
    from fmnist_core.models.catalogue import Model

Features = Callable[[np.ndarray], np.ndarray]

_NEIGHBOURS = 5
PER_CLASS = 300  # 3,000 references: 2 ms a question
HELD_OUT = 2000  # the last training images, which runs validate on
WIDEST = 512  # features; a flattened convolution has thousands, and would fill the memory


@dataclass(frozen=True)
class Reference:
    """Training items as one network sees them.

    `columns` int64 (d,) are the features that are compared; `features` is float32 (m, d) of
    length 1 each, `indices` int32 (m,) their places among the training images, `distances`
    float32 (101,) the percentiles 0 to 100 of the distance of held-out images.
    """

    columns: np.ndarray
    features: np.ndarray
    indices: np.ndarray
    distances: np.ndarray

    def distance(self, features: np.ndarray) -> np.ndarray:
        """Return float32 (n,): the mean distance of (n, d) features to the nearest references."""
        apart = 1 - _unit(features[:, self.columns]) @ self.features.T
        return np.sort(apart, axis=1)[:, :_NEIGHBOURS].mean(1)

    def percentile(self, features: np.ndarray) -> np.ndarray:
        """Return float32 (n,): the share in per cent of the data set's images that lie farther.

        100 is as typical as can be, 0 is farther from every training item than any of them.
        """
        return 100 - np.interp(self.distance(features), self.distances, np.arange(101.0))

    def nearest(self, features: np.ndarray, count: int = 6) -> np.ndarray:
        """Return int32 (n, count): training images most like the (n, d) features, nearest first."""
        alike = _unit(features[:, self.columns]) @ self.features.T
        order = np.argsort(-alike, axis=1, kind="stable")
        return self.indices[order[:, :count]]


def of_model(model: "Model") -> Reference:
    """Return the reference of a model with weights; raises ModelError and DatasetError.

    Takes seconds, so pages leave it to the engine.
    """
    train = load("train")
    known = len(train) - HELD_OUT
    return build(
        model.classifier().features,
        train.images[:known],
        train.labels[:known],
        train.images[known:],
    )


def build(
    features_of: Features,
    images: np.ndarray,
    labels: np.ndarray,
    held_out: np.ndarray,
    per_class: int = PER_CLASS,
) -> Reference:
    """Return the reference of a network over its first `per_class` training images of each class.

    `features_of` maps uint8 (n, 28, 28) to float32 (n, d); `held_out` are other images, whose
    distances make the scale. Of more than WIDEST features, those that vary most are compared.
    """
    chosen = [np.flatnonzero(labels == label)[:per_class] for label in np.unique(labels)]
    indices = np.sort(np.concatenate(chosen)).astype(np.int32)
    features = features_of(images[indices])
    columns = np.sort(np.argsort(-features.var(0), kind="stable")[:WIDEST])
    unscaled = Reference(columns, _unit(features[:, columns]), indices, np.zeros(0, np.float32))
    distances = np.percentile(unscaled.distance(features_of(held_out)), np.arange(101))
    return Reference(columns, unscaled.features, indices, distances.astype(np.float32))


def _unit(features: np.ndarray) -> np.ndarray:
    """Return the rows with length 1: the direction says what, the length how clearly."""
    length = np.linalg.norm(features, axis=1, keepdims=True)
    return (features / np.maximum(length, 1e-6)).astype(np.float32)
