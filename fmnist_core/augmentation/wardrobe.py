# Pasted into the exported script, as training/script_augmentation.py says.
"""Draws garments of each class from nothing: what people draw, and how things lie for a photo.

The data set shows every item from one side, worn or laid out by a studio. People draw flip-flops
from above, spread the sleeves of pullovers and photograph boots in pairs from the front. The shapes
are our own.
"""

from collections.abc import Callable

import cv2
import numpy as np

from fmnist_core.augmentation.clothes import bag, coat, dress, pullover, shirt, trouser, tshirt
from fmnist_core.augmentation.outlines import Garment, Pile, Points, reshape_all
from fmnist_core.augmentation.shoes import flat_boot, flat_sandal, flat_sneaker

_SUBPIXEL = 4  # bits of a coordinate's fraction
_AROUND = np.ones((3, 3), np.uint8)


Draw = Callable[[np.random.Generator], Pile]


def _laid_flat(draw: Callable[[np.random.Generator], Garment]) -> Draw:
    return lambda rng: [[draw(rng)]]


# In the order of the classes.
WARDROBE: tuple[Draw, ...] = (
    *(_laid_flat(draw) for draw in (tshirt, trouser, pullover, dress, coat)),
    flat_sandal,
    _laid_flat(shirt),
    flat_sneaker,
    _laid_flat(bag),
    flat_boot,
)


def lay_out(
    label: int, size: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return a garment of the class, different each time, in the middle of a square canvas.

    What comes back is shade, float32 0..1, mask, bool, and the lines on it, float32 0..1; all
    (size, size).
    """
    pile = _by_hand(WARDROBE[label](rng), rng)
    everything = np.concatenate([part for thing in pile for one in thing for part in one.cloth])
    low, high = everything.min(0), everything.max(0)
    edge = size * (1.0 if rng.random() < 0.8 else rng.uniform(0.8, 1.0)) - 1
    scale = edge / max(float((high - low).max()), 1e-6)
    middle = (size - 1) / 2 - scale * (low + high) / 2
    return paint(reshape_all(pile, lambda outline, _: outline * scale + middle), size, rng)


def _by_hand(pile: Pile, rng: np.random.Generator) -> Pile:
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

    return reshape_all(pile, redraw)


def _round(outline: Points, closed: bool) -> Points:
    """Return the outline with its corners cut off (Chaikin 1974)."""
    following = np.roll(outline, -1, 0)
    near, far = 0.8 * outline + 0.2 * following, 0.2 * outline + 0.8 * following
    cut = np.stack([near, far], 1).reshape(-1, 2)
    return cut if closed else np.concatenate([outline[:1], cut[1:-2], outline[-1:]])


def paint(
    pile: Pile, size: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return a pile whose outlines are in pixels, in colours of chance, on a square canvas.

    What lies near hides what lies behind it. What comes back is
    shade, float32 0..1, mask, bool, and the lines on it, float32 0..1; all (size, size).
    """
    plain = 0.5 + _folds(size, rng)
    width = int(rng.choice((1, 1, 2, 2, 3)))
    stroke, shadow = np.float32(rng.uniform(-0.4, 0.4)), np.float32(rng.uniform(0.3, 1.0))
    tones = rng.uniform(-0.5, 0.5, 3 if rng.random() < 0.4 else 1).astype(np.float32)
    shade, mask, lines = plain, np.zeros((size, size), np.uint8), np.zeros_like(plain)
    for thing in pile:
        for number, layer in enumerate(thing):
            cloth = _cloth(layer, size)
            inside = cloth > 0
            if number == 0 and mask.any():
                beside = (cv2.dilate(cloth, _AROUND) > 0) & (mask > 0)
                shade = np.where(beside, shade * shadow, shade)
            ink = _ink(layer.lines, width, size) * cloth
            if len(thing) > 1:  # where one part ends upon another is a line too
                ink = np.maximum(ink, (cloth - cv2.erode(cloth, _AROUND)).astype(np.float32))
            colour = plain + stroke * ink
            for place, outline in enumerate(layer.patches):
                colour = colour + tones[(number + place) % len(tones)] * _filled([outline], size)
            shade, lines = np.where(inside, colour, shade), np.where(inside, ink, lines)
            mask |= cloth
    return (np.clip(shade, 0, 1) * mask).astype(np.float32), mask > 0, lines * mask


def _pixels(outline: Points) -> np.ndarray:
    return np.rint(outline * 2**_SUBPIXEL).astype(np.int32)


def _filled(outlines: list[Points], size: int) -> np.ndarray:
    canvas = np.zeros((size, size), np.uint8)
    for outline in outlines:
        cv2.fillPoly(canvas, [_pixels(outline)], 1, cv2.LINE_8, _SUBPIXEL)
    return canvas


def _cloth(layer: Garment, size: int) -> np.ndarray:
    cloth = _filled(layer.cloth, size)
    return cloth & ~_filled(layer.holes, size) if layer.holes else cloth


def _ink(lines: list[Points], width: int, size: int) -> np.ndarray:
    drawn = np.zeros((size, size), np.uint8)
    for line in lines:
        cv2.polylines(drawn, [_pixels(line)], False, 255, width, cv2.LINE_AA, _SUBPIXEL)
    return drawn.astype(np.float32) / 255


def _folds(size: int, rng: np.random.Generator) -> np.ndarray:
    """Return soft and fine shadows of cloth, float32 about zero, longer than they are wide."""
    total = np.zeros((size, size), np.float32)
    for knots, strength in ((4, 0.05), (9, 0.05), (20, 0.03)):
        grid = rng.standard_normal((max(2, knots // 2), knots)).astype(np.float32)
        wave = cv2.resize(grid, (size, size), interpolation=cv2.INTER_LINEAR)
        total += np.float32(strength * rng.random()) * wave
    return total
