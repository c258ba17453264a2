# Pasted into the exported script, as training/script_augmentation.py says.
"""What removing the background of a photo gets wrong: pieces too many, too few, and shadows."""

import cv2
import numpy as np

from fmnist_core.augmentation.warping import FINE, centred

# How many of the photos keep the shadow that the item throws on the floor.
SHADOWS = 0.2


def with_faults(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return an item on black, float32 0..1 (FINE, FINE), with faults of chance or none."""
    fault = rng.random()
    if fault < 0.12:
        picture = remnant(picture, rng)
    elif fault < 0.2:
        picture = hole(picture, rng)
    elif fault < 0.32:
        picture = frayed(picture, rng)
    # A shadow is not an edge, so that it is often taken for a part of the item.
    return with_shadow(picture, rng) if rng.random() < SHADOWS else picture


def remnant(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return the picture with a piece of floor, wall or hanger left at its border."""
    blob = np.zeros((FINE, FINE), np.float32)
    side, level = int(rng.integers(4)), rng.uniform(0.1, 0.7)
    count = int(rng.integers(3, 7))
    along = np.sort(rng.uniform(0, FINE, count))
    depth = rng.uniform(0, 14, count)
    points = np.stack([np.r_[along, along[-1], along[0]], np.r_[depth, 0, 0]], 1)
    cv2.fillPoly(blob, [points.astype(np.int32)], level)
    blob = np.rot90(blob, side)
    return np.where(picture > 0, picture, blob).astype(np.float32)


def hole(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return the picture with a bite that was taken for background."""
    bitten = picture.copy()
    centre = tuple(int(v) for v in rng.integers(4, FINE - 4, 2))
    axes = tuple(int(v) for v in rng.integers(2, 10, 2))
    cv2.ellipse(bitten, centre, axes, float(rng.uniform(0, 180)), 0, 360, 0, -1)
    return bitten


def frayed(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return the picture with a frayed edge, bits of the ground kept and bits of the item lost."""
    knots = int(rng.integers(8, 22))
    noise = rng.standard_normal((knots, knots)).astype(np.float32)
    noise *= np.float32(rng.uniform(0.08, 0.25))
    soft = cv2.GaussianBlur((picture > 0).astype(np.float32), (0, 0), rng.uniform(1, 3))
    smooth = cv2.resize(noise, (FINE, FINE), interpolation=cv2.INTER_CUBIC)
    kept = soft + smooth * (soft > 0.02) > 0.5
    ground = np.float32(rng.uniform(0.1, 0.7))
    return np.where(kept, np.where(picture > 0, picture, ground), 0).astype(np.float32)


def with_shadow(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return item and shadow as one, fitted to the canvas as preparing would."""
    room = FINE // 4
    item = cv2.copyMakeBorder(picture, room, room, room, room, cv2.BORDER_CONSTANT, value=0)
    _, top, _, height = cv2.boundingRect((item > 0).astype(np.uint8))
    floor = top + height
    squash, lean = rng.uniform(0.5, 1.0), rng.normal() * 0.25
    right, down = rng.normal() * 5, rng.uniform(0, 7)
    # Leans and is squashed about where the item stands.
    cast = np.array([[1, -lean, lean * floor + right], [0, squash, (1 - squash) * floor + down]])
    shadow = cv2.warpAffine((item > 0).astype(np.float32), cast, item.shape[::-1])
    level = np.float32(rng.uniform(0.08, 0.6))
    whole = np.where(item > 0, item, level * (shadow > 0.5))
    left, top, width, height = cv2.boundingRect((whole > 0).astype(np.uint8))
    if width < 4 or height < 4:
        return picture
    x, y, w, h = centred(width, height, FINE)
    fitted = np.zeros((FINE, FINE), np.float32)
    part = whole[top : top + height, left : left + width].astype(np.float32)
    fitted[y : y + h, x : x + w] = cv2.resize(part, (w, h), interpolation=cv2.INTER_LINEAR)
    return fitted
