"""The readings of one picture answer together, by the weighed mean of their probabilities."""

import numpy as np

from fmnist_core.data.examples import Prepared
from fmnist_core.models.voting import SHARPENED, accuracy, classify, vote
from fmnist_core.preprocessing.item import Item, Reading


def image(value: int) -> np.ndarray:
    return np.full((28, 28), value, np.uint8)


class Brightness:
    """Sure of class 3 for a white image, of class 4 for any other."""

    def probabilities(self, images: np.ndarray) -> np.ndarray:
        return np.eye(10, dtype=np.float32)[np.where(images[:, 0, 0] == 255, 3, 4)]


def test_each_item_gets_its_own_readings_of_which_the_first_counts_double() -> None:
    rows = np.array([[0.9, 0.1], [0.2, 0.8], [0.3, 0.7]])
    alone, both = vote(rows, np.array([1, 0, 1]))
    assert np.allclose(alone, [0.2, 0.8])
    odds = (0.7 / 0.3) ** SHARPENED  # 0.9 twice and 0.3 once make 0.7
    assert np.allclose(both, [odds / (1 + odds), 1 / (1 + odds)])


def test_one_reading_keeps_its_probabilities() -> None:
    rows = np.array([[0.6, 0.3, 0.1]])
    assert np.allclose(vote(rows, np.array([0])), rows)


def test_the_readings_of_an_item_vote_and_each_vote_is_kept() -> None:
    readings = [Reading("plain", image(255)), *(Reading(f"{i}", image(i)) for i in range(3))]
    mean, votes = classify(Item("drawing", "", [], readings), Brightness())
    odds = (3 / 2) ** SHARPENED  # three votes against the first, which counts double
    assert np.allclose(mean, (np.eye(10)[3] + odds * np.eye(10)[4]) / (1 + odds))
    assert [vote.name for vote in votes] == ["plain", "0", "1", "2"]
    assert [int(vote.probabilities.argmax()) for vote in votes] == [3, 4, 4, 4]


def test_an_item_is_right_by_what_its_readings_say_together() -> None:
    three = Prepared(np.zeros((3, 28, 28), np.uint8), np.array([0, 0, 1]), np.array([4, 2]))
    answers = np.zeros((3, 10))
    answers[0, 4], answers[0, 5], answers[1, 4], answers[1, 5] = 0.9, 0.1, 0.3, 0.7
    answers[2, 3] = 1
    assert accuracy(three, answers) == 0.5
