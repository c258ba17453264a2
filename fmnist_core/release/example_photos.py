"""Renders example photos: garments cut from example outlines, lying on procedural grounds.

Everything is made of noise, lines and light; no picture of anybody is used.
"""

from collections.abc import Callable

import cv2
import numpy as np

from fmnist_core.release.example_pen import Shape, shaky, smooth

EDGE = 360
Ground = Callable[[np.random.Generator], np.ndarray]
_STRAPS = (5, 8)  # sandals and bags: lines are straps, not seams


def _noise(rng: np.random.Generator, cells: int, width: int = 0) -> np.ndarray:
    """Return smooth noise, float32 (EDGE, EDGE), about -1 to 1; `width` cells across if given."""
    coarse = rng.normal(0, 0.5, (cells, width or cells)).astype(np.float32)
    return cv2.resize(coarse, (EDGE, EDGE), interpolation=cv2.INTER_CUBIC)


def _tint(shade: np.ndarray, colour: tuple[int, int, int]) -> np.ndarray:
    return np.clip(shade[..., None] * np.array(colour, np.float32), 0, 255)


def wood(rng: np.random.Generator) -> np.ndarray:
    """Planks with grain and dark joints."""
    y = np.mgrid[0:EDGE, 0:EDGE][0].astype(np.float32)
    plank = EDGE / int(rng.integers(4, 7))
    tone = rng.uniform(0.9, 1.08, 8)[(y // plank).astype(int) % 8]
    grain = np.sin((y + 6 * _noise(rng, 4)) * 0.9 + 5 * _noise(rng, 40, 4)) * 0.05
    joint = np.where(y % plank < 2.5, 0.6, 1.0)
    shade = tone * joint * (0.95 + grain + 0.06 * _noise(rng, 120, 8))
    return _tint(shade, ((186, 140, 96), (214, 178, 132), (140, 98, 66))[int(rng.integers(3))])


def tiles(rng: np.random.Generator) -> np.ndarray:
    """Square floor tiles with light joints."""
    y, x = np.mgrid[0:EDGE, 0:EDGE].astype(np.float32)
    side = EDGE / int(rng.integers(3, 5))
    joint = ((x + 20) % side < 4) | ((y + 33) % side < 4)
    tone = rng.uniform(0.93, 1.05, (8, 8))[
        ((y + 33) // side).astype(int), ((x + 20) // side).astype(int)
    ]
    return _tint(np.where(joint, 0.78, tone) + 0.03 * _noise(rng, 60), (206, 204, 198))


def carpet(rng: np.random.Generator) -> np.ndarray:
    """Short dense pile."""
    pile = rng.normal(0, 0.16, (EDGE, EDGE)).astype(np.float32)
    shade = 0.95 + cv2.GaussianBlur(pile, (0, 0), 0.8) + 0.05 * _noise(rng, 8)
    return _tint(shade, ((150, 146, 140), (92, 108, 124), (172, 158, 138))[int(rng.integers(3))])


def wall(rng: np.random.Generator) -> np.ndarray:
    """A painted wall lit from one side."""
    y, x = np.mgrid[0:EDGE, 0:EDGE].astype(np.float32) / EDGE
    angle = rng.uniform(0, 2 * np.pi)
    light = 1.0 - 0.28 * (0.5 + (x - 0.5) * np.cos(angle) + (y - 0.5) * np.sin(angle))
    return _tint(
        light + 0.012 * _noise(rng, 90), ((226, 220, 208), (208, 218, 226))[int(rng.integers(2))]
    )


def sheet(rng: np.random.Generator) -> np.ndarray:
    """A bed sheet with soft creases."""
    creases = np.abs(_noise(rng, 5)) ** 0.5 * 0.12 + 0.05 * np.abs(_noise(rng, 11))
    return _tint(
        1.0 - creases, ((222, 222, 226), (188, 198, 214), (230, 214, 202))[int(rng.integers(3))]
    )


GROUNDS: dict[str, Ground] = {maker.__name__: maker for maker in (wood, tiles, carpet, wall, sheet)}

COLOURS = (
    (44, 60, 104), (126, 36, 44), (36, 36, 40), (44, 92, 74), (120, 122, 128), (168, 96, 40),
    (88, 58, 96), (64, 104, 140), (110, 84, 62),
)  # fmt: skip


def _lines(shape: Shape, rng: np.random.Generator) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Return outlines and inner lines in pixels, a little turned and stretched, centred."""
    outlines, inner = ([shaky(smooth(s), rng, 0.003) for s in part] for part in shape)
    angle = np.deg2rad(rng.uniform(-11, 11))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    stretch = np.exp(rng.normal(0, 0.05, 2))
    every = np.concatenate([*outlines, *inner])
    middle = (every.min(0) + every.max(0)) / 2
    size = rng.uniform(0.66, 0.8) * EDGE / float(np.ptp(every, axis=0).max())
    place = EDGE / 2 + rng.uniform(-12, 12, 2)

    def move(line: np.ndarray) -> np.ndarray:
        return ((line - middle) * stretch * size) @ turn.T + place

    return [move(line) for line in outlines], [move(line) for line in inner]


def _mask(lines: list[np.ndarray], filled: bool, width: int) -> np.ndarray:
    mask = np.zeros((EDGE, EDGE), np.uint8)
    for line in lines:
        points = np.rint(line * 16).astype(np.int32)
        if filled:
            cv2.fillPoly(mask, [points], 255, cv2.LINE_AA, 4)
        if width:
            cv2.polylines(mask, [points], False, 255, width, cv2.LINE_AA, 4)
    return mask.astype(np.float32) / 255


def _cloth(mask: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return how light the cloth is, about 1: folds, weave, rounding at the edges, a pattern."""
    y, x = np.mgrid[0:EDGE, 0:EDGE].astype(np.float32)
    folds = 0.10 * _noise(rng, 5, 7) + 0.06 * _noise(rng, 9, 16)
    weave = cv2.GaussianBlur(rng.normal(0, 0.06, (EDGE, EDGE)).astype(np.float32), (0, 0), 0.7)
    depth = cv2.distanceTransform((mask > 0.5).astype(np.uint8), cv2.DIST_L2, 5)
    rounding = 0.74 + 0.26 * np.clip(depth / 14, 0, 1)
    pattern = np.zeros((EDGE, EDGE), np.float32)
    kind = rng.random()
    if kind < 0.2:
        pattern = np.where((y + 5 * _noise(rng, 4)) % 26 < 9, 0.55, 0.0)
    elif kind < 0.3:
        pattern = 0.22 * ((x % 30 < 12).astype(np.float32) + (y % 30 < 12))
    return ((1 + folds + weave) * rounding + pattern).astype(np.float32)


def photograph(
    shape: Shape, label: int, ground: str, rng: np.random.Generator, colour: tuple[int, int, int]
) -> np.ndarray:
    """Return uint8 (EDGE, EDGE, 3) RGB: the shape in cloth on the ground, with its shadow."""
    outlines, inner = _lines(shape, rng)
    straps = label in _STRAPS
    mask = _mask(outlines, True, 3)
    if straps:
        mask = np.maximum(mask, _mask(inner, False, 9))
    picture = GROUNDS[ground](rng)
    offset, blur = rng.uniform(3, 9, 2), rng.uniform(3, 8)
    move = np.array([[1, 0, offset[0]], [0, 1, offset[1]]], np.float32)
    shadow = cv2.GaussianBlur(cv2.warpAffine(mask, move, (EDGE, EDGE)), (0, 0), blur)
    picture = picture * (1 - 0.5 * shadow[..., None])
    seams = _mask(inner, False, 3 if straps else 2)
    light = _cloth(mask, rng) * (1 - 0.45 * cv2.GaussianBlur(seams, (0, 0), 0.8))
    if len(outlines) > 1 and label in (7, 9):  # soles of another material
        sole = _mask(outlines[1:2], True, 1)[..., None]
        item = _tint(light, colour) * (1 - sole) + sole * _tint(0.5 + 0.5 * light, (196, 190, 180))
    else:
        item = _tint(light, colour)
    alpha = cv2.GaussianBlur(mask, (0, 0), 0.7)[..., None]
    picture = picture * (1 - alpha) + item * alpha
    y, x = np.mgrid[0:EDGE, 0:EDGE].astype(np.float32) / EDGE - 0.5
    lamp = 1.06 - 0.35 * ((x - rng.uniform(-0.3, 0.3)) ** 2 + (y - rng.uniform(-0.3, 0.3)) ** 2)
    grain = rng.normal(0, 3.5, (EDGE, EDGE, 3))
    sharp = cv2.GaussianBlur(picture * lamp[..., None], (0, 0), 0.6)
    return np.clip(sharp + grain, 0, 255).astype(np.uint8)
