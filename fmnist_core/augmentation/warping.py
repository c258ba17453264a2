# Pasted into the exported script, as training/script_augmentation.py says.
"""Reshapes garments of the data set as people wear, lay out and draw them.

Knows no labels: which warp suits an image is read off its outline.
"""

from collections.abc import Sequence

import cv2
import numpy as np

from fmnist_core.shapes import SIDE

FINE = 2 * SIDE  # pixels of the canvas that things are drawn on

# Below this grey level a pixel counts as background; the data set's own noise reaches about 10.
INK = 14

# Rows and columns of the canvas counted from its middle; made once, as making them takes longer
# than most of the warps.
ROWS, COLUMNS = (axis.astype(np.float32) - FINE / 2 + 0.5 for axis in np.mgrid[0:FINE, 0:FINE])


def warp(image: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return the reshaped image and its mask, float32 0..1 and bool, both (FINE, FINE)."""
    shade: np.ndarray = cv2.resize(image, (FINE, FINE), interpolation=cv2.INTER_LINEAR)
    mask: np.ndarray = (shade > INK).astype(np.uint8)
    box = cv2.boundingRect(mask)
    if box[2] < 4 or box[3] < 4:
        return shade.astype(np.float32) / 255, np.zeros((FINE, FINE), bool)
    x, y = COLUMNS, ROWS
    # The maps say where each pixel of the result comes from, so the last warp comes first.
    reach = 1.0
    spread = rng.random() < 0.45 and _has_sleeves(mask, box)
    if spread:
        angle = np.deg2rad(rng.uniform(5, 50))
        reach = 1 + 0.75 * float(np.sin(angle))
    lying = box[2] > 1.25 * box[3]  # shoes, mostly: seen from anywhere, often as a pair
    x, y = _affine(x, y, reach, lying, rng)
    if rng.random() < 0.6:
        x, y = _wobble(x, y, rng)
    if spread:
        x, y = _spread_sleeves(x, y, box, float(angle), rng)
    if rng.random() < 0.25:  # flared or narrowed towards the hem
        x = x * (1 + rng.uniform(-0.3, 0.3) * y / (FINE / 2))
    x, y = x + FINE / 2 - 0.5, y + FINE / 2 - 0.5
    # Out of the map means background, also where the sleeves have left a gap.
    shade = cv2.remap(shade, x, y, cv2.INTER_LINEAR, borderValue=0.0)
    mask = cv2.remap(mask * 255, x, y, cv2.INTER_LINEAR, borderValue=0.0)
    if lying and rng.random() < 0.35:
        shade, mask = _pair(shade, mask, rng)
    return _fit(shade, mask, rng)


def _has_sleeves(mask: np.ndarray, box: Sequence[int]) -> bool:
    """Tops fill the height, are wide and symmetric, which boots are not, with a filled chest.

    Bags with a handle have a hole where the chest would be.
    """
    if box[3] < 0.9 * FINE or not 0.6 * FINE < box[2] < 0.95 * FINE:
        return False
    item = mask[:, box[0] : box[0] + box[2]]
    chest = item[FINE // 8 : FINE // 3, box[2] // 3 : 2 * box[2] // 3]
    return bool((item == item[:, ::-1]).mean() > 0.88 and chest.mean() > 0.85)


def _affine(
    x: np.ndarray, y: np.ndarray, reach: float, lying: bool, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Mirror, rotate, shear and stretch; `reach` leaves room for what sticks out."""
    turn = rng.random()
    angle = np.deg2rad(rng.normal() * (50 if lying and turn < 0.2 else 20 if turn < 0.3 else 7))
    cos, sin = np.float32(np.cos(angle)), np.float32(np.sin(angle))
    mirror = -1 if rng.random() < 0.35 else 1
    # People draw in any proportions; cameras look down at an angle.
    spread = 0.3 if rng.random() < 0.35 else 0.1
    stretch, shear = np.float32(np.exp(rng.normal() * spread)), np.float32(rng.normal() * 0.07)
    room = np.float32(1.25 * reach)
    rotated_x, rotated_y = cos * x + sin * y, cos * y - sin * x
    return mirror * room * (rotated_x + shear * rotated_y) * stretch, room * rotated_y / stretch


def _wobble(
    x: np.ndarray, y: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """An unsteady hand: smooth displacements of a few pixels."""
    knots = int(rng.integers(3, 7))
    strength = rng.uniform(0.5, 2.5)
    shift = (rng.standard_normal((knots, knots, 2)) * strength).astype(np.float32)
    smooth = cv2.resize(shift, (FINE, FINE), interpolation=cv2.INTER_CUBIC)
    return x + smooth[..., 0], y + smooth[..., 1]


def _spread_sleeves(
    x: np.ndarray,
    y: np.ndarray,
    box: Sequence[int],
    angle: float,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    """Turn what hangs outside the body outwards about the shoulders, leaving a gap below."""
    pivot_x = rng.uniform(0.22, 0.29) * box[2]
    pivot_y = box[1] - FINE / 2 + rng.uniform(0.12, 0.2) * box[3]
    side = np.sign(x)
    out_x, down = np.abs(x) - pivot_x, y - pivot_y
    # 0 is straight down from the shoulder, a quarter turn is straight out.
    turn = np.arctan2(out_x, down)
    outside = (turn > angle) & (turn < np.pi * 0.75)
    gap = (turn > 0) & (turn <= angle)
    cos, sin = np.cos(angle), np.sin(angle)
    sleeve_x = side * (out_x * cos - down * sin + pivot_x)
    sleeve_y = out_x * sin + down * cos + pivot_y
    new_x = np.where(outside, sleeve_x, np.where(gap, 10 * FINE, x)).astype(np.float32)
    return new_x, np.where(outside, sleeve_y, y).astype(np.float32)


def _pair(
    shade: np.ndarray, mask: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Two shoes, one half behind the other."""
    dx, dy = (int(v) for v in rng.integers(-9, 10, 2))
    behind, behind_mask = np.roll(shade, (dy, dx), (0, 1)), np.roll(mask, (dy, dx), (0, 1))
    front = mask > 127
    edge = cv2.dilate(mask, np.ones((3, 3), np.uint8)) > 127
    behind = np.where(edge & ~front, behind // 3, behind)
    return np.where(front, shade, behind), np.maximum(mask, behind_mask)


def centred(width: int, height: int, edge: float) -> tuple[int, int, int, int]:
    """Return left, top, width and height of a box whose longest side becomes `edge` pixels."""
    scale = edge / max(width, height)
    w, h = max(1, round(width * scale)), max(1, round(height * scale))
    return (FINE - w) // 2, (FINE - h) // 2, w, h


def _fit(
    shade: np.ndarray, mask: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Trim, bring the longest edge to the canvas (a little less at times) and centre."""
    left, top, width, height = cv2.boundingRect((mask > 127).astype(np.uint8))
    if width < 4 or height < 4:
        return np.zeros((FINE, FINE), np.float32), np.zeros((FINE, FINE), bool)
    edge = FINE * (1.0 if rng.random() < 0.75 else rng.uniform(0.8, 1.0))
    x, y, w, h = centred(width, height, edge)
    if rng.random() < 0.2:
        x = int(np.clip(x + rng.integers(-3, 4), 0, FINE - w))
        y = int(np.clip(y + rng.integers(-3, 4), 0, FINE - h))
    fitted = np.zeros((2, FINE, FINE), np.uint8)
    for source, target in zip((shade, mask), fitted, strict=True):
        part = source[top : top + height, left : left + width]
        target[y : y + h, x : x + w] = cv2.resize(part, (w, h), interpolation=cv2.INTER_LINEAR)
    return fitted[0].astype(np.float32) / 255, fitted[1] > 127
