import numpy as np
import pytest

from fmnist_core.guide import game


def test_a_score_counts_both_players_and_the_disputes() -> None:
    labels, answers = [0, 1, 2, 3, 4], [0, 1, 5, 6, 7]
    found = game.score([0, 9, 2, 6, 9], labels, answers)
    assert (found.rounds, found.person, found.model, found.together) == (5, 2, 2, 2)
    assert (found.disputes, found.with_label, found.with_model) == (3, 1, 1)
    low, high = found.person_interval
    assert low < 0.4 < high
    assert found.model_interval == (low, high)


def test_missing_guesses_are_refused_in_words() -> None:
    with pytest.raises(ValueError, match="1 guesses, 2 labels"):
        game.score([1], [1, 2], [1, 2])


def test_every_image_is_drawn_once_and_the_same_seed_draws_the_same() -> None:
    labels, answers = np.array([0, 1, 2, 3]), np.array([0, 1, 9, 9])
    played: list[int] = []
    while (found := game.draw(labels, answers, played, 7, disputed=False)) is not None:
        assert found == game.draw(labels, answers, played, 7, disputed=False)
        played.append(found)
    assert sorted(played) == [0, 1, 2, 3]


def test_disputed_images_are_those_where_model_and_label_differ() -> None:
    labels, answers = np.array([0, 1, 2, 3]), np.array([0, 1, 9, 9])
    first = game.draw(labels, answers, [], 0, disputed=True)
    assert first in (2, 3)
    assert game.draw(labels, answers, [first], 0, disputed=True) == 5 - first
    assert game.draw(labels, answers, [2, 3], 0, disputed=True) is None
