"""Masks, boxes and frames have exact answers."""

import cv2
import numpy as np
import pytest

from fmnist_core.preprocessing import masks


def test_holes_are_filled_up_to_the_share_asked_for() -> None:
    ring = np.zeros((40, 40), bool)
    ring[5:35, 5:35] = True
    ring[10:30, 10:30] = False
    ring[7, 7] = False
    assert masks.fill_holes(ring)[20, 20]
    thin = np.zeros((40, 40), bool)
    thin[5, 5:35] = thin[34, 5:35] = thin[5:35, 5] = thin[5:35, 34] = True
    assert masks.fill_holes(thin)[20, 20]  # a hole may be much larger than its outline
    assert not masks.fill_holes(ring, 0.1)[20, 20]
    assert masks.fill_holes(ring, 0.1)[7, 7]


@pytest.mark.parametrize(
    ("size", "edge", "grow", "found"),
    [
        ((300, 200), 28, True, (28, 19)),
        ((200, 300), 28, False, (19, 28)),
        ((10, 20), 40, True, (20, 40)),
        ((10, 20), 40, False, (10, 20)),
        ((1, 900), 28, True, (1, 28)),  # a line stays a line
    ],
)
def test_the_longest_edge_is_fitted_and_the_aspect_kept(
    size: tuple[int, int], edge: int, grow: bool, found: tuple[int, int]
) -> None:
    assert masks.fit(np.zeros(size, np.uint8), edge, grow).shape == found
    assert masks.fit(np.zeros((*size, 3), np.uint8), edge, grow).shape == (*found, 3)


def test_colours_are_not_mixed_when_the_nearest_is_asked_for() -> None:
    checks = np.kron(np.eye(2, dtype=np.uint8), np.full((3, 3), 200, np.uint8))
    assert set(np.unique(masks.fit(checks, 4, method=cv2.INTER_NEAREST)).tolist()) == {0, 200}


def test_a_picture_is_trimmed_to_its_mask_and_centred_on_black() -> None:
    picture = np.arange(48, dtype=np.uint8).reshape(6, 8)
    mask = np.zeros((6, 8), bool)
    mask[1, 2] = mask[3, 5] = True
    assert masks.bounds(mask) == (2, 1, 4, 3)
    part = masks.trim(picture, mask)
    assert np.array_equal(part, picture[1:4, 2:6])
    assert np.array_equal(masks.trim(picture, mask & False), picture)
    image = masks.centre(part)
    assert image.shape == (28, 28)
    assert np.array_equal(image[12:15, 12:16], part)
    assert image.sum() == part.sum()


def test_a_quarter_turn_clockwise_keeps_every_pixel() -> None:
    picture = np.arange(6, dtype=np.uint8).reshape(2, 3)
    assert np.array_equal(masks.rotate(picture, 90), np.rot90(picture, -1))


def test_outside_the_mask_a_picture_is_white_in_grey_and_in_colour() -> None:
    mask = np.array([[True, False]])
    assert masks.on_white(np.full((1, 2), 7, np.uint8), mask).tolist() == [[7, 255]]
    coloured = masks.on_white(np.full((1, 2, 3), 7, np.uint8), mask)
    assert coloured.tolist() == [[[7, 7, 7], [255, 255, 255]]]


def test_the_border_is_a_frame_of_at_least_two_pixels() -> None:
    frame = masks.border((10, 20, 3), 0.01)
    assert not frame[2:-2, 2:-2].any()
    assert frame.sum() == 10 * 20 - 6 * 16
    assert masks.border((100, 200), 0.05).sum() == 100 * 200 - 90 * 190


def test_overlap_is_the_share_of_the_union() -> None:
    one, other = np.array([True, True, False]), np.array([False, True, True])
    assert masks.overlap(one, other) == pytest.approx(1 / 3)
    assert masks.overlap(one & False, other & False) == 1


def test_a_pair_is_two_alike_parts_and_a_heap_is_none() -> None:
    mask = np.zeros((20, 40), bool)
    mask[2:12, 2:12] = mask[2:12, 20:28] = True
    large, small = masks.pair(mask)
    assert (large.sum(), small.sum()) == (100, 80)
    mask[15:18, 2:12] = True  # a third part, 30 % of the largest
    assert masks.pair(mask) == []
    mask[15:18, 2:12] = mask[2:12, 24:28] = False  # the other is less than half as large
    assert masks.pair(mask) == []
