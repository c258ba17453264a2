"""Closes open outlines: thins the lines, finds their loose ends and joins the nearest pairs."""

import cv2
import numpy as np

# Offsets (row, column) of the eight neighbours, clockwise from above.
_AROUND = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))


def _neighbours(mask: np.ndarray) -> list[np.ndarray]:
    padded = np.pad(mask, 1)
    height, width = mask.shape
    return [padded[1 + y : 1 + y + height, 1 + x : 1 + x + width] for y, x in _AROUND]


def thin(lines: np.ndarray) -> np.ndarray:
    """Return the bool mask thinned to lines one pixel wide (Zhang and Suen, 1984)."""
    mask = lines.copy()
    while True:
        before = np.count_nonzero(mask)
        for first in (True, False):
            around = _neighbours(mask)
            above, _, right, _, below, _, left, _ = around
            count = np.sum(around, axis=0, dtype=np.uint8)
            ring = np.stack([*around, above])
            steps = np.sum(~ring[:-1] & ring[1:], axis=0, dtype=np.uint8)
            if first:
                free = ~(above & right & below) & ~(right & below & left)
            else:
                free = ~(above & right & left) & ~(above & below & left)
            mask = mask & ~((count >= 2) & (count <= 6) & (steps == 1) & free)
        if np.count_nonzero(mask) == before:
            return mask


def loose_ends(lines: np.ndarray) -> np.ndarray:
    """Return int (n, 2), x and y of the points where a line of the bool mask ends."""
    thinned = thin(lines)
    count = np.sum(_neighbours(thinned), axis=0, dtype=np.uint8)
    return np.argwhere(thinned & (count == 1))[:, ::-1]


def join_ends(lines: np.ndarray, ends: np.ndarray, reach: float, thickness: int = 3) -> np.ndarray:
    """Return the lines with their loose `ends`, int (n, 2), joined in pairs, the nearest first.

    `reach` is the longest joint in pixels. Joining a line with itself is meant: that is how an
    outline drawn in one stroke is left open.
    """
    if len(ends) < 2 or len(ends) > 60:  # a scribble, not an outline
        return lines
    difference = ends[:, None, :] - ends[None, :, :]
    distance = np.hypot(difference[..., 0], difference[..., 1])
    distance[np.tril_indices(len(ends))] = np.inf
    canvas = lines.astype(np.uint8)
    while distance.min() <= reach:
        one, other = np.unravel_index(int(distance.argmin()), distance.shape)
        start, end = ends[one].tolist(), ends[other].tolist()
        cv2.line(canvas, start, end, 1, thickness)
        for index in (one, other):
            distance[index, :] = np.inf
            distance[:, index] = np.inf
    return canvas > 0
