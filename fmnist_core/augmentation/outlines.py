# Pasted into the exported script, as training/script_augmentation.py says.
"""Outlines that garments are drawn with, and the few shapes that they share.

Coordinates are about one body width, x to the right and y downwards.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

Points = np.ndarray  # float (n, 2)


class Garment(NamedTuple):
    """Closed outlines that are cloth, holes in it, lines on it, and parts of another colour."""

    cloth: list[Points]
    holes: list[Points]
    lines: list[Points]
    patches: list[Points]


# Things from the farthest to the nearest, each in layers from the lowest to the one on top.
Pile = list[list[Garment]]


def reshape(garment: Garment, change: Callable[[Points, bool], Points]) -> Garment:
    """Return the garment with every outline changed; `change` also gets whether it is closed."""
    return Garment(
        [change(outline, True) for outline in garment.cloth],
        [change(outline, True) for outline in garment.holes],
        [change(line, False) for line in garment.lines],
        [change(outline, True) for outline in garment.patches],
    )


def reshape_all(pile: Pile, change: Callable[[Points, bool], Points]) -> Pile:
    """Return the pile with every outline of it changed."""
    return [[reshape(layer, change) for layer in thing] for thing in pile]


def garment_of(*cloth: Points) -> Garment:
    """Return a garment of these pieces of cloth, with nothing on them yet."""
    return Garment(list(cloth), [], [], [])


def points(*pairs: tuple[float, float]) -> Points:
    """Return points from pairs of coordinates."""
    return np.array(pairs, np.float64)


def mirrored(half: Points) -> Points:
    """Return the closed outline whose right half runs from top to bottom."""
    return np.concatenate([half, (half * (-1, 1))[::-1]])


def both_sides(points: Points) -> tuple[Points, Points]:
    """Return points and their mirror image."""
    return points, points * (-1, 1)


def arc(
    centre: tuple[float, float], radii: tuple[float, float], first: float, last: float
) -> Points:
    """Return an arc of an ellipse between two angles in degrees, 0 to the right, 90 downwards."""
    angles = np.deg2rad(np.linspace(first, last, 14))
    return np.stack(
        [centre[0] + radii[0] * np.cos(angles), centre[1] + radii[1] * np.sin(angles)], 1
    )


def band(line: Points, width: float) -> Points:
    """Return the closed outline of a strip of that width along a line."""
    along = np.gradient(line, axis=0)
    across = np.stack([-along[:, 1], along[:, 0]], 1)
    across /= np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-9)
    return np.concatenate([line + across * width / 2, (line - across * width / 2)[::-1]])
