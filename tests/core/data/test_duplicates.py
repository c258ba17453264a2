import numpy as np
import pytest

from fmnist_core.data.duplicates import Pairs, find, leaking


def pictures(*greys: int) -> np.ndarray:
    return np.stack([np.full((28, 28), grey, np.uint8) for grey in greys])


def test_each_near_pair_is_found_once_and_the_most_alike_come_first() -> None:
    images = pictures(0, 3, 200, 201)
    candidates = np.array([[0, 1], [2, 0], [3, 2], [2, 3], [1, 0]])
    found = find(images, candidates, 5)
    assert found.items.tolist() == [[2, 3], [0, 1]]
    assert found.distances.tolist() == [1, 3]


def test_a_distance_does_not_wrap_around_in_eight_bits() -> None:
    found = find(pictures(0, 255), np.array([[1, 0]]), 300)
    assert found.distances.tolist() == [255]


def test_pairs_are_within_training_within_test_or_between() -> None:
    pairs = Pairs(np.array([[0, 1], [1, 5], [5, 6], [2, 5]]), np.array([1, 2, 3, 4], np.float32))
    assert pairs.of_kind("train", 5).items.tolist() == [[0, 1]]
    assert pairs.of_kind("between", 5).items.tolist() == [[1, 5], [2, 5]]
    assert pairs.of_kind("test", 5).items.tolist() == [[5, 6]]
    assert pairs.within(2).items.tolist() == [[0, 1], [1, 5]]


def test_a_test_image_with_two_twins_leaks_once() -> None:
    pairs = Pairs(np.array([[1, 5], [2, 5], [5, 6]]), np.array([1, 2, 3], np.float32))
    assert leaking(pairs, 5, 10) == pytest.approx(0.1)
