import numpy as np
import pytest

from fmnist_core.evaluation.metrics import wilson
from fmnist_core.evaluation.slices import slices


def test_slices_hold_equally_many_images_in_order_of_their_value() -> None:
    values = np.arange(100.0)[::-1]
    right = values >= 25  # the lowest quarter is all wrong
    found = slices(values, right, 4)
    assert [part.count for part in found.slices] == [25, 25, 25, 25]
    assert [part.accuracy for part in found.slices] == [0, 1, 1, 1]
    assert [(part.low, part.high) for part in found.slices][:2] == [(0, 24), (25, 49)]
    assert found.slices[1].interval == wilson(25, 25)
    assert found.members[:2].tolist() == [3, 3]
    assert found.members[-1] == 0


def test_equal_values_are_never_split() -> None:
    found = slices(np.array([0.0, 0, 0, 0, 0, 0, 0, 1, 2, 3]), np.ones(10, bool), 5)
    assert [(part.low, part.high, part.count) for part in found.slices] == [
        (0, 0, 7),
        (1, 1, 1),
        (2, 3, 2),
    ]


def test_one_value_for_all_is_one_slice() -> None:
    found = slices(np.full(5, 7.0), np.array([1, 1, 0, 0, 0], bool))
    assert [(part.count, part.correct) for part in found.slices] == [(5, 2)]


def test_lengths_that_differ_are_refused() -> None:
    with pytest.raises(ValueError, match="one value for each answer"):
        slices(np.ones(3), np.ones(2, bool))
