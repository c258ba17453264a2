import numpy as np
import pytest

from fmnist_core.evaluation.paired import QUADRANTS, mcnemar, pair, quadrant


@pytest.mark.parametrize(
    ("only_first", "only_second", "p_value"),
    [
        (0, 0, 1.0),
        (5, 5, 1.0),
        # 2 × (1 of 32 ways) and 2 × (1 + 10 of 1,024 ways), by hand.
        (0, 5, 0.0625),
        (1, 9, 22 / 1024),
        # Agresti's example of the performance of the prime minister: 86 and 150.
        (86, 150, 3.716e-5),
    ],
)
def test_mcnemar_is_the_exact_binomial_test(
    only_first: int, only_second: int, p_value: float
) -> None:
    assert mcnemar(only_first, only_second) == pytest.approx(p_value, rel=1e-3)
    assert mcnemar(only_second, only_first) == mcnemar(only_first, only_second)


def test_large_counts_agree_with_the_normal_approximation() -> None:
    # With continuity correction: z = (|4800 - 5200| - 1) / sqrt(10000) = 3.99.
    assert mcnemar(4800, 5200) == pytest.approx(6.607e-5, rel=0.01)


def test_a_pairing_counts_the_quadrants_and_the_difference() -> None:
    first = np.repeat([True, True, False, False], [60, 10, 20, 10])
    second = np.repeat([True, False, True, False], [60, 10, 20, 10])
    found = pair(first, second)
    assert [found.count(name) for name in QUADRANTS] == [60, 10, 20, 10]
    assert found.examples == 100
    assert found.difference == pytest.approx(0.1)
    # Half of the interval: 1.96 × sqrt(30 - 100 × 0.1²) / 100.
    assert found.interval == pytest.approx((0.1 - 0.105547, 0.1 + 0.105547), abs=1e-5)


def test_the_images_of_a_quadrant_come_surest_first() -> None:
    first, second = np.array([1, 1, 0, 1], bool), np.array([0, 0, 1, 1], bool)
    sureness = np.array([0.5, 0.9, 0.7, 0.8])
    assert quadrant("only first", first, second, sureness).tolist() == [1, 0]
    assert quadrant("only second", first, second, sureness).tolist() == [2]
    assert quadrant("both wrong", first, second, sureness).tolist() == []


def test_different_images_are_refused() -> None:
    with pytest.raises(ValueError, match="same images"):
        pair(np.ones(3, bool), np.ones(4, bool))


def test_an_interval_stays_between_minus_one_and_one() -> None:
    better = pair(np.zeros(4, bool), np.ones(4, bool))
    assert (better.difference, better.interval) == (1, (1, 1))
    mixed = pair(np.array([0, 0, 1], bool), np.array([1, 1, 0], bool))
    assert mixed.interval[1] == 1
    worse = pair(np.array([1, 1, 0], bool), np.array([0, 0, 1], bool))
    assert worse.interval == (-1, -mixed.interval[0])


def test_no_image_is_no_pairing() -> None:
    with pytest.raises(ValueError, match="same images"):
        pair(np.ones(0, bool), np.ones(0, bool))
