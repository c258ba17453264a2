"""Outlines that garments are drawn with, and the few shapes that they share.

Coordinates are about one body width, x to the right and y downwards.
"""

from typing import NamedTuple

import numpy as np

Points = np.ndarray  # float (n, 2)


class Garment(NamedTuple):
    """Closed outlines that are cloth, holes in it, lines on it, and parts of another colour."""

    cloth: list[Points]
    holes: list[Points]
    lines: list[Points]
    patches: list[Points]


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
