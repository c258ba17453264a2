"""Renders garments as prepared drawings and photos of visitors would look.

Everything is drawn at twice the final size and halved at the end, so that thin strokes get the
grey edges of real ones.
"""

import cv2
import numpy as np

from fmnist_core.field_pictures import drawing, photo
from fmnist_core.field_shapes import FINE, SIZE, warp
from fmnist_core.wardrobe import lay_out

# How many of the renderings show another garment of the class, in a shape the data set lacks.
FROM_NOTHING = 0.4
# How many are drawings; photos are harder to tell apart.
DRAWN = 0.4


def render(image: np.ndarray, label: int, rng: np.random.Generator) -> np.ndarray:
    """Return uint8 (28, 28): a garment like this one or of its class, drawn or photographed.

    `image` has the same shape and type; an empty one comes back as it is.
    """
    lines = None
    if rng.random() < FROM_NOTHING:
        shade, mask, lines = lay_out(label, FINE, rng)
    else:
        shade, mask = warp(image, rng)
    if not mask.any():
        return image.copy()
    as_drawing = rng.random() < DRAWN
    picture = drawing(shade, mask, lines, rng) if as_drawing else photo(shade, mask, rng)
    return _finish(picture, rng)


def _finish(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return uint8 (28, 28): halved, blurred or sharpened, with some sensor noise on the item."""
    small = cv2.resize(picture, (SIZE, SIZE), interpolation=cv2.INTER_AREA) * 255
    choice = rng.random()
    if choice < 0.2:
        small = cv2.GaussianBlur(small, (3, 3), rng.uniform(0.3, 0.9))
    elif choice < 0.45:  # the published conversion sharpens
        small = small + rng.uniform(0.3, 1.0) * (small - cv2.GaussianBlur(small, (5, 5), 1.0))
    if rng.random() < 0.3:
        noise = rng.standard_normal((SIZE, SIZE)).astype(np.float32) * rng.uniform(2, 16)
        small = small + noise * (small > 4)
    return np.clip(np.rint(small), 0, 255).astype(np.uint8)
