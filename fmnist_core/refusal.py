"""Says when a picture is unlike any item: empty, scribbled, noisy, too busy, more than one item.

A small detector over outlines and tones, independent of the classifying network, so that it
serves every model alike. It was trained on the data set, its renderings as drawings and photos,
and generated rubbish (`rubbish.py`); `python -m fmnist_core.refusal_training` makes it anew.
"""

from functools import cache
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from fmnist_core.items import Item
from fmnist_core.photo import border

WEIGHTS = Path(__file__).parents[1] / "assets" / "refusal.npz"

_CELLS, _BINS = 4, 8


class Verdict(NamedTuple):
    """Whether the item should be refused, why in one sentence, and how likely rubbish it is.

    `reason` is a cause and how to mend it, beginning in the middle of a sentence; it is empty for
    an accepted item. `score` is 0 (an item) to 1 (rubbish).
    """

    refused: bool
    reason: str
    score: float


def describe(images: np.ndarray) -> np.ndarray:
    """Return float32 (n, d): edge directions by cell, tones by cell and overall figures.

    `images` is uint8 (n, 28, 28).
    """
    return np.stack([_describe(image) for image in images])


def _describe(image: np.ndarray) -> np.ndarray:
    x = image.astype(np.float32) / 255
    across, down = cv2.Sobel(x, cv2.CV_32F, 1, 0), cv2.Sobel(x, cv2.CV_32F, 0, 1)
    strength, angle = cv2.cartToPolar(across, down)
    bins = (angle * (_BINS / np.pi)).astype(np.int32) % _BINS
    y, cell_x = np.divmod(np.arange(28 * 28), 28)
    place = ((y // 7) * _CELLS + cell_x // 7) * _BINS
    edges = np.bincount(place + bins.ravel(), strength.ravel(), _CELLS * _CELLS * _BINS)
    tones = cv2.resize(x, (7, 7), interpolation=cv2.INTER_AREA).ravel()
    return np.r_[np.sqrt(edges), tones, _overall(image, x, float(strength.mean()))].astype(
        np.float32
    )


def _overall(image: np.ndarray, x: np.ndarray, edges: float) -> np.ndarray:
    """Return how full, rough, scattered and symmetric the image is."""
    mask = (image > 30).astype(np.uint8)
    area = int(mask.sum())
    count, _, statistics, _ = cv2.connectedComponentsWithStats(mask)
    largest = statistics[1:, cv2.CC_STAT_AREA].max() / area if count > 1 else 0.0
    contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    outline = sum(len(contour) for contour in contours)
    holes = cv2.connectedComponentsWithStats(1 - mask, connectivity=4)[0]
    smooth = cv2.GaussianBlur(x, (0, 0), 1.0)
    rough = float(np.abs(x - smooth).mean()) / (float(x.mean()) + 0.02)
    mirror = float((x * x[:, ::-1]).sum()) / (float((x * x).sum()) + 0.02)
    return np.array(
        [
            area / 784,
            float(x.mean()),
            np.log1p(count),
            largest,
            outline**2 / (16.0 * area + 1) / 10,
            np.log1p(holes),
            rough,
            mirror,
            edges,
            float(mask[border(mask.shape, 0.03)].mean()),
        ]
    )


@cache
def _weights() -> dict[str, np.ndarray]:
    with np.load(WEIGHTS, allow_pickle=False) as stored:
        return {name: stored[name].astype(np.float32) for name in stored.files}


def rubbish(images: np.ndarray) -> np.ndarray:
    """Return float32 (n,), 0 (like an item) to 1 (rubbish), for uint8 (n, 28, 28) images."""
    weights = _weights()
    hidden = (describe(images) - weights["mean"]) / weights["spread"]
    hidden = np.maximum(hidden @ weights["first"] + weights["first_bias"], 0)
    logit = hidden @ weights["second"] + weights["second_bias"]
    return 1 / (1 + np.exp(-np.clip(logit, -30, 30)))


def threshold() -> float:
    """Return the score from which an image is refused, fixed on validation images."""
    return float(_weights()["threshold"])


def judge(item: Item) -> Verdict:
    """Return whether a prepared item is unlike anything trained on, and the likeliest reason."""
    if item.empty:
        return Verdict(True, "the picture is empty. Draw or show an item first.", 1.0)
    score = float(rubbish(item.array[None])[0])
    if score < threshold():
        return Verdict(False, "", score)
    return Verdict(True, _reason(item), score)


def _reason(item: Item) -> str:
    """Return the likeliest cause in one sentence that says how to mend it."""
    mask = item.array > 30
    parts = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    areas = np.sort(parts[2][1:, cv2.CC_STAT_AREA])[::-1]
    if item.kind == "dataset":
        return "it is mostly noise. Pictures of the data set show one item on black."
    if 1 < len(areas) <= 4 and areas[1] > 0.25 * areas[0]:
        return "there is more than one item. Crop the picture to one of them, below."
    if item.kind == "drawing":
        return "it looks like a scribble. Draw the outline of one item, closed and large."
    if any("White" in note for note in item.notes):
        return "white clothes were left out of the data set. Try a darker item."
    return "the background is busy. Crop to the item below, or photograph it on a plain ground."
