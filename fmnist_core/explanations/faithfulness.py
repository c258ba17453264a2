"""Does a map know which pixels count? Deletion and insertion scores (Petsiuk et al. 2018).

Pixels are taken away, or brought to an empty image, the most important first; the class's
probability should fall, or rise, at once. arXiv:1806.07421.
"""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from fmnist_core.explanations.score import probabilities, scores

if TYPE_CHECKING:
    import keras

STEPS = 28


class Curves(NamedTuple):
    """The class's probability, float32 (steps + 1,), as its pixels go or come, and at what share.

    `share` is float32 (steps + 1,), 0 to 1, of all 784 pixels.
    """

    share: np.ndarray
    deletion: np.ndarray
    insertion: np.ndarray

    @property
    def areas(self) -> tuple[float, float]:
        """The areas under deletion (less is better) and insertion (more is better), 0 to 1."""
        return tuple(float(np.trapezoid(curve, self.share)) for curve in self[1:])  # type: ignore[return-value]


def faithfulness(model: "keras.Model", image: np.ndarray, label: int, map_: np.ndarray) -> Curves:
    """Return both curves of class `label` for a map (28, 28) of a uint8 (28, 28) image."""
    # Stable, so that equal values are taken in the order of reading, whatever the machine.
    order = np.argsort(-map_.ravel(), kind="stable")
    counts = np.round(np.linspace(0, order.size, STEPS + 1)).astype(int)
    gone = np.repeat(image.reshape(1, -1), len(counts), axis=0)
    come = np.zeros_like(gone)
    for row, count in enumerate(counts):
        gone[row, order[:count]] = 0
        come[row, order[:count]] = image.ravel()[order[:count]]
    both = np.concatenate([gone, come]).reshape(-1, *image.shape)
    found = probabilities(scores(model, both))[:, label].astype(np.float32)
    share = (counts / order.size).astype(np.float32)
    return Curves(share, found[: len(counts)], found[len(counts) :])
