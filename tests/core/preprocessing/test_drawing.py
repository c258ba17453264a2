"""Open outlines are closed and filled; what lies between legs and sleeves stays outside."""

import cv2
import numpy as np

from fmnist_core.preprocessing import drawing

LEGS = np.array(
    [[30, 15], [90, 15], [100, 105], [75, 105], [60, 45], [45, 105], [20, 105]], np.int32
)


def lines_of(points: np.ndarray, closed: bool = True, width: int = 4) -> np.ndarray:
    canvas = np.zeros((124, 124), np.uint8)
    return cv2.polylines(canvas, [points], closed, 1, width) > 0


def test_thinning_leaves_a_line_one_pixel_wide_with_two_ends() -> None:
    thinned = drawing.thin(lines_of(np.array([[20, 60], [100, 60]]), closed=False, width=7))
    assert thinned.sum(axis=0).max() == 1
    assert 70 <= thinned.sum() <= 88
    ends = drawing.loose_ends(lines_of(np.array([[20, 60], [100, 60]]), closed=False))
    assert np.abs(np.sort(ends[:, 0]) - (20, 100)).max() <= 3


def test_thinning_takes_each_pixel_that_zhang_and_suen_take() -> None:
    rng = np.random.default_rng(0)
    mask = cv2.resize(rng.integers(0, 2, (9, 9), np.uint8), (36, 36), interpolation=cv2.INTER_CUBIC)
    expected, before = np.pad(mask > 0, 1), 0
    while before != (before := expected.sum()):
        for first in (True, False):
            taken = []
            for y, x in np.argwhere(expected).tolist():
                ring = [expected[y + down, x + right] for down, right in drawing._AROUND]
                above, right, below, left = ring[::2]
                walls = (right and below) and (above or left)
                if not first:
                    walls = (above and left) and (right or below)
                starts = sum(
                    ~one & after for one, after in zip(ring, np.roll(ring, -1), strict=True)
                )
                if 2 <= sum(ring) <= 6 and starts == 1 and not walls:
                    taken.append((y, x))
            for place in taken:
                expected[place] = False
    np.testing.assert_array_equal(drawing.thin(mask > 0), expected[1:-1, 1:-1])


def test_a_closed_line_has_no_loose_ends() -> None:
    ring = cv2.circle(np.zeros((124, 124), np.uint8), (60, 60), 40, 1, 4) > 0
    assert len(drawing.loose_ends(ring)) == 0


def test_nearest_ends_are_joined_and_far_ones_left_alone() -> None:
    two = lines_of(np.array([[20, 60], [50, 60]]), False) | lines_of(
        np.array([[60, 60], [100, 60]]), False
    )
    ends = drawing.loose_ends(two)
    assert drawing.join_ends(two, ends, 20)[60, 55]
    assert not drawing.join_ends(two, ends, 4)[60, 55]


def test_a_tangle_of_ends_is_left_alone() -> None:
    hatching = np.zeros((124, 124), bool)
    hatching[10:20, ::3] = True
    ends = drawing.loose_ends(hatching)
    assert np.array_equal(drawing.join_ends(hatching, ends, 50), hatching)


def test_trousers_are_filled_but_not_between_the_legs() -> None:
    inside = drawing.silhouette(lines_of(LEGS))
    assert inside[30, 60]
    assert inside[90, 35]
    assert not inside[100, 60]
    assert not inside[5, 5]


def test_an_outline_left_open_at_one_side_is_filled_all_the_same() -> None:
    open_legs = np.roll(LEGS, 2, axis=0)  # the pen starts and ends at the right hem
    inside = drawing.silhouette(lines_of(open_legs, closed=False))
    assert inside[30, 60]
    assert not inside[100, 60]
    assert not inside[100, 118]


def test_inside_is_where_lines_lie_all_around() -> None:
    share = drawing.enclosed(lines_of(LEGS))
    assert share[30, 60] == 1
    assert share[2, 2] < 0.5
    assert share[98, 60] < 0.93


def test_stroke_width_is_measured() -> None:
    for width in (3, 9):
        line = np.zeros((124, 124), bool)
        line[60 : 60 + width, 10:110] = True
        assert abs(drawing.stroke_width(line) - width) < 0.7
    assert drawing.stroke_width(line & False) == 0


def test_ink_is_full_for_the_strongest_colour_on_any_ground() -> None:
    sheet = np.full((60, 60, 3), (30, 60, 120), np.uint8)
    sheet[20:40, 20:40] = (240, 200, 80)
    dark = drawing.ink(sheet)
    assert dark[30, 30] == 1
    assert dark[5, 5] == 0


def test_an_unevenly_lit_sheet_is_evened_out() -> None:
    light = np.linspace(120, 250, 100)[None, :, None] * np.ones((100, 1, 3))
    light[20:80, 48:52] *= 0.3
    assert drawing.local_ground(light.astype(np.uint8)).shape == (48, 48, 3)
    dark = drawing.ink(light.astype(np.uint8), paper=True)
    assert dark[50, 50] > 0.7
    assert dark[50, [10, 30, 70, 90]].max() < 0.25


def test_thin_lines_are_thickened_and_thick_ones_left_alone() -> None:
    for width, expected in ((1, 4), (2, 4), (4, 4), (9, 9)):
        ink = np.zeros((60, 120), np.float32)
        ink[30 : 30 + width, 10:110] = 1
        ink[5, 5] = 0.25  # just not ink
        lines = drawing.strokes(ink)
        assert abs(int(lines[:, 60].sum()) - expected) <= 1, width
        assert not lines[5, 5]
    assert not drawing.strokes(np.zeros((20, 20), np.float32)).any()


def test_a_drawing_is_fitted_to_its_canvas_with_free_paper_around() -> None:
    ink = np.zeros((200, 300), np.float32)
    ink[50:100, 40:240] = 1
    found = drawing.fitted(ink)
    assert found.shape == (28 + 24, 112 + 24)
    assert found[12:-12, 12:-12].min() == 1
    assert found.sum() == 28 * 112
    assert drawing.fitted(ink * 0.2).shape == (136, 136)  # too faint: an empty sheet
    assert not drawing.fitted(ink * 0.2).any()


def test_faint_ink_on_an_even_sheet_is_not_made_strong() -> None:
    sheet = np.full((60, 60, 3), 200, np.uint8)
    sheet[20:40, 20:40] = 195
    assert 0 < drawing.ink(sheet).max() < 0.5
    sheet[20:40, 20:40] = 60
    assert drawing.ink(sheet).max() == 1


def test_joined_ends_are_joined_once_the_nearest_first() -> None:
    canvas = np.zeros((20, 60), bool)
    ends = np.array([[5, 10], [15, 10], [28, 10], [55, 10]])
    found = drawing.join_ends(canvas, ends, 13, thickness=1)
    assert found[10, 5:16].all()  # ten pixels
    assert not found[10, 16:55].any()  # thirteen more, but its other end is taken; then 27
    assert drawing.join_ends(canvas, ends[2:], 27, thickness=1)[10, 28:56].all()
    assert not drawing.join_ends(canvas, ends[2:], 26, thickness=1).any()
    assert not drawing.join_ends(canvas, ends[:1], 99).any()


def test_an_outline_has_two_to_sixty_loose_ends() -> None:
    sheet = np.zeros((100, 700), bool)
    ends = np.array([(10 + 10 * at, 50) for at in range(61)])
    for count, joined in ((1, False), (2, True), (60, True), (61, False)):
        assert drawing.join_ends(sheet, ends[:count], reach=12.0).any() == joined
