"""What changed between three moments of six items, worked out by hand."""

import numpy as np

from fmnist_core.evaluation import replay_summary as summary
from fmnist_core.runs.replay import Moment, Replay

LABELS = np.array([0, 1, 2, 3, 4, 5], np.uint8)


def moment(epoch: int, answers: list[int], filters: np.ndarray | None = None) -> Moment:
    probabilities = np.zeros((len(answers), 10), np.uint8)
    probabilities[np.arange(len(answers)), answers] = 255
    kept = np.zeros((1, 3, 3), np.float32) if filters is None else filters
    return Moment(epoch, 0, 8, probabilities, np.array(answers, np.uint8), kept, None)


def replay(*moments: Moment) -> Replay:
    return Replay(moments, np.arange(6), LABELS, None)


# The first is from inside an epoch and has fewer answers.
FOUND = replay(
    moment(0, [9, 1, 9, 3]), moment(1, [0, 1, 9, 8, 4, 5]), moment(2, [9, 1, 9, 3, 8, 5])
)


def test_items_are_followed_that_every_moment_knows() -> None:
    assert summary.followed(FOUND).shape == (3, 4, 10)
    many = Replay((moment(1, [0] * 400),), np.arange(400), np.zeros(400, np.uint8), None)
    assert summary.followed(many).shape == (1, 300, 10)


def test_answers_are_right_or_confused_moment_by_moment() -> None:
    assert summary.right(FOUND, FOUND.moments[0]).tolist() == [False, True, False, True]
    counts = summary.confusions(FOUND)
    assert counts.sum((1, 2)).tolist() == [4, 6, 6]
    assert counts[:, 3, 8].tolist() == [0, 1, 0]
    assert np.trace(counts, axis1=1, axis2=2).tolist() == [2, 4, 3]


def test_learned_and_forgotten_are_counted_over_what_both_moments_know() -> None:
    # First 0 is learned and 3 forgotten; then 3 is learned, 0 and 4 forgotten.
    assert summary.changes(FOUND) == [(0, 0), (1, 1), (1, 2)]


def test_the_most_restless_come_first_and_the_settled_not_at_all() -> None:
    assert summary.undecided(FOUND) == [0, 3]
    assert summary.undecided(FOUND, most=1) == [0]
    restless = replay(moment(0, [0, 0]), moment(1, [0, 1]), moment(2, [1, 0]))
    assert summary.undecided(restless) == [1, 0]
    assert summary.undecided(replay(moment(1, [0]))) == []


def test_a_filter_is_scaled_by_its_largest_weight_at_any_moment() -> None:
    small = np.full((2, 3, 3), 0.25, np.float32)
    large = np.stack([np.full((3, 3), -1.0), np.full((3, 3), 0.5)]).astype(np.float32)
    levels = summary.filter_levels(replay(moment(0, [0], small), moment(1, [0], large)))
    assert levels.dtype == np.int8
    assert levels[:, :, 0, 0].tolist() == [[32, 64], [-127, 127]]
    assert not summary.filter_levels(replay(moment(0, [0]))).any()


def test_of_filters_larger_than_ten_by_ten_twelve_are_shown() -> None:
    for side, count in ((10, 24), (11, 12)):
        filters = np.ones((24, side, side), np.float32)
        assert summary.filter_levels(replay(moment(0, [0], filters))).shape[1] == count


def test_every_class_has_its_place_on_the_circle() -> None:
    assert sorted(summary.CIRCLE) == list(range(10))
