"""The item is found on plain, tiled and shaded grounds, and published steps are exact."""

import cv2
import numpy as np
import pytest

from fmnist_core.preprocessing import segmentation, thumbnail

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


def overlap(mask: np.ndarray) -> float:
    return float((mask & (ITEM > 0)).sum() / (mask | (ITEM > 0)).sum())


@pytest.mark.parametrize("ground", ["plain", "tiles", "shadow", "wall and floor"])
def test_the_item_is_found(ground: str) -> None:
    rgb = scene(ground)
    assert overlap(segmentation.find_item(rgb, segmentation.border_mask(rgb))[0]) > 0.93


def test_a_light_item_on_a_dark_ground_is_found() -> None:
    rgb = 255 - scene("plain")
    assert overlap(segmentation.find_item(rgb, segmentation.border_mask(rgb))[0]) > 0.93


def test_an_item_of_nearly_its_grounds_colour_is_found_from_the_middle() -> None:
    rgb = scene("plain", (190, 190, 196))
    rgb[:30] = rgb[-18:] = (60, 90, 60)  # what is unlike the border's colours is not the item
    assert overlap(segmentation.find_item(rgb, segmentation.border_mask(rgb))[0]) > 0.9


def test_an_item_that_leaves_the_picture_keeps_its_body() -> None:
    rgb = scene("plain")[:, :100]  # the right sleeve is cut off
    mask = segmentation.find_item(rgb, segmentation.border_mask(rgb))[0]
    assert mask[ITEM[:, :100] > 0].mean() > 0.9


def test_the_result_is_the_same_every_time() -> None:
    rgb = scene("tiles")
    first = segmentation.find_item(rgb, segmentation.border_mask(rgb))[0]
    assert np.array_equal(first, segmentation.find_item(rgb, segmentation.border_mask(rgb))[0])


def test_holes_are_filled_up_to_the_share_asked_for() -> None:
    ring = np.zeros((40, 40), bool)
    ring[5:35, 5:35] = True
    ring[10:30, 10:30] = False
    ring[7, 7] = False
    assert segmentation.fill_holes(ring)[20, 20]
    thin = np.zeros((40, 40), bool)
    thin[5, 5:35] = thin[34, 5:35] = thin[5:35, 5] = thin[5:35, 34] = True
    assert segmentation.fill_holes(thin)[20, 20]  # a hole may be much larger than its outline
    assert not segmentation.fill_holes(ring, 0.1)[20, 20]
    assert segmentation.fill_holes(ring, 0.1)[7, 7]


def test_sharpening_is_imagemagicks_kernel() -> None:
    point = np.full((5, 5), 100, np.uint8)
    point[2, 2] = 110
    # -g around, twice the sum at the centre, divided by what that adds up to.
    total = 1 + 4 * np.exp(-0.5) + 4 * np.exp(-1)
    assert thumbnail.sharpen(point)[2, 2] == round(100 + 10 * 2 * total / (total + 1))
    assert thumbnail.sharpen(point)[0, 0] == 100


def test_conversion_fills_the_longest_edge_and_leaves_true_zero_outside() -> None:
    grey = np.full((160, 120), 40, np.uint8)
    array = thumbnail.convert(grey, ITEM > 0)
    assert array.shape == (28, 28)
    assert array.any(axis=1).all()  # 111 tall, 101 wide: the height becomes 28
    assert array[14, 14] == 255 - 40
    assert not array[[0, -1], 0].any()


def test_an_empty_mask_converts_the_whole_picture() -> None:
    assert thumbnail.convert(np.full((30, 20), 40, np.uint8), np.zeros((30, 20), bool)).shape == (
        28,
        28,
    )
