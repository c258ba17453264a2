import numpy as np
import pytest

from fmnist_core.evaluation.metrics import wilson
from fmnist_core.evaluation.selective import coverage_curve, refuse, threshold_for

CONFIDENCE = np.array([0.9, 0.6, 0.8, 0.7, 0.5])
RIGHT = np.array([True, False, True, True, False])


def test_only_answers_from_the_threshold_up_are_given() -> None:
    found = refuse(CONFIDENCE, RIGHT, 0.7)
    assert (found.answered, found.correct, found.coverage, found.accuracy) == (3, 3, 0.6, 1.0)
    assert found.interval == wilson(3, 3)
    assert refuse(CONFIDENCE, RIGHT, 0.0).accuracy == pytest.approx(0.6)


def test_refusing_everything_leaves_no_accuracy_to_doubt() -> None:
    found = refuse(CONFIDENCE, RIGHT, 0.95)
    assert (found.coverage, found.accuracy, found.interval) == (0, 1, (0, 1))


def test_the_curve_goes_from_the_surest_answer_to_all() -> None:
    curve = coverage_curve(CONFIDENCE, RIGHT)
    assert curve.coverage.tolist() == pytest.approx([0.2, 0.4, 0.6, 0.8, 1.0])
    assert curve.accuracy.tolist() == pytest.approx([1, 1, 1, 0.75, 0.6])
    assert curve.threshold.tolist() == pytest.approx([0.9, 0.8, 0.7, 0.6, 0.5])
    assert curve.area == pytest.approx((0.25 + 0.4) / 5)


def test_equally_sure_answers_stay_together() -> None:
    curve = coverage_curve(np.array([0.9, 0.9, 0.5]), np.array([False, True, True]))
    assert curve.coverage.tolist() == pytest.approx([2 / 3, 1])
    assert curve.accuracy.tolist() == pytest.approx([1 / 2, 2 / 3])


def test_a_threshold_is_the_lowest_that_keeps_its_promise() -> None:
    assert threshold_for(CONFIDENCE, RIGHT, 0.99) == pytest.approx(0.7)
    assert threshold_for(CONFIDENCE, RIGHT, 0.75) == pytest.approx(0.6)
    assert threshold_for(CONFIDENCE, ~RIGHT, 0.99) is None


def test_an_answer_just_as_sure_as_the_threshold_is_given() -> None:
    assert refuse(CONFIDENCE, RIGHT, 0.8).answered == 2
    assert refuse(CONFIDENCE, RIGHT, 0.9).answered == 1
    assert threshold_for(CONFIDENCE, RIGHT, 1.0) == pytest.approx(0.7)
