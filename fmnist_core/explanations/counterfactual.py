"""The smallest change of an image that makes the network say something else.

DeepFool (Moosavi-Dezfooli et al. 2016, arXiv:1511.04599) with a chosen goal: the network is taken
for linear, the nearest point where the goal wins is computed exactly, and this is repeated from
there until the goal really wins.
"""

from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np

from fmnist_core.explanations.score import scores
from fmnist_core.models.calibration import softmax
from fmnist_core.models.classifier import as_input
from fmnist_core.tasks import step
from fmnist_core.translation import mark

if TYPE_CHECKING:
    import keras

LONGEST = 30  # rounds
OVERSHOOT = 1.02
LEVELS = 100  # stages of the way that are kept, the last one twice the change that flips


class Change(NamedTuple):
    """The way from an image to another answer.

    `images` is uint8 (101, 28, 28): the image itself, then ever more of the change; `answers`
    float32 (101, 10) are the probabilities of each; `flips` is the first that the network takes
    for the goal, or None if there was none.
    """

    images: np.ndarray
    answers: np.ndarray
    flips: int | None

    @property
    def size(self) -> float | None:
        """The root mean square change in grey levels (0 to 255) where it flips."""
        if self.flips is None:
            return None
        difference = self.images[self.flips].astype(float) - self.images[0]
        return float(np.sqrt((difference**2).mean()))


def counterfactual(
    model: "keras.Model", image: np.ndarray, goal: int, smoothness: float = 0.0
) -> Change:
    """Return the smallest change found that makes a uint8 (28, 28) image a `goal` (0 to 9).

    With `smoothness`, a standard deviation in pixels, the change is as small as can be among
    changes that are blurred that much: less of a noise and more of a shape. What is measured is
    always whole grey levels between 0 and 255, as in a picture file.
    """
    start = image.astype(np.float32) / 255
    present = start
    for round_ in range(LONGEST):
        step(round_ / LONGEST, mark("Looking for the smallest change"))
        lead, slope = ahead(model, present, goal)
        if lead > 0:
            break
        way = blurred(slope, smoothness)
        gain = float((slope * way).sum())
        if gain <= 0:
            break
        # A little on top, because the border itself belongs to nobody.
        present = np.clip(present - (lead - 1e-4) * OVERSHOOT * way / gain, 0, 1)
    return _walk(model, image, (present - start) * 255, goal)


def ahead(
    model: "keras.Model", image: np.ndarray, goal: int, rival: int | None = None
) -> tuple[float, np.ndarray]:
    """Return by how much the score of `goal` leads, and the slope of that, float32 (28, 28).

    The lead is over `rival`, by default the best of the other classes.
    """
    import tensorflow as tf

    pixels = tf.constant(as_input(image))
    with tf.GradientTape() as tape:
        tape.watch(pixels)
        found = model(pixels, training=False)[0]
        if rival is None:
            others = np.where(np.arange(len(found)) == goal, -np.inf, found.numpy())
            rival = int(others.argmax())
        lead = found[goal] - found[rival]
    return float(lead), tape.gradient(lead, pixels).numpy()[0, ..., 0]


def blurred(slope: np.ndarray, smoothness: float) -> np.ndarray:
    """Return the best way among changes that are blurred so much: the slope, blurred twice."""
    return _blur(_blur(slope, smoothness), smoothness)


def _walk(model: "keras.Model", image: np.ndarray, change: np.ndarray, goal: int) -> Change:
    """Return the way along `change`, in whole grey levels, so scaled that it flips halfway."""

    def stages(most: float) -> np.ndarray:
        parts = np.linspace(0, most, LEVELS + 1)[:, None, None]
        return np.clip(np.round(image + parts * change), 0, 255).astype(np.uint8)

    # Rounding takes away part of a faint change: see first how much is needed, at most four times.
    found = _flips(scores(model, stages(4)), goal)
    images = stages(2 if found is None else max(1, found) * 4 / LEVELS * 2)
    rows = scores(model, images)
    return Change(images, softmax(rows).astype(np.float32), _flips(rows, goal))


def _flips(rows: np.ndarray, goal: int) -> int | None:
    there = np.flatnonzero(rows.argmax(1) == goal)
    return int(there[0]) if len(there) else None


def _blur(values: np.ndarray, sigma: float) -> np.ndarray:
    if sigma <= 0:
        return values
    return cv2.GaussianBlur(values, (0, 0), sigma, borderType=cv2.BORDER_CONSTANT)
