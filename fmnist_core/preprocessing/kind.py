"""Tells a drawing from a photo from an image of the data set, and says why."""

import cv2
import numpy as np

from fmnist_core.preprocessing import dataset_like
from fmnist_core.preprocessing.drawing import ink, local_ground, stroke_width
from fmnist_core.preprocessing.item import CHOSEN, Decision, Kind
from fmnist_core.preprocessing.masks import border, fit
from fmnist_core.translation import say

_EDGE = 224  # pixels that are enough to tell


def decide(rgb: np.ndarray) -> Decision:
    """Return what the uint8 (h, w, 3) picture is most likely to be."""
    if shown := dataset_like.find(rgb):
        if shown.map_name == "grey":
            reason = say(
                "It shows 28×28 numbers in grey and nothing finer, like the data set's images."
            )
        else:
            reason = say(
                "It shows 28×28 numbers in the colours of {map} and nothing finer, like the data "
                "set's images.",
                map=shown.map_name,
            )
        return Decision("dataset", reason, shown=shown)
    small = _small(rgb)
    flat, few = flatness(small), colour_share(small)
    if flat > 0.75 and few > 0.8:
        return Decision(
            "drawing",
            say(
                "Its ground is even and the rest has few colours ({few:.0%} of it in the eight "
                "commonest): a drawing.",
                few=few,
            ),
        )
    if _is_thin_on_paper(small):
        return Decision(
            "drawing",
            say("It shows thin dark lines on a light sheet: a photographed drawing."),
            paper=True,
        )
    return Decision("photo", say("Its colours change gradually everywhere, as in a photo."))


def chosen(kind: Kind, rgb: np.ndarray) -> Decision:
    """Return the decision that a visitor took about a picture."""
    if kind == "dataset":
        return Decision(kind, CHOSEN, shown=dataset_like.find(rgb))
    small = _small(rgb)
    paper = kind == "drawing" and flatness(small) <= 0.75 and _is_thin_on_paper(small)
    return Decision(kind, CHOSEN, paper)


def _small(rgb: np.ndarray) -> np.ndarray:
    # Nearest on purpose: averaging would invent colours that a drawing does not have.
    return fit(rgb, _EDGE, grow=False, method=cv2.INTER_NEAREST)


def _unlike_ground(rgb: np.ndarray) -> np.ndarray:
    """Return uint8 (h, w): the largest difference of any channel from the border's median."""
    ground = np.empty_like(rgb)
    ground[:] = np.median(rgb[border(rgb.shape, 0.03)], axis=0)
    red, green, blue = cv2.split(cv2.absdiff(rgb, ground))
    return cv2.max(cv2.max(red, green), blue)


def flatness(rgb: np.ndarray) -> float:
    """Return the share of the border whose colour is within 6 levels of the border's median."""
    return float((_unlike_ground(rgb)[border(rgb.shape, 0.03)] <= 6).mean())


def colour_share(rgb: np.ndarray) -> float:
    """Return how much of what is not ground the eight commonest of 512 colours cover, 0 to 1."""
    figure = rgb[_unlike_ground(rgb) > 24]
    if len(figure) == 0:
        return 1.0
    coarse = (figure >> 5).astype(np.int32)
    counts = np.bincount(coarse[:, 0] * 64 + coarse[:, 1] * 8 + coarse[:, 2], minlength=512)
    return float(np.sort(counts)[-8:].sum() / len(figure))


def _is_thin_on_paper(rgb: np.ndarray) -> bool:
    """Return whether the picture shows thin lines on one evenly coloured, perhaps shaded sheet.

    A garment darkens its surroundings over a wide area and is full of half-dark points; a sheet
    is one light colour, and its points are either paper or line.
    """
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    sheet = local_ground(grey)
    if np.percentile(sheet, 2) < 0.6 * np.percentile(sheet, 98) or np.median(sheet) < 100:
        return False
    amount = ink(rgb, paper=True)
    line = amount > 0.45
    between = ((amount > 0.2) & ~line).mean()
    return bool(
        0.003 < line.mean() < 0.2
        and between < 1.2 * line.mean()
        and stroke_width(line) < 0.035 * max(rgb.shape)
        and grey[line].mean() < 0.75 * np.median(sheet)
    )
