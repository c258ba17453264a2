"""Draws things that are no clothes: houses, trees, cars, animals, faces, pages of writing.

Each maker takes a random generator and returns a uint8 (EDGE, EDGE, 3) picture: outlined, filled
or coloured in, as people draw them.
"""

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np

from fmnist_core.release.ood.pictures import EDGE, Maker

Colour = tuple[int, ...]
Point = tuple[float, float]


class _Crayon(NamedTuple):
    """A sheet, and how a thing is drawn on it: line colour and width, and whether it is filled."""

    sheet: np.ndarray
    line: Colour
    width: int
    fills: list[Colour]
    rng: np.random.Generator

    def shape(self, points: Sequence[Point], fill: int = 0, closed: bool = True) -> None:
        """Draw through points in 0..1, coloured by the `fill`th colour when anything is filled."""
        jitter = self.rng.normal(0, 0.008, (len(points), 2))
        places = ((np.array(points) + jitter) * EDGE).astype(np.int32)
        if self.fills and closed:
            cv2.fillPoly(self.sheet, [places], self.fills[fill % len(self.fills)], cv2.LINE_AA)
        cv2.polylines(self.sheet, [places], closed, self.line, self.width, cv2.LINE_AA)

    def round(self, x: float, y: float, across: float, down: float = 0.0, fill: int = 0) -> None:
        """Draw an ellipse about a place, all in 0..1."""
        t = np.linspace(0, 2 * np.pi, 40, endpoint=False)
        points = np.c_[x + across * np.cos(t), y + (down or across) * np.sin(t)]
        wobble = self.rng.normal(0, 0.003, points.shape)
        self.shape([(u, v) for u, v in (points + wobble).tolist()], fill)

    def box(self, left: float, top: float, right: float, bottom: float, fill: int = 0) -> None:
        """Draw a rectangle between two corners in 0..1."""
        self.shape([(left, top), (right, top), (right, bottom), (left, bottom)], fill)


def _crayon(rng: np.random.Generator) -> _Crayon:
    ground = 255 if rng.random() < 0.8 else 0
    ink = (255 - ground,) * 3
    kind = rng.random()
    count = 0 if kind < 0.4 else 1 if kind < 0.5 else 4
    fills = [tuple(int(v) for v in rng.integers(30, 250, 3)) for _ in range(count)]
    if 0.5 <= kind < 0.6:
        fills = [ink]
    line = ink if rng.random() < 0.8 or not fills else fills[0]
    sheet = np.full((EDGE, EDGE, 3), ground, np.uint8)
    return _Crayon(sheet, line, int(rng.integers(2, 8)), fills, rng)


def house(rng: np.random.Generator) -> np.ndarray:
    """Walls, a roof, a door and windows."""
    pen, wall = _crayon(rng), rng.uniform(0.35, 0.55)
    left, right = rng.uniform(0.08, 0.25), rng.uniform(0.75, 0.92)
    pen.box(left, wall, right, 0.9, 0)
    pen.shape([(left - 0.05, wall), ((left + right) / 2, rng.uniform(0.06, 0.25)),
               (right + 0.05, wall)], 1)  # fmt: skip
    door = rng.uniform(left + 0.05, right - 0.25)
    pen.box(door, 0.65, door + 0.14, 0.9, 2)
    for x in rng.uniform(left + 0.05, right - 0.2, int(rng.integers(1, 3))):
        pen.box(x, wall + 0.06, x + 0.13, wall + 0.18, 3)
    if rng.random() < 0.4:
        pen.box(right - 0.2, 0.1, right - 0.12, 0.3, 2)
    return pen.sheet


def tree(rng: np.random.Generator) -> np.ndarray:
    """A trunk and a crown: round, of blobs, or of triangles."""
    pen, half = _crayon(rng), rng.uniform(0.03, 0.08)
    pen.box(0.5 - half, 0.5, 0.5 + half, 0.93, 0)
    kind = rng.random()
    if kind < 0.35:
        pen.round(0.5, 0.35, rng.uniform(0.2, 0.34), rng.uniform(0.2, 0.3), 1)
    elif kind < 0.7:
        for _ in range(int(rng.integers(3, 8))):
            pen.round(rng.uniform(0.3, 0.7), rng.uniform(0.2, 0.5), rng.uniform(0.1, 0.2), 0, 1)
    else:
        for y in np.linspace(0.05, 0.45, int(rng.integers(1, 5))):
            reach = 0.15 + 0.4 * y
            pen.shape([(0.5 - reach, y + 0.28), (0.5, y), (0.5 + reach, y + 0.28)], 1)
    return pen.sheet


def car(rng: np.random.Generator) -> np.ndarray:
    """A body, a cabin, windows and wheels, from the side."""
    pen, top = _crayon(rng), rng.uniform(0.25, 0.38)
    pen.shape([(0.25, 0.5), (0.34, top), (0.66, top), (0.78, 0.5)], 0)
    pen.shape([(0.05, 0.5), (0.95, 0.5), (0.97, 0.7), (0.04, 0.7)], 0)
    pen.box(0.36, top + 0.04, 0.49, 0.49, 1)
    pen.box(0.52, top + 0.04, 0.64, 0.49, 1)
    radius = rng.uniform(0.07, 0.12)
    for x in (0.25, 0.75):
        pen.round(x, 0.72, radius, radius, 2)
        pen.round(x, 0.72, radius / 3, radius / 3, 3)
    return pen.sheet


def animal(rng: np.random.Generator) -> np.ndarray:
    """A cat or a dog: a head with ears, a body, legs and a tail."""
    pen, size = _crayon(rng), rng.uniform(0.11, 0.17)
    pen.round(0.5, 0.62, rng.uniform(0.2, 0.3), rng.uniform(0.13, 0.2), 0)
    for leg in (0.35, 0.45, 0.56, 0.66):
        pen.box(leg - 0.025, 0.72, leg + 0.025, 0.92, 0)
    tail = np.c_[np.linspace(0.75, 0.92, 12), 0.6 - 0.3 * np.linspace(0, 1, 12) ** 2]
    pen.shape([(x, y) for x, y in tail.tolist()], closed=False)
    x, y = 0.27, 0.4
    for side in (-1, 1):
        pen.shape([(x + side * size, y - 0.3 * size), (x + side * size * 0.8, y - 1.7 * size),
                   (x + side * size * 0.2, y - 0.9 * size)], 0)  # fmt: skip
    pen.round(x, y, size, size, 0)
    for eye in (-0.4, 0.4):
        pen.round(x + eye * size, y - 0.2 * size, 0.015, 0.015, 1)
    return pen.sheet


def face(rng: np.random.Generator) -> np.ndarray:
    """A face or a sun: a circle with eyes and a mouth, with rays or hair or ears."""
    pen, radius = _crayon(rng), rng.uniform(0.24, 0.36)
    for angle in np.linspace(0, 2 * np.pi, int(rng.choice([0, 8, 14, 20])), endpoint=False):
        near, far = radius * 1.1, radius * rng.uniform(1.25, 1.45)
        ray = [(0.5 + r * np.cos(angle), 0.5 + r * np.sin(angle)) for r in (near, far)]
        pen.shape(ray, closed=False)
    pen.round(0.5, 0.5, radius, radius * rng.uniform(0.9, 1.2), 0)
    for side in (-0.4, 0.4):
        pen.round(0.5 + side * radius, 0.42, rng.uniform(0.015, 0.05), 0, 1)
    t = np.linspace(0.15, 0.85, 12) * np.pi
    curve = rng.uniform(-0.5, 0.6)
    mouth = [(0.5 - 0.5 * radius * np.cos(a), 0.62 + curve * radius * 0.5 * np.sin(a)) for a in t]
    pen.shape(mouth, closed=False)
    return pen.sheet


def flower(rng: np.random.Generator) -> np.ndarray:
    """Petals about a middle, on a stalk."""
    pen, count = _crayon(rng), int(rng.integers(4, 9))
    pen.shape([(0.5, 0.4), (0.5 + rng.normal(0, 0.03), 0.95)], closed=False)
    for angle in np.linspace(0, 2 * np.pi, count, endpoint=False):
        pen.round(0.5 + 0.17 * np.cos(angle), 0.35 + 0.17 * np.sin(angle), 0.11, 0.11, 0)
    pen.round(0.5, 0.35, 0.09, 0.09, 1)
    return pen.sheet


def person(rng: np.random.Generator) -> np.ndarray:
    """A stick figure, or several."""
    pen = _crayon(rng)
    for x in rng.permutation([0.25, 0.5, 0.75])[: int(rng.integers(1, 4))]:
        pen.round(x, 0.2, 0.08, 0.08, 0)
        hip = (x + rng.normal(0, 0.02), 0.6)
        pen.shape([(x, 0.28), hip], closed=False)
        for side in (-0.13, 0.13):
            pen.shape([(x, 0.38), (x + side, 0.5 + rng.normal(0, 0.08))], closed=False)
            pen.shape([hip, (x + side, 0.92)], closed=False)
    return pen.sheet


def symbol(rng: np.random.Generator) -> np.ndarray:
    """A star, a heart, an arrow, a triangle, a cross or a circle."""
    pen, kind = _crayon(rng), int(rng.integers(6))
    t = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    if kind == 0:
        points = int(rng.integers(5, 9))
        t = np.linspace(-np.pi / 2, 1.5 * np.pi, 2 * points, endpoint=False)
        reach = np.where(np.arange(2 * points) % 2, rng.uniform(0.12, 0.25), 0.42)
        xy = np.c_[0.5 + reach * np.cos(t), 0.5 + reach * np.sin(t)]
    elif kind == 1:
        lobes = 13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t)
        xy = 0.5 + 0.024 * np.c_[16 * np.sin(t) ** 3, -lobes]
    elif kind == 2:
        xy = np.array([[0.05, 0.4], [0.6, 0.4], [0.6, 0.2], [0.95, 0.5], [0.6, 0.8], [0.6, 0.6],
                       [0.05, 0.6]])  # fmt: skip
    elif kind == 3:
        xy = rng.uniform(0.05, 0.95, (3, 2))
    elif kind == 4:
        arm = np.array([[0.4, 0.4], [0.4, 0.1], [0.6, 0.1]])
        turns = [np.array([[0, -1], [1, 0]]), -np.eye(2), np.array([[0, 1], [-1, 0]])]
        xy = np.concatenate([arm, *(0.5 + (arm - 0.5) @ turn.T for turn in turns)])
    else:
        xy = np.c_[0.5 + 0.38 * np.cos(t), 0.5 + rng.uniform(0.2, 0.38) * np.sin(t)]
    turn = rng.normal(0, 0.3)
    spin = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    pen.shape([(x, y) for x, y in (0.5 + (xy - 0.5) @ spin).tolist()])
    return pen.sheet


def page(rng: np.random.Generator) -> np.ndarray:
    """A page of handwriting: lines of joined loops, perhaps on a photographed sheet."""
    pen, lines = _crayon(rng), int(rng.integers(3, 10))
    for y in np.linspace(0.1, 0.92, lines):
        t, end = 0.06, rng.uniform(0.5, 0.95)
        while t < end:
            stop = min(end, t + rng.uniform(0.08, 0.25))
            x = np.linspace(t, stop, 40)
            waves = 0.35 / lines * np.sin(x * rng.uniform(90, 200) + rng.uniform(0, 6))
            loop = 0.015 * np.cos(x * rng.uniform(90, 200))
            pen.shape(np.c_[x + loop, y + waves].tolist(), closed=False)
            t = stop + 0.04
    if rng.random() < 0.5:
        top, bottom = rng.uniform(0.6, 1, 2).tolist()
        light = np.linspace(top, bottom, EDGE)[:, None, None]
        grain = rng.normal(0, 4, pen.sheet.shape)
        return np.clip(pen.sheet * light + grain, 0, 255).astype(np.uint8)
    return pen.sheet


THINGS: dict[str, Maker] = {
    maker.__name__: maker
    for maker in (house, tree, car, animal, face, flower, person, symbol, page)
}
