import numpy as np

from fmnist_core.figures.heatmaps import AGAINST, FOR, enlarged, limit_of, overlay, signed, tile


def test_nothing_is_black_half_the_limit_is_the_colour_and_the_limit_goes_on_to_white() -> None:
    found = signed(np.array([0, 1, -1, 2, -2, 9.0]), limit=2)
    assert found.dtype == np.uint8
    assert found[:3].tolist() == [[0, 0, 0], [*FOR], [*AGAINST]]
    assert found[3].tolist() == [255, 214, 166]  # 60 % of the way to white
    assert found[4].tolist() == [179, 212, 255]
    assert found[5].tolist() == found[3].tolist()


def test_a_map_of_nothing_is_black_whatever_its_limit() -> None:
    zeros = np.zeros((2, 2))
    assert limit_of(zeros) == limit_of(np.zeros(0)) == 0
    assert not signed(zeros).any()
    assert not signed(np.ones((2, 2)), limit=0).any()


def test_the_limit_is_what_all_but_one_in_two_hundred_stay_below() -> None:
    assert limit_of(np.arange(-1000, 1, dtype=float)) == 995


def test_an_item_is_dimmed_under_the_colour_of_a_map() -> None:
    image = np.full((28, 28), 200, np.uint8)
    values = np.zeros((28, 28))
    values[0, 0], values[0, 1], values[0, 2] = 4, -4, 2
    found = overlay(image, values, limit=4)
    assert found[1, 1].tolist() == [110, 110, 110]
    assert found[0, :2].tolist() == [[*FOR], [*AGAINST]]
    opacity = 0.5**0.8
    assert found[0, 2].tolist() == [round(110 * (1 - opacity) + one * opacity) for one in FOR]
    assert (overlay(image, values, limit=0) == 110).all()


def test_pixels_become_squares() -> None:
    picture = np.arange(6, dtype=np.uint8).reshape(2, 3)
    found = enlarged(picture, 10)
    assert found.shape == (6, 9)
    assert np.array_equal(found[::3, ::3], picture)
    assert enlarged(np.zeros((28, 28))).shape == (280, 280)
    assert enlarged(np.zeros((300, 20))).shape == (300, 20)
    assert np.array_equal(tile(picture, 6), picture.repeat(3, 0).repeat(2, 1))
    assert tile(picture).shape == (28, 28)
