"""Two methods that follow the slope: how the score changes with each pixel, and what it adds.

The input gradient (Simonyan et al. 2014, arXiv:1312.6034) is that slope at the item. Integrated
gradients (Sundararajan et al. 2017, arXiv:1703.01365) average it on the way from an empty image to
the item and multiply it by the ink. These shares add up to the score's difference (completeness),
but for the error of averaging over a finite number of steps, which is reported.
"""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from fmnist_core.explanations.score import gradients, scores
from fmnist_core.models.classifier import as_input

if TYPE_CHECKING:
    import keras

STEPS = 64


def input_gradient(model: "keras.Model", image: np.ndarray, label: int) -> np.ndarray:
    """Return the gradient of the score of `label`, float32 (28, 28), for a uint8 (28, 28) image.

    Positive where more ink would speak for the class, per 255 grey levels.
    """
    return gradients(model, image, label)[0]


class Shares(NamedTuple):
    """What each pixel adds to the score, float32 (28, 28), and what all should add up to.

    `difference` is the score of the item minus that of the empty image.
    """

    map: np.ndarray
    difference: float

    @property
    def gap(self) -> float:
        """How far the sum of the shares is from the difference, in units of the score."""
        return abs(float(self.map.sum(dtype=np.float64)) - self.difference)


def integrated_gradients(
    model: "keras.Model", image: np.ndarray, label: int, steps: int = STEPS
) -> Shares:
    """Return the shares of a uint8 (28, 28) image's pixels in the score of class `label`."""
    item = as_input(image)
    # The middle of each step: exact for a score that is at most quadratic along the way.
    along = ((np.arange(steps, dtype=np.float32) + 0.5) / steps)[:, None, None, None]
    mean = gradients(model, item * along, label).mean(0, dtype=np.float64)
    ends = scores(model, np.concatenate([np.zeros_like(item), item]))[:, label]
    return Shares((mean * item[0, ..., 0]).astype(np.float32), float(ends[1] - ends[0]))
