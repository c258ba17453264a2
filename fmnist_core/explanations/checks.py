"""Whether a map can be believed: does it know which pixels count, and what the network learned?

Deletion and insertion (Petsiuk et al. 2018, arXiv:1806.07421): pixels are taken away, or brought to
an empty image, the most important first; the class's probability should fall, or rise, at once.
Sanity (Adebayo et al. 2018, arXiv:1810.03292): a network with random weights must give another map;
if it gives the same, the map shows the image and not the network.
"""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from fmnist_core.explanations.score import scores
from fmnist_core.models.calibration import softmax

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
    found = softmax(scores(model, both))[:, label].astype(np.float32)
    share = (counts / order.size).astype(np.float32)
    return Curves(share, found[: len(counts)], found[len(counts) :])


def ranks(values: np.ndarray) -> np.ndarray:
    """Return the rank of each value, 0 for the smallest; equal values share their mean rank."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return (ends - (counts + 1) / 2)[inverse].astype(np.float64)


def rank_correlation(first: np.ndarray, second: np.ndarray, image: np.ndarray) -> float | None:
    """Return Spearman's correlation of two maps' absolute values, -1 to 1, on the item's pixels.

    All three are (28, 28). Background is left out: most methods give zero there for any network,
    and that would look like agreement. None where a map has the same value everywhere.
    """
    inside = image > 0
    one, two = ranks(np.abs(first[inside])), ranks(np.abs(second[inside]))
    if len(one) < 2 or np.ptp(one) == 0 or np.ptp(two) == 0:
        return None
    return float(np.corrcoef(one, two)[0, 1])
