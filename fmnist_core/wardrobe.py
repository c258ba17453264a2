"""Draws garments of each class from nothing: what people draw, and how things lie for a photo.

The data set shows every item from one side, worn or laid out by a studio. People draw flip-flops
from above, spread the sleeves of pullovers and photograph boots in pairs from the front. The shapes
are our own.
"""

from collections.abc import Callable

import cv2
import numpy as np

from fmnist_core.outline_shapes import Garment, Points
from fmnist_core.wardrobe_clothes import bag, coat, dress, pullover, shirt, trouser, tshirt
from fmnist_core.wardrobe_shoes import boot, sandal, sneaker

# In the order of the classes.
WARDROBE: tuple[Callable[[np.random.Generator], Garment], ...] = (
    tshirt,
    trouser,
    pullover,
    dress,
    coat,
    sandal,
    shirt,
    sneaker,
    bag,
    boot,
)
_SUBPIXEL = 4  # bits of a coordinate's fraction


def lay_out(
    label: int, size: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return a garment of the class, different each time, in the middle of a square canvas.

    Shade, float32 0..1, mask, bool, and the lines on it, float32 0..1; all (size, size).
    """
    garment = _by_hand(WARDROBE[label](rng), rng)
    everything = np.concatenate(garment.cloth)
    low, high = everything.min(0), everything.max(0)
    edge = size * (1.0 if rng.random() < 0.8 else rng.uniform(0.8, 1.0)) - 1
    scale = edge / max(float((high - low).max()), 1e-6)
    middle = (size - 1) / 2 - scale * (low + high) / 2

    def pixels(outline: Points) -> np.ndarray:
        return np.rint((outline * scale + middle) * 2**_SUBPIXEL).astype(np.int32)

    mask = np.zeros((size, size), np.uint8)
    for outline in garment.cloth:
        cv2.fillPoly(mask, [pixels(outline)], 1, cv2.LINE_8, _SUBPIXEL)
    for outline in garment.holes:
        cv2.fillPoly(mask, [pixels(outline)], 0, cv2.LINE_8, _SUBPIXEL)
    drawn = np.zeros((size, size), np.uint8)
    width = int(rng.choice((1, 1, 2, 2, 3)))
    for line in garment.lines:
        cv2.polylines(drawn, [pixels(line)], False, 255, width, cv2.LINE_AA, _SUBPIXEL)
    lines = (drawn * mask).astype(np.float32) / 255
    shade = 0.5 + _folds(size, rng) + rng.uniform(-0.4, 0.4) * lines
    tones = rng.uniform(-0.5, 0.5, 2 if rng.random() < 0.3 else 1)
    for number, outline in enumerate(garment.patches):
        part = np.zeros((size, size), np.uint8)
        cv2.fillPoly(part, [pixels(outline)], 1, cv2.LINE_8, _SUBPIXEL)
        shade = shade + np.float32(tones[number % len(tones)]) * part
    shade = np.clip(shade, 0, 1) * mask
    return shade.astype(np.float32), mask > 0, lines


def _folds(size: int, rng: np.random.Generator) -> np.ndarray:
    """Return soft and fine shadows of cloth, float32 about zero, longer than they are wide."""
    total = np.zeros((size, size), np.float32)
    for knots, strength in ((4, 0.05), (9, 0.05), (20, 0.03)):
        grid = rng.standard_normal((max(2, knots // 2), knots)).astype(np.float32)
        wave = cv2.resize(grid, (size, size), interpolation=cv2.INTER_LINEAR)
        total += np.float32(strength * rng.random()) * wave
    return total


def _by_hand(garment: Garment, rng: np.random.Generator) -> Garment:
    """Return the garment in other proportions, sheared, turned a little, with an unsteady hand."""
    angle = np.deg2rad(rng.normal() * (14 if rng.random() < 0.3 else 4))
    stretch = np.exp(rng.normal() * 0.14)
    cos, sin, shear = np.cos(angle), np.sin(angle), rng.normal() * 0.06
    matrix = np.array([[cos, -sin], [sin, cos]]) @ np.array([[1, shear], [0, 1]])
    matrix = matrix * (stretch, 1 / stretch)
    waves = rng.uniform(2, 9, (3, 2)), rng.uniform(0, 6, 3), rng.normal(size=(3, 2))
    strength = rng.uniform(0.0, 0.025)
    corners = int(rng.integers(0, 3))  # how often they are cut off

    def redraw(outline: Points, closed: bool) -> Points:
        for _ in range(corners if len(outline) < 12 else 0):
            outline = _round(outline, closed)
        outline = outline @ matrix
        phases = outline @ waves[0].T + waves[1]
        return outline + strength * (np.sin(phases) @ waves[2])

    return Garment(
        [redraw(outline, True) for outline in garment.cloth],
        [redraw(outline, True) for outline in garment.holes],
        [redraw(line, False) for line in garment.lines],
        [redraw(outline, True) for outline in garment.patches],
    )


def _round(outline: Points, closed: bool) -> Points:
    """Return the outline with its corners cut off (Chaikin 1974)."""
    following = np.roll(outline, -1, 0)
    near, far = 0.8 * outline + 0.2 * following, 0.2 * outline + 0.8 * following
    cut = np.stack([near, far], 1).reshape(-1, 2)
    return cut if closed else np.concatenate([outline[:1], cut[1:-2], outline[-1:]])
