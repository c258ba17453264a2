"""Ranges: what they accept, what people call them, and what a value does to a recipe."""

import pytest

from fmnist_core.recipes.layers import Dense, Flatten
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.sweeps.ranges import Range, SweepError, in_words, short, with_values

RECIPE = Recipe(layers=(Flatten(), Dense(units=10, activation="softmax")))


def test_a_list_has_up_to_fifty_values_which_may_look_alike() -> None:
    assert len(Range.from_data("seed", list(range(50))).choices) == 50
    with pytest.raises(SweepError, match="1 to 50 different values; it has 51"):
        Range.from_data("seed", list(range(51)))
    assert Range.from_data("flip", [1, True, "1"]).choices == (1, True, "1")


@pytest.mark.parametrize(
    "data",
    [[1, 2], {"low": 1, "high": 2}, {"low": 0.5, "high": 2, "log": True}, {"low": -1, "high": 0}],
)
def test_a_range_survives_its_data(data: object) -> None:
    assert Range.from_data("seed", data).to_data() == data


def test_a_logarithm_is_left_out_where_it_is_none() -> None:
    assert Range.from_data("a", {"low": 0, "high": 1, "log": False}).to_data() == {
        "low": 0,
        "high": 1,
    }


@pytest.mark.parametrize(
    "data",
    [
        {"low": True, "high": 2},
        {"low": 0, "high": True},
        {"low": 1, "high": float("inf")},
        {"low": 1, "high": 2, "log": 1},
        {"low": -1, "high": 2, "log": True},
        {"low": 2, "high": 1},
        {"low": 1},
        3,
    ],
)
def test_what_is_no_range_is_refused(data: object) -> None:
    with pytest.raises(SweepError, match="rate"):
        Range.from_data("rate", data)


def test_the_ends_stand_for_all_values() -> None:
    assert Range((3, 1, 2)).ends == (3, 1, 2)
    assert Range(low=0.5, high=2).ends == (0.5, 2)


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("learning_rate", "learning rate"),
        ("augmentation.shift", "augmentation: shift"),
        ("layers.2.kernel_size", "layer 2: kernel size"),
    ],
)
def test_a_hyperparameter_is_called_what_people_call_it(key: str, words: str) -> None:
    assert in_words(key) == words


def test_values_are_short() -> None:
    assert [short(one) for one in (True, False, 12345, 0.00123456, "sgd")] == [
        "yes",
        "no",
        "12345",
        "0.00123",
        "sgd",
    ]


def test_layers_are_counted_from_one_and_an_unknown_name_is_told() -> None:
    found = with_values(RECIPE, {"layers.2.units": 7, "layers.2.activation": "relu"})
    assert found.layers == (Flatten(), Dense(units=7, activation="relu"))
    with pytest.raises(SweepError, match=r"layers\.0\.units is nothing that this recipe has"):
        with_values(RECIPE, {"layers.0.units": 7})


def test_nesterov_stays_where_it_makes_sense() -> None:
    sgd = RECIPE.changed(optimizer="sgd", momentum=0.9, nesterov=True)
    assert with_values(sgd, {"momentum": 0.5}).nesterov
    assert not with_values(sgd, {"momentum": 0.0}).nesterov
    assert with_values(sgd, {"optimizer": "sgd"}).nesterov
