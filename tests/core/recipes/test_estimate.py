"""The rough time of a run: near what was measured."""

import pytest

from fmnist_core.recipes.estimate import Seconds, training_seconds
from fmnist_core.recipes.presets import PRESETS
from fmnist_core.recipes.recipe import Recipe


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
