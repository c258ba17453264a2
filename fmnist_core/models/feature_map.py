"""The test images as a network sees them: what its layer before the last gives, on a map."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fmnist_core import tasks
from fmnist_core.data.fashion_mnist import load
from fmnist_core.data.projection import Components, Frame, components
from fmnist_core.models.classifier import Classifier
from fmnist_core.translation import mark

KEPT = 32  # principal components that distances are measured in
AT_ONCE = 256  # images between two looks at whether anybody still waits


@dataclass(frozen=True)
class FeatureMap:
    """The 10,000 test images by one network's features.

    `places` is uint16 (n, 2): the first two principal components in `frame`. `reduced` is float32
    (n, 32): the first 32, which keep `kept` of the variance, 0 to 1. `width` is how many numbers
    an image the features have.
    """

    components: Components
    frame: Frame
    places: np.ndarray
    reduced: np.ndarray
    width: int

    @property
    def kept(self) -> float:
        """The share of the features' variance in `reduced`."""
        return float(self.components.share.sum())

    def reduce(self, features: np.ndarray) -> np.ndarray:
        """Return float32 (m, 32) for (m, width) features of any images."""
        return self.components.project(features)

    def place(self, reduced: np.ndarray) -> np.ndarray:
        """Return uint16 (m, 2), where (m, 32) reduced features belong on the map."""
        return self.frame.quantised(reduced[:, :2])

    def nearest(
        self, reduced: np.ndarray, count: int, leave_out: int | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the test images most like (32,) reduced features: indices, and distances."""
        apart = np.sqrt(((self.reduced - reduced) ** 2).sum(1))
        if leave_out is not None:
            apart[leave_out] = np.inf
        order = np.argsort(apart, kind="stable")[:count]
        return order, apart[order]


def make(file: str, sha256: str | None, changed: int) -> FeatureMap:
    """Return the map of the network in the .tflite `file`; for the engine, some seconds.

    `sha256` is what the file must have, if known; `changed`, its time, only tells a network that
    was trained further from what it was. Raises InferenceError.
    """
    del changed
    classifier = Classifier(Path(file), sha256)
    images = load("test").images
    parts = []
    for start in range(0, len(images), AT_ONCE):
        tasks.step(0.95 * start / len(images), mark("Showing the network all 10,000 test images"))
        parts.append(classifier.features(images[start : start + AT_ONCE]))
    tasks.step(0.95, mark("Finding the directions in which they differ most"))
    return of_features(np.concatenate(parts))


def of_features(features: np.ndarray) -> FeatureMap:
    """Return the map of float32 (n, width) features."""
    found = components(features, KEPT)
    reduced = found.project(features)
    frame = Frame.around(reduced[:, :2])
    return FeatureMap(
        found, frame, frame.quantised(reduced[:, :2]), reduced, int(features.shape[1])
    )
