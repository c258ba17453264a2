"""The published conversion is exact, and other readings keep to their proportions."""

import numpy as np

from fmnist_core.preprocessing import readings

ITEM = np.zeros((160, 120), bool)
ITEM[30:141, 10:111] = True  # 111 tall, 101 wide


def test_sharpening_is_imagemagicks_kernel() -> None:
    point = np.full((5, 5), 100, np.uint8)
    point[2, 2] = 110
    # -g around, twice the sum at the centre, divided by what that adds up to.
    total = 1 + 4 * np.exp(-0.5) + 4 * np.exp(-1)
    assert readings.sharpen(point)[2, 2] == round(100 + 10 * 2 * total / (total + 1))
    assert readings.sharpen(point)[0, 0] == 100


def test_conversion_fills_the_longest_edge_and_leaves_true_zero_outside() -> None:
    grey = np.full((160, 120), 40, np.uint8)
    array = readings.convert(grey, ITEM)
    assert array.shape == (28, 28)
    assert array.any(axis=1).all()  # 111 tall, 101 wide: the height becomes 28
    assert array[14, 14] == 255 - 40
    assert not array[:, 0].any()


def test_an_empty_mask_converts_the_whole_picture() -> None:
    assert readings.convert(np.full((30, 20), 40, np.uint8), np.zeros((30, 20), bool)).shape == (
        28,
        28,
    )
