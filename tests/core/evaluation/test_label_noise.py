import numpy as np
import pytest

from fmnist_core.evaluation.label_noise import against_the_label, ceiling, scored
from fmnist_core.evaluation.metrics import wilson


def answers(classes: list[int], sure: list[float]) -> np.ndarray:
    """Return probabilities that name these classes, this sure."""
    found = np.zeros((len(classes), 10))
    found[np.arange(len(classes)), classes] = sure
    return found


def test_only_images_with_one_common_other_answer_are_in_the_group() -> None:
    labels = np.array([0, 0, 0, 0])
    first = answers([1, 1, 0, 2], [0.6, 0.9, 0.9, 0.9])
    second = answers([1, 2, 0, 2], [0.8, 0.9, 0.9, 0.9])
    # Image 1: two other answers. Image 2: the label. The surest comes first.
    assert against_the_label([first, second], labels).tolist() == [3, 0]


def test_the_ceiling_is_what_wrong_labels_leave() -> None:
    found = ceiling(group=200, judged=20, wrong=10, total=10_000)
    assert found.accuracy == pytest.approx(0.99)
    assert found.wrong_labels == pytest.approx(100)
    low, high = wilson(10, 20)
    assert found.interval == pytest.approx((1 - high * 0.02, 1 - low * 0.02))


def test_without_a_judgement_nothing_is_known() -> None:
    assert ceiling(200, 0, 0, 10_000).interval == pytest.approx((0.98, 1.0))
    with pytest.raises(ValueError, match="wrong ≤ judged"):
        ceiling(200, 10, 11, 10_000)


def test_a_perfect_network_is_scored_by_the_labels() -> None:
    assert scored(1.0, 0.03) == pytest.approx(0.97)
    assert scored(0.9, 0.1) == pytest.approx(0.9 * 0.9 + 0.1 * 0.1 / 9)


def test_the_formula_agrees_with_a_simulation() -> None:
    rng = np.random.default_rng(0)
    n = 400_000
    truth = rng.integers(0, 10, n)

    def spoiled(share: float) -> np.ndarray:
        other = (truth + rng.integers(1, 10, n)) % 10
        return np.where(rng.random(n) < share, other, truth)

    measured = (spoiled(0.2) == spoiled(0.05)).mean()
    assert measured == pytest.approx(scored(0.8, 0.05), abs=0.003)


def test_counts_may_be_as_large_as_each_other_and_not_larger() -> None:
    found = ceiling(group=10, judged=10, wrong=10, total=10)
    assert (found.accuracy, found.wrong_labels) == (0, 10)
    for wrong in ((10, 11, 5, 100), (11, 5, 5, 10), (0, 0, 0, 0), (10, 5, -1, 100)):
        with pytest.raises(ValueError, match="wrong ≤ judged"):
            ceiling(*wrong)


def test_the_surest_is_the_mean_over_all_models() -> None:
    labels = np.zeros(2, int)
    first, second = answers([1, 1], [0.9, 0.8]), answers([1, 1], [0.5, 0.7])
    assert against_the_label([first, second], labels).tolist() == [1, 0]
    assert against_the_label([first], labels).tolist() == [0, 1]
