"""A drawing -> ink, strokes and silhouette: any colours, open outlines closed and filled.

All arrays have the drawing's working size, longest edge `CANVAS`; ink is float32 0 (paper) to 1.
"""

import cv2
import numpy as np

from fmnist_core.preprocessing.closing import join_ends, loose_ends
from fmnist_core.preprocessing.segmentation import border, fill_holes

CANVAS = 112  # four times 28: fine enough for thin strokes, small enough for live predictions
SHEET = 280  # small items on a large sheet still have a hundred pixels
_MARGIN = 12  # free paper around the drawing: wider than half the widest closing
_RAYS = 8  # each is followed both ways: 16 directions


def shrink(rgb: np.ndarray) -> np.ndarray:
    """Return the picture with its longest edge at most `SHEET`: live predictions cannot wait."""
    scale = SHEET / max(rgb.shape[:2])
    if scale >= 1:
        return rgb
    size = max(2, round(rgb.shape[1] * scale)), max(2, round(rgb.shape[0] * scale))
    return cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)


def ink(rgb: np.ndarray, paper: bool = False) -> np.ndarray:
    """Return float32 (h, w) 0..1: how unlike its ground each pixel is, whatever the colours.

    `rgb` is uint8 (h, w, 3). With `paper` the ground may be unevenly lit, as in a photo of a
    sheet: it is then taken from each pixel's surroundings.
    """
    lab = cv2.cvtColor(rgb, cv2.COLOR_RGB2LAB)
    if paper:
        ground = cv2.resize(_local_ground(lab), lab.shape[1::-1])
    else:
        ground = np.empty_like(lab)
        ground[:] = np.median(lab[border(rgb.shape, 0.02)], axis=0)
    difference = cv2.absdiff(lab, ground).astype(np.float32)
    distance = cv2.sqrt(cv2.transform(difference * difference, np.ones((1, 3), np.float32)))
    # The strongest ink there is counts as full, so pale pencils and white chalk work alike.
    full = float(np.percentile(distance, 99.7)) if paper else float(distance.max())
    return np.clip(distance / max(full, 24.0), 0, 1)


def _local_ground(lab: np.ndarray) -> np.ndarray:
    """Return a small picture of the sheet alone: the median of wide surroundings."""
    return cv2.medianBlur(cv2.resize(lab, (48, 48), interpolation=cv2.INTER_AREA), 21)


def fit(picture: np.ndarray, level: float = 0.25) -> np.ndarray:
    """Return the ink trimmed to what is above `level`, longest edge `CANVAS`, with a margin."""
    mask = picture > level
    if not mask.any():
        return np.zeros((CANVAS + 2 * _MARGIN,) * 2, np.float32)
    left, top, width, height = cv2.boundingRect(mask.astype(np.uint8))
    scale = CANVAS / max(width, height)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    part = picture[top : top + height, left : left + width]
    return np.pad(cv2.resize(part, size, interpolation=method), _MARGIN).astype(np.float32)


def strokes(picture: np.ndarray, level: float = 0.25, thickness: int = 4) -> np.ndarray:
    """Return a bool mask of the ink, thin lines thickened to survive the way down to 28×28."""
    mask = (picture > level).astype(np.uint8)
    width = stroke_width(mask)
    if 0 < width < thickness:
        size = round(thickness - width) + 1
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
        return cv2.dilate(mask, kernel) > 0
    return mask > 0


def stroke_width(mask: np.ndarray) -> float:
    """Return the typical width of the lines in a mask in pixels: area over half the outline."""
    contours, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    outline = sum(len(contour) for contour in contours)
    return 2 * float(np.count_nonzero(mask)) / outline if outline else 0.0


def enclosed(lines: np.ndarray) -> np.ndarray:
    """Return float32 (h, w): the share of 16 directions in which each pixel meets a line.

    Says what is inside even where the outline is open: between two legs one looks out below.
    """
    height, width = lines.shape
    middle = (width / 2 - 0.5, height / 2 - 0.5)
    edge = int(np.ceil(np.hypot(width, height)))
    shift = np.array([[0, 0, edge / 2 - width / 2], [0, 0, edge / 2 - height / 2]])
    hits = np.zeros((height, width), np.float32)
    source = lines.astype(np.uint8)
    for index in range(_RAYS):
        turn = cv2.getRotationMatrix2D(middle, 180 * index / _RAYS, 1) + shift
        turned = cv2.warpAffine(source, turn, (edge, edge), flags=cv2.INTER_NEAREST)
        met = np.maximum.accumulate(turned, axis=1)
        met = met + np.maximum.accumulate(turned[:, ::-1], axis=1)[:, ::-1]
        back = cv2.warpAffine(
            met, turn, (width, height), flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
        )
        hits += back
    return hits / (2 * _RAYS)


def silhouette(lines: np.ndarray) -> np.ndarray:
    """Return a bool mask of the lines and everything inside them, open outlines closed.

    Small gaps are closed first, then loose ends are joined over ever longer ways, until most of
    what the rays call inside is filled; if nothing does it, the rays decide alone.
    """
    vote, ends = enclosed(lines), loose_ends(lines)
    goal = 0.65 * np.count_nonzero((vote >= 0.93) & ~lines)
    best = lines
    for gap, reach in ((1, 0), (5, 0), (5, 0.2), (5, 0.45), (5, 0.8), (9, 0.8), (15, 0.8)):
        joined = join_ends(lines, ends, reach * CANVAS) if reach else lines
        best = fill_holes(_close(joined, gap))
        if np.count_nonzero(best & ~lines) >= goal:
            return best
    inside = cv2.GaussianBlur(vote, (0, 0), 3) >= 0.85
    return fill_holes(best | inside)


def _close(lines: np.ndarray, gap: int) -> np.ndarray:
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (gap, gap))
    return cv2.morphologyEx(lines.astype(np.uint8), cv2.MORPH_CLOSE, kernel) > 0


def render(
    picture: np.ndarray, lines: np.ndarray, inside: np.ndarray, line: float, fill: float
) -> np.ndarray:
    """Return the drawing as greys, uint8, white paper: lines and empty insides in given tones.

    `line` and `fill` are ink 0..1. What the visitor shaded keeps its own tone: only the paper
    inside the outline takes the `fill`.
    """
    shaded = np.maximum(picture, fill * inside)
    tones = np.where(lines, np.maximum(line * np.maximum(picture, 0.5), shaded), shaded)
    return (255 * (1 - np.clip(tones, 0, 1)) + 0.5).astype(np.uint8)
