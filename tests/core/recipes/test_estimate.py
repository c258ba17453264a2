"""The rough time of a run: near what was measured, and in words that people use."""

import pytest

from fmnist_core.recipes.estimate import Seconds, training_seconds
from fmnist_core.recipes.presets import PRESETS
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.wording import duration, duration_range


@pytest.mark.parametrize(
    ("preset", "batch_size", "images_per_second"),
    [("three-convolutions", 32, 925), ("300-100-with-sgd", 256, 30_000), ("wide-cnn", 32, 195)],
)
def test_the_range_covers_what_was_measured(
    preset: str, batch_size: int, images_per_second: float
) -> None:
    name = next(name for name in PRESETS if name.startswith(preset))
    recipe = PRESETS[name].recipe.changed(batch_size=batch_size, epochs=1, validation_examples=0)
    low, high = training_seconds(recipe)
    assert low <= recipe.train_examples / images_per_second <= high


def test_twice_the_epochs_take_twice_the_time() -> None:
    recipe = PRESETS["dense-basics"].recipe
    once, twice = (training_seconds(recipe.changed(epochs=epochs)) for epochs in (5, 10))
    assert twice.high == pytest.approx(2 * once.high)


def test_an_invalid_design_takes_no_time() -> None:
    assert training_seconds(Recipe()) == Seconds(0, 0)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "1 s"), (89, "89 s"), (91, "2 min"), (5399, "90 min"), (5400, "1.5 h")],
)
def test_duration_in_words(seconds: float, words: str) -> None:
    assert duration(seconds) == words


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(240, 540, "4–9 min"), (30, 300, "30 s – 5 min"), (600, 601, "10 min")],
)
def test_a_range_says_a_shared_unit_once(low: float, high: float, words: str) -> None:
    assert duration_range(*Seconds(low, high)) == words
