"""One stroke on an image: where it is drawn, how long it may be, and what is no stroke."""

from typing import Any

import numpy as np
import pytest

from fmnist_core.guide import stroke

EMPTY = np.zeros((28, 28), np.uint8)


def test_a_stroke_changes_only_the_pixels_under_it() -> None:
    drawn = stroke.with_stroke(EMPTY, np.array([[5.0, 10.5], [15.0, 10.5]]), 255)
    rows, columns = np.nonzero(drawn)
    assert set(rows) == {9, 10, 11}
    assert columns.min() in (4, 5)
    assert columns.max() in (14, 15)
    assert (drawn[10, 6:14] == 255).all()
    assert not EMPTY.any()


def test_a_stroke_is_a_pixel_and_a_half_wide_wherever_it_bends() -> None:
    drawn = stroke.with_stroke(EMPTY, np.array([[5.0, 5.0], [20.0, 5.0], [20.0, 20.0]]), 200)
    assert drawn[:, 12].sum() == pytest.approx(1.6 * 200, abs=60)
    assert drawn[12].sum() == pytest.approx(1.6 * 200, abs=60)
    assert 150 < drawn.max() <= 200
    assert not drawn[8:, :18].any()
    grey = stroke.with_stroke(EMPTY + 100, np.array([[5.0, 5.5], [20.0, 5.5]]), 200)
    assert grey[5, 12] == 200
    assert grey.min() == 100
    assert 100 < grey[4, 12] < 200  # a soft edge


def test_black_ink_takes_away() -> None:
    drawn = stroke.with_stroke(EMPTY + 200, np.array([[14.5, 0.0], [14.5, 28.0]]), 0)
    assert (drawn[:, 14] == 0).all()
    assert (drawn[:, :12] == 200).all()


def test_a_stroke_ends_where_its_ink_does() -> None:
    points = stroke.read_points([[0, 5], [15, 5], [28, 5]])
    assert points is not None
    assert points.tolist() == [[0, 5], [15, 5], [stroke.LONGEST, 5]]


@pytest.mark.parametrize(
    "sent",
    [
        None,
        "line",
        [],
        [[1, 2]],
        [[1, 2], [3]],
        [[1, 2], [float("nan"), 3]],
        [[1, 2], [True, 3]],
        [[1, 2], "ab"],
        [[0, 0]] * (stroke.MOST_POINTS + 1),
    ],
)
def test_what_is_no_stroke_is_refused(sent: Any) -> None:  # noqa: ANN401
    assert stroke.read_points(sent) is None


def test_a_stroke_that_bends_is_measured_along_its_way() -> None:
    points = stroke.read_points([[0, 0], [0, 12], [12, 12], [12, 0]])
    assert points is not None
    assert points.tolist() == [[0, 0], [0, 12], [8, 12]]
    whole = [[0.0, 0.0], [12.0, 0.0], [12.0, 8.0]]  # just as long as it may be
    found = stroke.read_points(whole)
    assert found is not None
    assert found.tolist() == whole
    assert stroke.read_points([[0, 0]] * stroke.MOST_POINTS) is not None


def test_points_outside_are_moved_to_the_edge() -> None:
    points = stroke.read_points([[-5, 3], [4, 99]])
    assert points is not None
    assert points[0].tolist() == [0, 3]
    assert points[:, 1].max() <= 28


def test_a_model_is_fooled_only_if_it_was_right_before() -> None:
    bag, coat = np.eye(10)[8], np.eye(10)[4]
    assert stroke.fools(bag, coat, 8)
    assert not stroke.fools(bag, bag, 8)
    assert not stroke.fools(coat, bag, 8)
