"""Occlusion: hide a part of the item and see what the score loses (Zeiler and Fergus 2014)."""

from typing import TYPE_CHECKING

import numpy as np

from fmnist_core.explanations.score import scores
from fmnist_core.shapes import SIDE

if TYPE_CHECKING:
    import keras

WINDOW, STRIDE = 4, 2  # pixels


def occlusion(
    model: "keras.Model",
    image: np.ndarray,
    label: int,
    *,
    window: int = WINDOW,
    stride: int = STRIDE,
) -> np.ndarray:
    """Return what the score of `label` loses when a pixel is hidden, float32 (28, 28).

    `image` is uint8 (28, 28). A square of `window` pixels moves by `stride` and is made background
    (0); each pixel gets the mean over the squares that hid it. Negative where hiding helps the
    class. arXiv:1311.2901, section 4.2.
    """
    # Squares also hang over the border, so that every pixel is hidden equally often.
    starts = range(stride - window, SIDE, stride)
    corners = [(top, left) for top in starts for left in starts]
    hidden = np.repeat(image[None], len(corners), axis=0)
    places = [
        (slice(max(0, top), top + window), slice(max(0, left), left + window))
        for top, left in corners
    ]
    for copy, place in zip(hidden, places, strict=True):
        copy[place] = 0
    changed = (hidden != image).any(axis=(1, 2))
    full = float(scores(model, image)[0, label])
    lost = np.zeros(len(corners))
    # Where there was nothing to hide, nothing is lost: half the squares on most items.
    lost[changed] = full - scores(model, hidden[changed])[:, label]
    total, count = np.zeros((SIDE, SIDE)), np.zeros((SIDE, SIDE))
    for loss, place in zip(lost, places, strict=True):
        total[place] += loss
        count[place] += 1
    return (total / np.maximum(count, 1)).astype(np.float32)
