"""Says when a picture is unlike any item: empty, scribbled, noisy, too busy, more than one item.

A small network, independent of the classifying one, so that it serves every model alike. It was
trained on the data set, its renderings as drawings and photos, real photos, and generated pictures
of no item; `python -m fmnist_core.release.ood.training DIR` makes it and its digest anew.
"""

from functools import cache
from typing import NamedTuple

import cv2
import numpy as np

from fmnist_core import litert
from fmnist_core.models.classifier import Classifier
from fmnist_core.paths import ASSETS
from fmnist_core.preprocessing.item import Item, Kind
from fmnist_core.translation import mark, say

NETWORK = ASSETS / "out_of_distribution.tflite"
# Refuse 6 of 100 real drawings and 4 of 100 real photos: one without an answer is worse than a
# scribble with one. What is drawn varies more than what is photographed.
THRESHOLDS: dict[Kind, float] = {"drawing": 0.997, "photo": 0.5, "dataset": 0.8}
UNLIKE = mark("This looks unlike all ten classes (out of distribution)")


class Verdict(NamedTuple):
    """Whether a picture is unlike any item, why in one sentence, and how likely that is.

    `reason` is a cause and how to mend it, beginning in the middle of a sentence; it is empty for
    what is like an item. `score` is 0 (an item) to 1 (out of distribution).
    """

    out_of_distribution: bool
    reason: str
    score: float


@cache
def _network() -> Classifier:
    return Classifier(NETWORK, litert.digest_of(NETWORK), classes=2)


def scores(images: np.ndarray) -> np.ndarray:
    """Return float32 (n,), 0 (like an item) to 1 (out of distribution), of uint8 (n, 28, 28)."""
    return _network().probabilities(images)[:, 1]


def write(network: bytes) -> None:
    """Write another network, a LiteRT file with two outputs, and its digest."""
    litert.write(NETWORK, network)
    _network.cache_clear()


def judge(item: Item) -> Verdict:
    """Return whether a prepared item is unlike anything trained on, and the likeliest reason."""
    if item.empty:
        return Verdict(True, say("the picture is empty. Draw or show an item first."), 1.0)
    score = together(scores(np.stack([reading.array for reading in item.readings])))
    if score < THRESHOLDS[item.kind]:
        return Verdict(False, "", score)
    return Verdict(True, _reason(item), score)


def together(scores: np.ndarray) -> float:
    """Return the score, 0 to 1, that an item's readings give: the mean of their log odds.

    One reading that squeezes a scribble into the shape of an item does not outvote the others.
    """
    sure = np.clip(scores.astype(np.float64), 1e-6, 1 - 1e-6)
    return float(1 / (1 + np.exp(-np.log(sure / (1 - sure)).mean())))


def _reason(item: Item) -> str:
    """Return the likeliest cause in one sentence that says how to mend it."""
    mask = item.array > 30
    parts = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    areas = np.sort(parts[2][1:, cv2.CC_STAT_AREA])[::-1]
    if item.kind == "dataset":
        return say("it is mostly noise. Pictures of the data set show one item on black.")
    if 1 < len(areas) <= 4 and areas[1] > 0.25 * areas[0]:
        return say("there is more than one item. Crop the picture to one of them, below.")
    if item.kind == "drawing":
        return say("it looks like a scribble. Draw the outline of one item, closed and large.")
    if any("White" in note for note in item.notes):
        return say("white clothes were left out of the data set. Try a darker item.")
    return say(
        "the background is busy. Crop to the item below, or photograph it on a plain ground."
    )
