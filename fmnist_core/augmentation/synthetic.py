# Pasted into the exported script, as training/script_augmentation.py says.
"""Renders garments as prepared drawings and photos of visitors would look.

Everything is drawn at twice the final size and halved at the end, so that thin strokes get the
grey edges of real ones.
"""

import cv2
import numpy as np

from fmnist_core.augmentation.rendering import drawing, photo
from fmnist_core.augmentation.wardrobe import lay_out
from fmnist_core.augmentation.warping import FINE, INK, warp
from fmnist_core.shapes import SIDE

# How many of the renderings show another garment of the class, in a shape the data set lacks.
FROM_NOTHING = 0.4
# How many are drawings; photos are harder to tell apart.
DRAWN = 0.4
# How many of the data set's coats and shirts get their opening drawn upon them.
OPENINGS = 0.6
OPEN_IN_FRONT = (4, 6)  # the classes of coats and shirts


def render(
    image: np.ndarray, label: int, rng: np.random.Generator, drawn: float = DRAWN
) -> np.ndarray:
    """Return uint8 (28, 28): a garment like this one or of its class, drawn or photographed.

    `image` has the same shape and type; an empty one comes back as it is. `drawn` is how many of
    the renderings are drawings, 0 to 1.
    """
    lines = None
    as_drawing = rng.random() < drawn
    if rng.random() < FROM_NOTHING:
        shade, mask, lines = lay_out(label, FINE, rng)
    else:
        opens = label in OPEN_IN_FRONT and rng.random() < OPENINGS
        shade, mask = warp(opened_in_front(image, rng) if opens else image, rng)
    if not mask.any():
        return image.copy()
    picture = drawing(shade, mask, lines, rng) if as_drawing else photo(shade, mask, rng)
    return _finish(picture, rng)


def opened_in_front(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return a coat or shirt with its front opening in view: a line, buttons or a placket.

    Other cloth and other light would hide it, and nothing would tell it from a pullover.
    """
    item = image > INK
    left, top, width, height = cv2.boundingRect(item.astype(np.uint8))
    if height < 8:
        return image
    opened = image.copy()
    middle = left + width // 2 + int(rng.integers(-1, 2))
    rows = slice(top + int(rng.uniform(0, 0.2) * height), top + height)
    level, change = float(image[item].mean()), rng.uniform(60, 140)
    brighter = level < 110 or (level < 150 and rng.random() < 0.5)
    kind = rng.random()
    marked = item[rows, middle]
    if kind < 0.25:  # buttons alone
        marked = marked & (np.arange(len(marked)) % int(rng.integers(3, 6)) == 0)
    elif kind < 0.4:  # a placket
        opened[rows, middle + 1][item[rows, middle + 1]] = np.clip(level + change / 3, 20, 255)
    opened[rows, middle][marked] = np.clip(level + (change if brighter else -change), 20, 255)
    return opened


def _finish(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return uint8 (28, 28): halved, blurred or sharpened, with some sensor noise on the item."""
    small = cv2.resize(picture, (SIDE, SIDE), interpolation=cv2.INTER_AREA) * 255
    choice = rng.random()
    if choice < 0.2:
        small = cv2.GaussianBlur(small, (3, 3), rng.uniform(0.3, 0.9))
    elif choice < 0.45:  # the published conversion sharpens
        small = small + rng.uniform(0.3, 1.0) * (small - cv2.GaussianBlur(small, (5, 5), 1.0))
    if rng.random() < 0.3:
        noise = rng.standard_normal((SIDE, SIDE)).astype(np.float32) * rng.uniform(2, 16)
        small = small + noise * (small > 4)
    return np.clip(np.rint(small), 0, 255).astype(np.uint8)
