"""The rough time of a run: near what was measured."""

import pytest

from fmnist_core.recipes.estimate import Seconds, app_bytes, training_seconds
from fmnist_core.recipes.layers import Dense, Flatten, ResidualBlock
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


def test_the_time_of_a_small_run_is_worked_out_by_hand() -> None:
    layers = (Flatten(), Dense(units=10, activation="softmax"))
    recipe = Recipe(layers=layers, train_examples=100, validation_examples=30, epochs=2)
    image = 7840 * 2.6e-11 + (784 + 10) * 1.2e-9
    step = 2.5e-3 + 7850 * 4.8e-9
    # Four steps of 32 images; a validation image is a third of one that is learned.
    seconds = 2 * (110 * image + 4 * step)
    assert training_seconds(recipe) == pytest.approx((seconds / 1.6, seconds * 1.6))
    half = 2 * (110 * image / 2.2 + 4 * step)
    assert training_seconds(recipe.changed(precision="mixed_bfloat16")).low == pytest.approx(
        half / 1.6
    )
    block = ResidualBlock(filters=1)
    more = 28 * 28 * 5 * 1.2e-9 + block.multiply_adds((28, 28, 1)) * 2.6e-11
    more = 2 * (110 * more + 4 * block.parameters((28, 28, 1)) * 4.8e-9)
    found = training_seconds(recipe.changed(layers=(block, *layers)))
    assert found.low == pytest.approx((seconds + more) / 1.6)


def test_the_app_takes_900_megabytes_beside_the_recipe() -> None:
    recipe = PRESETS["dense-basics"].recipe
    assert app_bytes(recipe) == 900_000_000 + recipe.memory_bytes


def test_twice_the_epochs_take_twice_the_time() -> None:
    recipe = PRESETS["dense-basics"].recipe
    once, twice = (training_seconds(recipe.changed(epochs=epochs)) for epochs in (5, 10))
    assert twice.high == pytest.approx(2 * once.high)


def test_an_invalid_design_takes_no_time() -> None:
    assert training_seconds(Recipe()) == Seconds(0, 0)
