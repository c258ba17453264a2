import numpy as np
import pytest

from fmnist_core.data import projection
from fmnist_core.data.projection import Frame, among, components, inside


def test_the_first_component_is_the_direction_of_the_largest_spread() -> None:
    # On a line along (3, 4) / 5, with small steps across it.
    along = np.array([-2.0, -1.0, 1.0, 2.0])
    across = np.array([0.1, -0.1, -0.1, 0.1])
    items = np.outer(along, [0.6, 0.8]) + np.outer(across, [-0.8, 0.6]) + [10, 20]
    found = components(items, 2)
    assert found.mean == pytest.approx([10, 20])
    assert found.axes[:, 0] == pytest.approx([0.6, 0.8])
    assert found.share.sum() == pytest.approx(1)
    assert found.share[0] == pytest.approx(2.5 / 2.51)
    assert found.project(items)[:, 0] == pytest.approx(along, abs=1e-6)


def test_axes_that_the_items_do_not_have_are_zero() -> None:
    found = components(np.array([[1.0], [3.0]]), 2)
    assert found.axes[0, 1] == 0
    assert found.project(np.array([[3.0]])).tolist() == [[1.0, 0.0]]


def test_many_dimensions_give_the_same_axes_as_the_exact_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng = np.random.default_rng(0)
    items = rng.standard_normal((300, 60)) * np.geomspace(10, 0.1, 60)
    exact = components(items, 3)
    monkeypatch.setattr(projection, "EXACT_WIDTH", 10)
    close = components(items, 3)
    assert close.axes == pytest.approx(exact.axes, abs=1e-3)
    assert close.share == pytest.approx(exact.share, abs=1e-6)


def test_a_frame_is_square_and_keeps_the_center_in_the_middle() -> None:
    frame = Frame.around(np.array([[0.0, 0.0], [10.0, 2.0]]))
    places = frame.quantised(np.array([[5.0, 1.0], [-100.0, 100.0]]))
    assert places.dtype == np.uint16
    assert places.tolist() == [[32768, 32768], [0, 65535]]


def test_an_item_is_placed_among_most_of_its_neighbours_not_between_two_places() -> None:
    places = np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 2.0], [100.0, 100.0]])
    assert among(places, np.ones(4)).tolist() == [1, 1]
    # The neighbour that is nearest by far decides.
    assert among(places, np.array([1, 1, 1, 0.01])).tolist() == [100, 100]


def test_a_lasso_holds_what_it_surrounds() -> None:
    # A U: the place between its arms is outside.
    polygon = np.array([[0, 0], [3, 0], [3, 3], [2, 3], [2, 1], [1, 1], [1, 3], [0, 3]])
    places = np.array([[0.5, 2], [1.5, 2], [2.5, 2], [1.5, 0.5], [4, 1], [-1, 1]])
    assert inside(places, polygon).tolist() == [True, False, True, True, False, False]
    assert inside(places, polygon[::-1]).tolist() == [True, False, True, True, False, False]


def test_a_crossing_lasso_leaves_out_what_it_surrounds_twice() -> None:
    twice = np.array(
        [[0, 0], [4, 0], [4, 4], [0, 4], [0, 0], [1, 1], [3, 1], [3, 3], [1, 3], [1, 1]]
    )
    assert inside(np.array([[0.5, 2], [2, 2]]), twice).tolist() == [True, False]
