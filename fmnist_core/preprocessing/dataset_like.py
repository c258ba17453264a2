"""Finds a data set image in a picture that shows one: enlarged, coloured, padded or plotted.

Whatever made such a picture, each pixel is a known mixture of the 28×28 numbers. Least squares
finds those numbers, and what they leave unexplained tells such pictures from all others.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import cv2
import numpy as np
from PIL import Image

from fmnist_core.preprocessing import colour_maps
from fmnist_core.preprocessing.masks import border, bounds
from fmnist_core.shapes import SIDE

# Ways to enlarge: Pillow's, and OpenCV's where it rounds or curves otherwise.
_METHODS = ("NEAREST", "BILINEAR", "INTER_NEAREST", "BICUBIC", "INTER_CUBIC", "LANCZOS")
_UNEXPLAINED, _CERTAIN, _HOPELESS = 0.014, 1e-4, 0.1
_AWAY = 16.0  # levels
_ENOUGH = 280  # rows that are looked at: ten for each of the image's


class Square(NamedTuple):
    """A part of a picture: where, what was stripped around it, and how thick a frame it has."""

    left: int
    top: int
    width: int
    height: int
    stripped: str = ""
    frame: int = 0


class Found(NamedTuple):
    """The image, uint8 (28, 28); the part that showed it, (h, w, 3); what was done to find it.

    `colours` are the 28×28 colours, float32 (28, 28, 3); `map_name` is the colour map that they
    come from. `unexplained` is the share of the part's variance that no 28×28 image explains,
    `away` how far the colours are from the map, in levels.
    """

    image: np.ndarray
    square: Square
    part: np.ndarray
    colours: np.ndarray
    map_name: str
    unexplained: float
    away: float

    @property
    def convincing(self) -> bool:
        """Whether it is such an image: the worst of 600 was 0.0129, the best photo 0.023."""
        most = _UNEXPLAINED if self.square.width >= 2 * SIDE else _UNEXPLAINED / 5
        return self.unexplained < most and self.away < _AWAY


def find(rgb: np.ndarray) -> Found | None:
    """Return the data set image that a uint8 (h, w, 3) picture shows, or None."""
    ground, even = _ground(rgb)
    best: Found | None = None
    for square in _squares(rgb, ground if even else None):
        found = _read(rgb, square, ground, 24 if even else np.inf)
        if found and found.convincing and (not best or found.unexplained < best.unexplained):
            best = found
            if best.unexplained < _CERTAIN:
                break
    return best


def _ground(rgb: np.ndarray) -> tuple[np.ndarray, bool]:
    """Return the corners' median colour (3,), and whether all four have it."""
    edge = max(1, min(rgb.shape[:2]) // 56)
    corners = np.stack(
        [
            np.median(rgb[rows, columns].reshape(-1, 3), axis=0)
            for rows in (slice(edge), slice(-edge, None))
            for columns in (slice(edge), slice(-edge, None))
        ]
    )
    return np.median(corners, axis=0), bool(np.ptp(corners, axis=0).max() <= 24)


def _squares(rgb: np.ndarray, ground: np.ndarray | None) -> Iterator[Square]:
    """Yield the parts that may show an image: all, without padding, in a frame, on a margin."""
    height, width = rgb.shape[:2]
    if _is_square(width, height):
        yield Square(0, 0, width, height)
    if ground is None:
        return
    sheet = np.empty_like(rgb)
    sheet[:] = ground
    unlike = cv2.absdiff(rgb, sheet).max(axis=2)
    if _is_square(width, height):
        pad = round(min(width, height) / 16)
        if pad and not (unlike[border(unlike.shape, 1 / 16)] > 12).any():
            yield Square(pad, pad, width - 2 * pad, height - 2 * pad, "padding")
    boxes = []
    # Text and ticks are short; a frame and a ground of another colour are long.
    apart = (unlike > 24).astype(np.uint8)
    length = max(SIDE, min(height, width) // 4)
    long = cv2.morphologyEx(apart, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    rows = np.flatnonzero(long.any(axis=1))
    if len(rows):
        # A frame's upper line has no ticks.
        left, _, wide, _ = bounds(long[rows[:1]] > 0)
        boxes.append((left, int(rows[0]), wide, int(rows[-1] - rows[0]) + 1, "frame"))
        # Without a frame the item may interrupt any line, but there are no ticks.
        left, _, wide, _ = bounds(long > 0)
        middle = apart[:, left : left + wide]
        upright = cv2.morphologyEx(middle, cv2.MORPH_OPEN, np.ones((length, 1), np.uint8))
        _, top, _, high = bounds(upright > 0)
        boxes.append((left, top, wide, high, "ground"))
    for level in (24, 3):
        left, top, wide, high = bounds(unlike > level)
        edge = max(wide, high)
        boxes.append((left - (edge - wide) // 2, top - (edge - high) // 2, edge, edge, "margin"))
    for box in dict.fromkeys(boxes):
        if _is_square(*box[2:4]) and box[2:4] != (width, height):
            yield Square(*box, round(0.4 * box[2] / SIDE) if box[4] == "frame" else 0)


def _is_square(width: int, height: int) -> bool:
    return min(width, height) >= SIDE and abs(width - height) <= 0.03 * max(width, height)


@lru_cache(maxsize=64)
def _mixing(edge: int, frame: int, method: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return which rows of `edge` to look at, how they mix 28 numbers (rows, 28), and back."""
    each, size = np.eye(SIDE, dtype=np.float32), (SIDE, edge)
    if method.startswith("INTER"):
        mixing = cv2.resize(each, size, interpolation=getattr(cv2, method))
    else:
        mixing = np.asarray(Image.fromarray(each).resize(size, Image.Resampling[method]))
    place = (np.arange(edge) + 0.5) * SIDE / edge % 1
    inner = np.ones(edge, bool)
    if method.endswith("NEAREST") and edge >= 3 * SIDE:
        inner = abs(place - 0.5) < 0.3  # where a frame or a rounding may not be seen
    inner[:frame] = inner[edge - frame :] = False
    rows = np.flatnonzero(inner)
    rows = rows[:: max(1, edge // _ENOUGH)]
    return rows, mixing[rows], np.linalg.pinv(mixing[rows])


def _read(rgb: np.ndarray, square: Square, ground: np.ndarray, near: float) -> Found | None:
    """Return the image that fits a part of the picture best, or None where none can."""
    part = _cut(rgb, square, ground)
    grey = cv2.cvtColor(part, cv2.COLOR_RGB2GRAY)
    if grey.std() < 2:
        return None
    best, method = np.inf, ""
    for tried in _METHODS:
        rows, down, up = _mixing(square.height, square.frame, tried)
        columns, across, back = _mixing(square.width, square.frame, tried)
        seen = grey[np.ix_(rows, columns)].astype(np.float32)
        left = seen - down @ (up @ seen @ back.T) @ across.T
        free = max(1, seen.size - SIDE * SIDE)
        error = float(np.square(left).sum() / free / max(1.0, float(seen.var())))
        if error < best:
            best, method = error, tried
        if best < _CERTAIN or (best > _HOPELESS and tried == "INTER_NEAREST"):
            break
    if best > _UNEXPLAINED:
        return None
    rows, _, up = _mixing(square.height, square.frame, method)
    columns, _, back = _mixing(square.width, square.frame, method)
    channels = [channel[np.ix_(rows, columns)].astype(np.float32) for channel in cv2.split(part)]
    colours = np.stack([up @ channel @ back.T for channel in channels], axis=-1).clip(0, 255)
    corner = np.median(colours[[0, 0, -1, -1], [0, -1, 0, -1]], axis=0)
    name, levels, away = colour_maps.undo(colours.reshape(-1, 3), corner, near)
    return Found(levels.reshape(SIDE, SIDE), square, part, colours, name, best, away)


def _cut(rgb: np.ndarray, square: Square, ground: np.ndarray) -> np.ndarray:
    """Return a part of the picture, with ground where it reaches beyond."""
    left, top, width, height = square[:4]
    above, before = max(0, -top), max(0, -left)
    below, behind = max(0, top + height - rgb.shape[0]), max(0, left + width - rgb.shape[1])
    if above or below or before or behind:
        value = ground.tolist()
        rgb = cv2.copyMakeBorder(
            rgb, above, below, before, behind, cv2.BORDER_CONSTANT, value=value
        )
        left, top = left + before, top + above
    return rgb[top : top + height, left : left + width]
