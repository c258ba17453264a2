"""A drawing -> ink, strokes and silhouette: any colours, open outlines closed and filled.

All arrays have the drawing's working size, longest edge `CANVAS`; ink is float32 0 (paper) to 1.
"""

import cv2
import numpy as np

from fmnist_core.preprocessing.masks import border, fill_holes, fit, trim

CANVAS = 112  # four times 28: fine enough for thin strokes, small enough for live predictions
SHEET = 280  # small items on a large sheet still have a hundred pixels
_MARGIN = 12  # free paper around the drawing: wider than half the widest closing
_RAYS = 8  # each is followed both ways: 16 directions
# Offsets (row, column) of the eight neighbours, clockwise from above.
_AROUND = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))


def ink(rgb: np.ndarray, paper: bool = False) -> np.ndarray:
    """Return float32 (h, w) 0..1: how unlike its ground each pixel is, whatever the colours.

    `rgb` is uint8 (h, w, 3). With `paper` the ground may be unevenly lit, as in a photo of a
    sheet: it is then taken from each pixel's surroundings.
    """
    lab = cv2.cvtColor(rgb, cv2.COLOR_RGB2LAB)
    if paper:
        ground = cv2.resize(local_ground(lab), lab.shape[1::-1])
    else:
        ground = np.empty_like(lab)
        ground[:] = np.median(lab[border(rgb.shape, 0.02)], axis=0)
    difference = cv2.absdiff(lab, ground).astype(np.float32)
    distance = cv2.sqrt(cv2.transform(difference * difference, np.ones((1, 3), np.float32)))
    # The strongest ink there is counts as full, so pale pencils and white chalk work alike.
    full = float(np.percentile(distance, 99.7)) if paper else float(distance.max())
    return np.clip(distance / max(full, 24.0), 0, 1)


def local_ground(picture: np.ndarray) -> np.ndarray:
    """Return the sheet of a drawing alone, uint8 (48, 48): the median of wide surroundings."""
    return cv2.medianBlur(cv2.resize(picture, (48, 48), interpolation=cv2.INTER_AREA), 21)


def fitted(picture: np.ndarray, level: float = 0.25) -> np.ndarray:
    """Return the ink trimmed to what is above `level`, longest edge `CANVAS`, with a margin."""
    mask = picture > level
    if not mask.any():
        return np.zeros((CANVAS + 2 * _MARGIN,) * 2, np.float32)
    return np.pad(fit(trim(picture, mask), CANVAS), _MARGIN)


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
