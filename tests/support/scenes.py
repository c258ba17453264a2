"""A garment on grounds of several sorts, and how well a mask found it."""

import cv2
import numpy as np

from fmnist_core.preprocessing.masks import overlap

ITEM = np.zeros((160, 120), np.uint8)
cv2.fillPoly(ITEM, [np.array([[25, 30], [95, 30], [110, 60], [85, 70], [85, 140], [35, 140],
                              [35, 70], [10, 60]])], 1)  # fmt: skip


def scene(ground: str, colour: tuple[int, int, int] = (40, 60, 110)) -> np.ndarray:
    rng = np.random.default_rng(0)
    picture = np.full((160, 120, 3), 215.0)
    if ground == "tiles":
        picture[::40] = picture[:, ::40] = 120
    elif ground == "shadow":
        picture *= np.linspace(0.6, 1.1, 120)[None, :, None]
    elif ground == "wall and floor":
        picture[100:] = (150, 110, 70)
    picture[ITEM > 0] = colour
    return np.clip(picture + rng.normal(0, 5, picture.shape), 0, 255).astype(np.uint8)


def found_share(mask: np.ndarray) -> float:
    return overlap(mask, ITEM > 0)
