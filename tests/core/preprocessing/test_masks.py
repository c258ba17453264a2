"""Masks, boxes and frames have exact answers."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from fmnist_core.preprocessing import masks, segmentation


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


def test_what_reaches_the_edge_of_the_picture_is_no_hole() -> None:
    notched = np.ones((5, 5), bool)
    notched[2, 2:] = False
    for turns in range(4):
        bay = np.rot90(notched, turns)
        assert np.array_equal(masks.fill_holes(bay), bay)
    frame = np.ones((5, 5), bool)
    frame[1:4, 1:4] = False  # one pixel from every edge
    assert masks.fill_holes(frame).all()


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


def test_what_shrinks_is_averaged_and_what_grows_is_interpolated() -> None:
    checks = np.tile(np.array([[0, 200], [200, 0]], np.uint8), (2, 2))
    assert masks.fit(checks, 2).tolist() == [[100, 100], [100, 100]]
    assert masks.fit(np.array([[0, 200]], np.uint8), 4).tolist() == [[0, 50, 150, 200]] * 2


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


def test_turning_keeps_the_middle_in_the_middle_and_cuts_nothing_off() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (12, 30), np.uint8)
    for quarters in range(1, 4):
        turned = masks.rotate(picture, 90 * quarters)
        assert np.array_equal(turned, np.rot90(picture, -quarters))
    diagonal = masks.rotate(np.full((20, 40), 200, np.uint8), 45, empty=True)
    assert diagonal.shape == (42, 42)  # 60 / √2
    assert diagonal.sum() == pytest.approx(200 * 20 * 40, rel=0.01)
    y, x = (np.average(np.arange(42), weights=diagonal.sum(axis)) for axis in (1, 0))
    assert (y, x) == pytest.approx((20.5, 20.5), abs=0.05)
    assert masks.rotate(np.full((20, 40), 200, np.uint8), 45).min() == 200  # drawn out


def test_room_is_a_share_of_each_side_and_some_pixels_more() -> None:
    mask = np.zeros((100, 100), bool)
    mask[40:60, 30:70] = True
    assert masks.around(mask, 0.25) == (slice(35, 65), slice(20, 80))
    assert masks.around(mask, 0.25, 3) == (slice(32, 68), slice(17, 83))
    assert masks.around(mask, 2)[0].start == 0


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
    mask[15:16, 2:20] = True  # a third part, 18 % of the largest
    assert len(masks.pair(mask)) == 2
    mask[15:16, 2:20] = False
    mask[15:18, 2:12] = True  # 30 % of the largest
    assert masks.pair(mask) == []
    mask[15:18, 2:12] = mask[2:12, 24:28] = False  # the other is less than half as large
    assert masks.pair(mask) == []


@given(
    height=st.integers(1, 200),
    width=st.integers(1, 200),
    edge=st.integers(1, 60),
    grow=st.booleans(),
)
def test_a_fit_has_the_edge_asked_for_and_never_goes_beyond_it(
    height: int, width: int, edge: int, grow: bool
) -> None:
    found = masks.fit(np.zeros((height, width), np.uint8), edge, grow).shape
    if not grow and max(height, width) <= edge:
        assert found == (height, width)
    else:
        assert max(found) == edge
        scale = edge / max(height, width)
        for size, before in zip(found, (height, width), strict=True):
            assert size == 1 or abs(size - scale * before) <= 0.5


@given(
    mask=arrays(bool, array_shapes(min_dims=2, max_dims=2, max_side=12)),
    margin=st.floats(0, 2),
    least=st.integers(0, 5),
)
def test_boxes_hold_all_that_is_set_and_stay_inside_the_picture(
    mask: np.ndarray, margin: float, least: int
) -> None:
    left, top, width, height = masks.bounds(mask)
    assert 0 <= left < left + width <= mask.shape[1]
    assert 0 <= top < top + height <= mask.shape[0]
    assert masks.trim(mask, mask).sum() == mask.sum()
    room = masks.around(mask, margin, least)
    assert mask[room].sum() == mask.sum()
    assert 0 <= room[0].start <= top
    assert 0 <= room[1].start <= left
    for x, y, wide, high in segmentation.boxes(mask):
        assert 0 <= x < x + wide <= 1 + 1e-12
        assert 0 <= y < y + high <= 1 + 1e-12


@given(mask=arrays(bool, array_shapes(min_dims=2, max_dims=2, max_side=12)))
def test_filling_only_adds_and_leaves_nothing_to_fill(mask: np.ndarray) -> None:
    found = masks.fill_holes(mask)
    assert (found | ~mask).all()
    assert np.array_equal(masks.fill_holes(found), found)
    assert np.array_equal(masks.fill_holes(mask, 0), mask)


@given(mask=arrays(bool, array_shapes(min_dims=2, max_dims=2, max_side=12)), share=st.floats(0, 1))
def test_overlap_is_a_share_and_the_same_both_ways(mask: np.ndarray, share: float) -> None:
    other = np.roll(mask, round(share * mask.size))
    found = masks.overlap(mask, other)
    assert 0 <= found <= 1
    assert found == masks.overlap(other, mask)
    assert masks.overlap(mask, mask) == 1


def test_specks_and_strips_two_pixels_wide_are_no_part_of_an_item() -> None:
    mask = np.zeros((40, 40), bool)
    mask[5:15, 5:15] = True
    main = mask.copy()
    mask[20:38, 30:32] = mask[20:22, 2:20] = mask[38, 38] = True
    np.testing.assert_array_equal(segmentation.main_parts(mask), main)
    only_strips = mask & ~main
    np.testing.assert_array_equal(segmentation.main_parts(only_strips), only_strips)
