"""Known answers for every figure on the evaluate page."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from fmnist_core.evaluation import metrics


def rows(*answers: tuple[int, float]) -> np.ndarray:
    """Return one probability row per (answer, confidence), the rest spread evenly."""
    out = np.zeros((len(answers), 10), np.float32)
    for row, (answer, confidence) in zip(out, answers, strict=True):
        row[:] = (1 - confidence) / 9
        row[answer] = confidence
    return out


@pytest.mark.parametrize(
    ("correct", "total", "low", "high"),
    [
        # Newcombe (1998), table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (20, 20, 0.8389, 1.0000),
        (0, 0, 0.0, 1.0),
    ],
)
def test_wilson_interval_agrees_with_published_values(
    correct: int, total: int, low: float, high: float
) -> None:
    assert metrics.wilson(correct, total) == pytest.approx((low, high), abs=5e-5)


def test_confusion_has_truth_in_rows_and_answers_in_columns() -> None:
    counts = metrics.confusion(np.array([0, 0, 0, 9]), np.array([0, 6, 6, 9]))
    assert counts[0, 0] == 1
    assert counts[0, 6] == 2
    assert counts[9, 9] == 1
    assert counts.sum() == 4


def test_confusion_does_not_overflow_labels_of_one_byte() -> None:
    nines = np.full(3, 9, np.uint8)
    assert metrics.confusion(nines, nines)[9, 9] == 3


def test_class_scores_of_a_small_confusion_matrix() -> None:
    counts = np.zeros((10, 10), int)
    counts[0, 0], counts[0, 6], counts[6, 0], counts[6, 6] = 8, 2, 4, 6
    scores = metrics.per_class(counts)
    assert scores[0].name == "T-shirt/top"
    assert scores[0].precision == pytest.approx(8 / 12)
    assert scores[0].recall == pytest.approx(8 / 10)
    assert scores[0].f1 == pytest.approx(2 * (8 / 12) * 0.8 / (8 / 12 + 0.8))
    assert scores[0].support == 10
    assert (scores[1].precision, scores[1].recall, scores[1].f1) == (0, 0, 0)


def test_cross_entropy_is_the_mean_negative_log_of_the_true_class() -> None:
    probabilities = rows((3, 0.5), (7, 0.25))
    expected = -(math.log(0.5) + math.log(0.25)) / 2
    assert metrics.cross_entropy(probabilities, np.array([3, 7])) == pytest.approx(expected)


def test_cross_entropy_of_a_certain_mistake_is_finite() -> None:
    assert metrics.cross_entropy(rows((3, 1.0)), np.array([4])) == pytest.approx(16.118, abs=1e-3)


def test_calibration_error_weighs_each_bin_by_its_images() -> None:
    # Three answers at 0.9, two right: gap 0.2333. One at 0.5, right: gap 0.5.
    probabilities = rows((0, 0.9), (0, 0.9), (0, 0.9), (0, 0.5))
    result = metrics.calibration(probabilities, np.array([0, 0, 1, 0]), bins=10)
    assert result.ece == pytest.approx((3 * (0.9 - 2 / 3) + 0.5) / 4, abs=1e-6)
    assert result.count.tolist() == [0, 0, 0, 0, 1, 0, 0, 0, 3, 0]
    assert result.accuracy[8] == pytest.approx(2 / 3)
    assert math.isnan(result.accuracy[0])


def test_a_confidence_just_above_one_falls_into_the_last_bin() -> None:
    probabilities = rows((2, 1.0))
    probabilities[0, 2] = 1.0000001
    assert metrics.calibration(probabilities, np.array([2])).count[-1] == 1


def test_mistakes_come_surest_first_and_in_data_order_on_ties() -> None:
    probabilities = rows((1, 0.6), (1, 0.9), (1, 0.9), (5, 0.99), (1, 0.9))
    labels = np.array([0, 0, 1, 5, 2])
    assert metrics.most_confident_mistakes(probabilities, labels).tolist() == [1, 4, 0]
    assert metrics.most_confident_mistakes(probabilities, labels, 2).tolist() == [1, 4]


def test_select_joins_all_filters() -> None:
    probabilities = rows((1, 0.6), (1, 0.9), (2, 0.9), (1, 0.8))
    labels = np.array([1, 0, 2, 1])
    assert metrics.select(probabilities, labels, outcome="right", answer=1).tolist() == [3, 0]
    assert metrics.select(probabilities, labels, truth=0).tolist() == [1]
    between = metrics.select(probabilities, labels, confidence=(0.7, 0.85))
    assert between.tolist() == [3]
    assert metrics.select(probabilities, labels, surest_first=False).tolist() == [0, 3, 1, 2]


def test_evaluate_joins_the_figures() -> None:
    result = metrics.evaluate(rows((1, 0.6), (1, 0.9)), np.array([1, 0], np.uint8))
    assert result.examples == 2
    assert result.accuracy == 0.5
    assert result.interval[0] < 0.5 < result.interval[1]
    assert result.confusion.sum() == 2


def test_evaluate_says_which_shapes_came() -> None:
    with pytest.raises(ValueError, match=r"shape \(2, 9\) for labels of shape \(2,\)"):
        metrics.evaluate(np.zeros((2, 9)), np.zeros(2, np.uint8))


def test_mix_ups_join_both_ways_and_the_commonest_comes_first() -> None:
    counts = np.diag(np.full(10, 50))
    counts[0, 6], counts[6, 0], counts[2, 4] = 3, 5, 6
    first, second = metrics.mix_ups(counts)
    assert (first.cells, first.count) == (((6, 0), (0, 6)), 8)
    assert (second.cells, second.count) == (((2, 4), (4, 2)), 6)


def test_classes_that_are_confused_as_often_either_way_are_a_mix_up_too() -> None:
    counts = np.diag(np.full(10, 50))
    counts[0, 6] = counts[6, 0] = 4
    counts[1, 3] = 4
    assert [(one.cells[0], one.count) for one in metrics.mix_ups(counts)] == [
        ((0, 6), 8),
        ((1, 3), 4),
    ]


@given(data=st.data(), count=st.integers(1, 12))
def test_figures_of_any_answers_are_those_of_numpy(data: st.DataObject, count: int) -> None:
    labels = data.draw(arrays(np.uint8, count, elements=st.integers(0, 9)))
    weights = data.draw(arrays(np.float64, (count, 10), elements=st.integers(1, 100)))
    probabilities = (weights / weights.sum(1, keepdims=True)).astype(np.float32)
    answers, top = probabilities.argmax(1), probabilities.max(1)
    found = metrics.evaluate(probabilities, labels)
    assert found.accuracy == np.mean(answers == labels)
    assert 0 <= found.interval[0] <= found.accuracy <= found.interval[1] <= 1
    assert found.loss == pytest.approx(-np.log(probabilities[range(count), labels]).mean())
    pairs, counts = np.unique(np.stack([labels, answers]), axis=1, return_counts=True)
    assert found.confusion.sum() == count
    assert found.confusion[tuple(pairs)].tolist() == counts.tolist()
    for number, score in enumerate(found.per_class):
        assert score.support == (labels == number).sum()
        hits = ((labels == number) & (answers == number)).sum()
        assert score.recall == pytest.approx(hits / max(1, score.support))
        assert score.precision == pytest.approx(hits / max(1, (answers == number).sum()))
    for low, high, size, sure in zip(
        found.calibration.edges,
        found.calibration.edges[1:],
        found.calibration.count,
        found.calibration.confidence,
        strict=False,
    ):
        inside = (top > low) & (top <= high)
        assert size == inside.sum()
        assert not size or sure == pytest.approx(top[inside].mean())
    indices = metrics.select(probabilities, labels, outcome="wrong")
    assert sorted(indices) == np.flatnonzero(answers != labels).tolist()
    assert (np.diff(top[indices]) <= 0).all()
