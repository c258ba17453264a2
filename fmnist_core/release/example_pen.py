"""A hand with a pen: corner points to smooth, shaky lines, for the example drawings.

Coordinates are shares of the sheet, 0 to 1, x to the right and y down.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

Point = tuple[float, float]
Stroke = list[Point]
Shape = tuple[list[Stroke], list[Stroke]]  # outlines that may be filled, and lines on them


def mirrored(half: Sequence[Point]) -> Stroke:
    """Return a closed outline from its right half, top to bottom: the left half mirrors it."""
    left = [(1 - x, y) for x, y in reversed(half)]
    return [*half, *left, half[0]]


def smooth(points: Sequence[Point], step: float = 0.012, roundness: float = 0.28) -> np.ndarray:
    """Return float64 (n, 2): a dense line through corners rounded as a hand rounds them."""
    corners = np.asarray(points, float)
    dense = [corners[:1]]
    for start, end in pairwise(corners):
        count = max(2, int(np.hypot(*(end - start)) / step))
        dense.append(start + (end - start) * np.linspace(0, 1, count + 1)[1:, None])
    line = np.concatenate(dense)
    reach = max(1, round(roundness * 0.1 / step))
    kernel = np.ones(2 * reach + 1) / (2 * reach + 1)
    padded = np.pad(line, ((reach, reach), (0, 0)), mode="edge")
    rounded = np.stack([np.convolve(padded[:, axis], kernel, "valid") for axis in (0, 1)], 1)
    rounded[0], rounded[-1] = line[0], line[-1]
    return rounded


def shaky(line: np.ndarray, rng: np.random.Generator, strength: float = 0.006) -> np.ndarray:
    """Return the line as an unsteady hand draws it: slow drifts, ends that do not meet."""
    count = len(line)
    knots = max(3, count // 9)
    drift = rng.normal(0, strength, (knots, 2))
    places = np.linspace(0, knots - 1, count)
    offset = np.stack([np.interp(places, np.arange(knots), drift[:, axis]) for axis in (0, 1)], 1)
    return line + offset


def arc(cx: float, cy: float, rx: float, ry: float, *angles_from_to: float) -> Stroke:
    """Return part of an ellipse between two angles in degrees, 0 to the right, 90 down."""
    start, end = angles_from_to
    angles = np.deg2rad(np.linspace(start, end, 24))
    return list(zip(cx + rx * np.cos(angles), cy + ry * np.sin(angles), strict=True))
