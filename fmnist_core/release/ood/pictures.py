"""Generates what is no item: scribbles, writing, marks, noise and blank sheets, as pictures.

Each maker takes a random generator and returns a uint8 picture as a visitor might send it.
"""

from collections.abc import Callable

import cv2
import numpy as np

Maker = Callable[[np.random.Generator], np.ndarray]

EDGE = 224
_LETTERS = np.array(list("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789?!&"))


def _pen(rng: np.random.Generator) -> tuple[np.ndarray, tuple[int, int, int], int]:
    ground = 255 if rng.random() < 0.7 else 0
    sheet = np.full((EDGE, EDGE, 3), ground, np.uint8)
    return sheet, (255 - ground,) * 3, int(rng.integers(1, 14))


def _draw(points: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    sheet, colour, width = _pen(rng)
    return cv2.polylines(sheet, [points.astype(np.int32)], False, colour, width, cv2.LINE_AA)


def wandering(rng: np.random.Generator) -> np.ndarray:
    """A pen that changes direction at random."""
    steps = rng.normal(0, 1, (int(rng.integers(8, 80)), 2)) + rng.normal(0, 0.2, 2)
    path = np.cumsum(steps, 0)
    path = path - (path.min(0) + path.max(0)) / 2
    return _draw(EDGE / 2 + path / np.abs(path).max() * rng.uniform(40, 105), rng)


def corners(rng: np.random.Generator) -> np.ndarray:
    """Straight lines from one random place to the next."""
    return _draw(rng.uniform(10, EDGE - 10, (int(rng.integers(5, 35)), 2)), rng)


def curves(rng: np.random.Generator) -> np.ndarray:
    """A smooth line through random places."""
    knots = rng.uniform(10, EDGE - 10, (int(rng.integers(5, 24)), 2)).astype(np.float32)
    path = cv2.resize(knots, (2, 500), interpolation=cv2.INTER_CUBIC)
    return _draw(cv2.GaussianBlur(path, (1, 41), 0), rng)


def zigzag(rng: np.random.Generator) -> np.ndarray:
    """Up and down, or to and fro, as when something is struck out or hatched."""
    count = int(rng.integers(4, 30))
    x = np.linspace(20, EDGE - 20, count) + rng.normal(0, 6, count)
    high, low = np.sort(rng.uniform(20, EDGE - 20, 2))
    y = np.where(np.arange(count) % 2, high, low) + rng.normal(0, 10, count)
    points = np.stack([x, y + rng.uniform(-0.6, 0.6) * x], 1)
    return _draw(points if rng.random() < 0.5 else points[:, ::-1], rng)


def loops(rng: np.random.Generator) -> np.ndarray:
    """Loops in a row, or a spiral, or a tangle of circles."""
    t = np.linspace(0, 1, 400)
    turns, drift = 2 * np.pi * rng.integers(2, 10), rng.uniform(0, 180)
    radius = rng.uniform(20, 90) * (t if rng.random() < 0.4 else 1)
    x = EDGE / 2 + radius * np.cos(turns * t) + drift * (t - 0.5)
    y = EDGE / 2 + radius * np.sin(turns * t) * rng.uniform(0.5, 1.2) + rng.normal(0, 30) * t
    return _draw(np.stack([x, y], 1) + rng.normal(0, 1.5, (400, 2)), rng)


def strokes(rng: np.random.Generator) -> np.ndarray:
    """A few separate lines."""
    sheet, colour, width = _pen(rng)
    for _ in range(int(rng.integers(1, 16))):
        start, end = rng.integers(5, EDGE - 5, (2, 2)).tolist()
        cv2.line(sheet, start, end, colour, width, cv2.LINE_AA)
    return sheet


def dots(rng: np.random.Generator) -> np.ndarray:
    """Specks and taps."""
    sheet, colour, width = _pen(rng)
    for _ in range(int(rng.integers(1, 30))):
        cv2.circle(sheet, rng.integers(5, EDGE - 5, 2).tolist(), width, colour, -1, cv2.LINE_AA)
    return sheet


def writing(rng: np.random.Generator) -> np.ndarray:
    """Letters and digits."""
    sheet, colour, width = _pen(rng)
    text = "".join(rng.choice(_LETTERS, int(rng.integers(1, 7))))
    size = float(rng.uniform(1.5, 5))
    place = (8, int(rng.integers(80, EDGE - 20)))
    return cv2.putText(sheet, text, place, cv2.FONT_HERSHEY_SIMPLEX, size, colour, width)


def noise(rng: np.random.Generator) -> np.ndarray:
    """Random pixels, fine or coarse, grey or coloured, of picture size or 28×28."""
    grain = int(rng.choice([1, 1, 2, 4, 8, 8, 16]))
    size = 28 if rng.random() < 0.3 else EDGE // grain
    channels = 1 if size == 28 or rng.random() < 0.5 else 3
    shape = (size, size, channels)
    kind = rng.random()
    if kind < 0.4:
        values = rng.integers(0, 256, shape).astype(np.float64)
    elif kind < 0.8:
        values = rng.normal(rng.uniform(20, 235), rng.uniform(8, 90), shape)
    else:
        values = np.where(rng.random(shape) < rng.uniform(0.02, 0.6), 255, 0)
    picture = np.clip(values, 0, 255).astype(np.uint8)
    if size != 28:
        method = int(rng.integers(0, 3))
        return cv2.resize(picture, (EDGE, EDGE), interpolation=method).reshape(EDGE, EDGE, -1)
    return picture


def blank(rng: np.random.Generator) -> np.ndarray:
    """A photo of nothing: an evenly or slopingly lit surface with a camera's noise."""
    top, bottom = rng.uniform(60, 250, 2)
    light = np.linspace(top, bottom, EDGE)[:, None, None]
    tint = rng.uniform(0.7, 1, 3)
    grain = rng.normal(0, rng.uniform(0, 6), (EDGE, EDGE, 3))
    return np.clip(light * tint + grain, 0, 255).astype(np.uint8)


MAKERS: dict[str, Maker] = {
    maker.__name__: maker
    for maker in (
        wandering, corners, curves, zigzag, loops, strokes, dots, writing, noise, blank
    )
}  # fmt: skip
