# Pasted into the exported script, as training/script_augmentation.py says.
"""Paints outlines: what lies near hides what lies behind it."""

import cv2
import numpy as np

from fmnist_core.augmentation.outlines import Garment, Pile, Points

_SUBPIXEL = 4  # bits of a coordinate's fraction
_AROUND = np.ones((3, 3), np.uint8)


def paint(
    pile: Pile, size: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return a pile whose outlines are in pixels, in colours of chance, on a square canvas.

    Shade, float32 0..1, mask, bool, and the lines on it, float32 0..1; all (size, size).
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
