"""What a prepared item may have looked like in the data set: its readings, uint8 (28, 28).

`convert` is the data set's own published conversion (arXiv:1708.07747, section 2); the others vary
tones and proportions. Greys are uint8, 255 is white paper; ink is the negative, 0 is background as
in the data.
"""

import cv2
import numpy as np

from fmnist_core.preprocessing.item import Reading
from fmnist_core.preprocessing.masks import bounds, centre, fit, on_white, pair, trim
from fmnist_core.shapes import SIDE
from fmnist_core.translation import mark

# ImageMagick's `-sharpen 1x1`: a Gaussian of radius and standard deviation 1, taken away from
# twice its sum at the centre, then normalised.
_GAUSSIAN = np.exp(-(np.add.outer(np.arange(-1, 2) ** 2, np.arange(-1, 2) ** 2)) / 2)
_SHARPEN = -_GAUSSIAN
_SHARPEN[1, 1] = 2 * _GAUSSIAN.sum()
_SHARPEN = (_SHARPEN / _SHARPEN.sum()).astype(np.float32)

# How much surer a pixel must be for the closer cut, how much less sure for the wider one, and how
# much steeper an edge is made than the network gives it.
_CLOSER, _WIDER, _STEEPNESS = 0.3, 0.3, 4

# Mean ink of the item below which a garment counts as white, and what it is lifted to.
_WHITE, _LIFTED = 45.0, 90.0


def sharpen(grey: np.ndarray) -> np.ndarray:
    """Return the picture sharpened exactly as the data set's images were."""
    return cv2.filter2D(grey, -1, _SHARPEN, borderType=cv2.BORDER_REPLICATE)


def convert(grey: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Return uint8 (28, 28), 0 for background, from a grey picture and the mask of its item.

    The mask may be soft, 0..1: its item ends where it is half.
    """
    # Averaging instead of the paper's subsampling: phone photos are noisier than studio ones.
    small = fit(trim(on_white(grey, mask), mask > 0.5), SIDE)
    return centre(255 - sharpen(small))


def of_photo(grey: np.ndarray, soft: np.ndarray, level: float) -> list[Reading]:
    """Return the readings of a photographed item, given how surely each pixel is item.

    `soft` is float32 (h, w) in 0..1; what is above `level` is item. Where the network is unsure
    of the edge, a closer and a wider cut are readings of their own.
    """
    found = [Reading(mark("as prepared"), convert(grey, edge(soft, level)))]
    if 0.85 < _proportions(found[0].array) < 1.4:
        found.append(_squeezed(found[0].array))
    for name, other in ((mark("cut closer"), level + _CLOSER), (mark("cut wider"), level - _WIDER)):
        if 0 < other < 1 and (soft > other).any():
            found.append(Reading(name, convert(grey, edge(soft, other))))
    return found + laid_down(grey, soft > level)


def edge(soft: np.ndarray, level: float) -> np.ndarray:
    """Return a soft mask whose edge, where it is half, lies at `level`, made steeper."""
    return np.clip(_STEEPNESS * (soft - level) + 0.5, 0, 1)


def of_drawing(
    ink: np.ndarray, lines: np.ndarray, inside: np.ndarray, fill: bool | None
) -> list[Reading]:
    """Return a drawing in several tones, the likeliest first; only its outline if `fill` is False.

    `ink` is float32 0..1, `lines` and `inside` are masks of the strokes and of what they enclose.
    """
    whole = lines | inside

    def toned(line: float, inner: float) -> np.ndarray:
        return convert(_tones(ink, lines, inside, line, inner), whole)

    outline = Reading(mark("outline"), toned(1.0, 0.0))
    if fill is False:
        return [outline]
    filled = toned(1.0, 0.5)
    found = [Reading(mark("filled"), filled), Reading(mark("silhouette"), toned(0.7, 0.7)), outline]
    if 0.85 < _proportions(filled) < 1.6:
        found.append(_squeezed(filled))
    return found + laid_down(_tones(ink, lines, inside, 1.0, 0.5), whole)


def _tones(
    ink: np.ndarray, lines: np.ndarray, inside: np.ndarray, line: float, fill: float
) -> np.ndarray:
    """Return the drawing as greys, uint8, white paper: lines and empty insides in given tones.

    `line` and `fill` are ink 0..1. What the visitor shaded keeps its own tone: only the paper
    inside the outline takes the `fill`.
    """
    shaded = np.maximum(ink, fill * inside)
    tones = np.where(lines, np.maximum(line * np.maximum(ink, 0.5), shaded), shaded)
    return (255 * (1 - np.clip(tones, 0, 1)) + 0.5).astype(np.uint8)


def laid_down(grey: np.ndarray, mask: np.ndarray) -> list[Reading]:
    """Return each part of a pair by itself, lying if it stood upright.

    Shoes come in pairs seen from above; the data set shows one, from its side.
    """
    found = []
    names = mark("first of the pair"), mark("second of the pair")
    for name, part in zip(names, pair(mask), strict=False):
        one = convert(grey, part)
        upright = _proportions(one) < 1
        found.append(Reading(name, np.ascontiguousarray(np.rot90(one)) if upright else one))
    return found


def _proportions(image: np.ndarray) -> float:
    """Return width over height of the item in a (28, 28) image."""
    _, _, width, height = bounds(image > 0)
    return width / height


def _squeezed(image: np.ndarray) -> Reading:
    """Return a wide item at the garments' usual proportions, 28 tall and 22 wide."""
    item = trim(image, image > 0)
    return Reading(
        mark("squeezed"), centre(cv2.resize(item, (22, SIDE), interpolation=cv2.INTER_AREA))
    )


def is_white(image: np.ndarray) -> bool:
    """Return whether the item would be nearly invisible: its mean ink is that of white cloth."""
    item = image[image > 0]
    return bool(len(item)) and float(item.mean()) < _WHITE


def lift_white(image: np.ndarray) -> np.ndarray:
    """Return a white item with its tones spread to those of light grey cloth."""
    item = image > 0
    lifted = _LIFTED + 1.5 * (image.astype(np.float32) - image[item].mean())
    return np.where(item, np.clip(lifted, 20, 255), 0).astype(np.uint8)


def points_right(image: np.ndarray) -> bool:
    """Return whether a (28, 28) item leans so that it must be mirrored to point left.

    A shoe's upper third (shaft, heel) lies behind its toes: left of the middle means that the
    toes point right. What leans by less than a thirtieth is symmetric, as most garments are.
    """
    left, top, width, height = bounds(image > 0)
    upper = image[top : top + max(1, height // 3), left : left + width].astype(np.float32)
    total = float(upper.sum())
    if total == 0:
        return False
    return float((upper.sum(0) * np.arange(width)).sum()) / total < (width - 1) / 2 - width / 30
