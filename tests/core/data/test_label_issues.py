import numpy as np
import pytest

from fmnist_core.data import label_issues
from fmnist_core.data.label_issues import average_precision, find, ranking, swaps


def test_average_precision_of_a_known_ranking() -> None:
    order = np.array([7, 3, 9, 1, 5])
    # Wanted at places 1 and 3: the mean of 1/1 and 2/3.
    assert average_precision(order, np.array([7, 9])) == pytest.approx((1 + 2 / 3) / 2)
    assert average_precision(order, np.array([7, 3])) == 1
    assert average_precision(order, np.array([5])) == pytest.approx(0.2)
    assert average_precision(order, np.array([2])) == 0


def test_the_label_that_fits_worst_comes_first_and_equals_keep_their_order() -> None:
    assert ranking(np.array([0.5, 0.1, 0.5, 0.0], np.float32)).tolist() == [3, 1, 0, 2]


def test_confident_learning_doubts_the_one_swapped_label() -> None:
    rng = np.random.default_rng(0)
    labels = np.repeat(np.arange(10), 20)
    probabilities = rng.dirichlet(np.full(10, 0.2), len(labels)) * 0.2
    probabilities[np.arange(len(labels)), labels] += 0.8
    given = labels.copy()
    given[0] = 6
    found = find(probabilities, given)
    assert np.flatnonzero(found.issue).tolist() == [0]
    assert ranking(found.quality)[0] == 0
    assert found.joint.sum() == pytest.approx(1)
    given_label, true, share = swaps(found.joint, 1)[0]
    assert (given_label, true) == (6, 0)
    assert share == pytest.approx(1 / 200, rel=0.1)


def test_swaps_never_name_a_class_and_itself() -> None:
    joint = np.diag(np.full(10, 0.09))
    joint[6, 0], joint[2, 4] = 0.06, 0.04
    assert swaps(joint, 5) == [(6, 0, 0.06), (2, 4, 0.04)]


def test_the_known_wrong_labels_are_training_images() -> None:
    known = label_issues.KNOWN_WRONG
    assert len(set(known)) == len(known)
    assert all(0 <= index < 60_000 for index in known)
