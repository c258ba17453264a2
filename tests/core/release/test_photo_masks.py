"""GrabCut's guesses, from which the segmentation network begins to learn."""

import cv2
import numpy as np
import pytest

from fmnist_core.preprocessing.masks import overlap
from fmnist_core.release import photo_masks

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


@pytest.mark.parametrize("ground", ["plain", "tiles", "shadow", "wall and floor"])
def test_the_item_is_found_and_trusted(ground: str) -> None:
    mask, trust = photo_masks.find_item(scene(ground))
    assert found_share(mask) > 0.93
    assert trust == 1.0


def test_a_light_item_on_a_dark_ground_is_found() -> None:
    assert found_share(photo_masks.find_item(255 - scene("plain"))[0]) > 0.93


def test_an_item_of_nearly_its_grounds_colour_is_found_from_the_middle() -> None:
    rgb = scene("plain", (190, 190, 196))
    rgb[:30] = rgb[-18:] = (60, 90, 60)  # what is unlike the border's colours is not the item
    assert found_share(photo_masks.find_item(rgb)[0]) > 0.9


def test_a_picture_of_nothing_is_hardly_trusted() -> None:
    assert photo_masks.find_item(np.full((60, 60, 3), 90, np.uint8))[1] == 0.05
