"""One stroke of ink drawn onto a 28×28 image, of limited length, wherever it came from."""

import cv2
import numpy as np

from fmnist_core.shapes import SIDE

LONGEST = 20.0  # pixels of the 28×28 image: a stroke changes an item, it does not replace it
WIDTH = 1.5
MOST_POINTS = 500
_FINE = 8  # drawn so many times larger, for soft edges


def read_points(sent: object) -> np.ndarray | None:
    """Return the points (n, 2) of a stroke as a browser sent them, x and y in 0 to 28; n >= 2.

    What lies beyond `LONGEST` pixels along the stroke is cut off. None when it is no stroke.
    """
    if not isinstance(sent, list) or not 2 <= len(sent) <= MOST_POINTS:
        return None
    for point in sent:
        if not isinstance(point, list) or len(point) != 2:
            return None
        # Compared, because an integer of 400 digits is no float. NaN is below nothing.
        if not all(type(value) in (int, float) and abs(value) < 1e6 for value in point):
            return None
    points = np.clip(np.array(sent, np.float64), 0, SIDE)
    steps = np.hypot(*np.diff(points, axis=0).T)
    length = np.concatenate([[0.0], np.cumsum(steps)])
    if length[-1] <= LONGEST:
        return points
    last = int(np.searchsorted(length, LONGEST))
    share = (LONGEST - length[last - 1]) / steps[last - 1]
    end = points[last - 1] + share * (points[last] - points[last - 1])
    return np.concatenate([points[:last], end[None]])


def with_stroke(image: np.ndarray, points: np.ndarray, ink: int) -> np.ndarray:
    """Return a copy of a uint8 (28, 28) image with the stroke in grey level `ink`, 0 to 255."""
    mask = np.zeros((SIDE * _FINE, SIDE * _FINE), np.uint8)
    path = np.round(points * _FINE).astype(np.int32)
    cv2.polylines(mask, [path.reshape(-1, 1, 2)], False, 255, round(WIDTH * _FINE))
    cover = cv2.resize(mask, (SIDE, SIDE), interpolation=cv2.INTER_AREA) / 255
    found: np.ndarray = np.round(image * (1 - cover) + ink * cover).astype(np.uint8)
    return found


def fools(before: np.ndarray, after: np.ndarray, truth: int) -> bool:
    """Whether (10,) probabilities were right for class `truth` and are not any more."""
    return bool(before.argmax() == truth and after.argmax() != truth)
