"""A last layer learns what is new and keeps its other answers, on features that are easy to see."""

import numpy as np
import pytest

from fmnist_core.training.head import SURE, Head, New


def spread(count: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(count, 6)).astype(np.float32)


@pytest.fixture
def head() -> Head:
    # The first feature alone decides between classes 0 and 1; the others say nothing yet.
    kernel = np.zeros((6, 10))
    kernel[0, :2] = 6, -6
    bias = np.r_[5.0, 5.0, np.full(8, -5.0)]
    return Head(kernel, bias)


def test_a_lesson_is_learned_and_the_rehearsed_answers_stay(head: Head) -> None:
    old = spread(500, 0)
    old[:, 5] = 0  # only the new items have this feature
    old[0, 5] = 1e-2
    targets = head.probabilities(old)
    lesson = np.array([[2, 0, 0, 0, 0, 3]], np.float32)
    assert head.probabilities(lesson).argmax() == 0
    steps = head.learn(New(lesson, np.array([0]), np.array([7])), old, targets)
    assert steps
    assert head.probabilities(lesson)[0, 7] >= SURE
    assert (head.probabilities(old).argmax(1) == targets.argmax(1)).mean() > 0.98


def test_nothing_changes_when_everything_is_known_already(head: Head) -> None:
    old = spread(50, 1)
    before = head.kernel.copy()
    known = np.array([[3, 0, 0, 0, 0, 0]], np.float32)
    new = New(known, np.array([0]), np.array([0]))
    assert head.learn(new, old, head.probabilities(old)) == 0
    np.testing.assert_allclose(head.kernel, before, atol=1e-5)


def test_each_lesson_counts_alike_however_many_readings_it_has(head: Head) -> None:
    old = spread(300, 2)
    one, many = np.array([[0, 4, 0, 0, 0, 0.0]]), np.array([[0, 0, 4, 0, 0, 0.0]])
    features = np.concatenate([one, np.repeat(many, 30, 0)]).astype(np.float32)
    owners = np.r_[0, np.ones(30, int)]
    assert head.learn(New(features, owners, np.array([4, 5])), old, head.probabilities(old))
    assert head.probabilities(one)[0, 4] >= SURE
    assert head.probabilities(many)[0, 5] >= SURE


def test_learning_ends_when_it_is_asked_to(head: Head) -> None:
    old, before = spread(50, 3), head.kernel.copy()
    new = New(np.array([[9, 9, 9, 9, 9, 9]], np.float32), np.array([0]), np.array([9]))
    assert head.learn(new, old, head.probabilities(old), lambda done: False) is None
    np.testing.assert_array_equal(head.kernel, before)
