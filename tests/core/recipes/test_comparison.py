"""Differences between recipes in words."""

from fmnist_core.recipes import presets
from fmnist_core.recipes.comparison import describe_layers, differences
from fmnist_core.recipes.layers import Conv2D, Dense, ResidualBlock
from fmnist_core.recipes.recipe import Augmentation, Recipe

DENSE = presets.find("dense-basics").recipe


def test_equal_recipes_under_two_names_do_not_differ() -> None:
    assert differences([DENSE, DENSE.changed(name="Other")]) == {}


def test_every_changed_field_has_one_text_per_recipe() -> None:
    other = DENSE.changed(
        learning_rate=0.00025,
        train_examples=1000,
        augmentation=Augmentation(flip=True),
    )
    assert differences([DENSE, other]) == {
        "learning rate": ["0.001", "0.00025"],
        "train examples": ["55,000", "1,000"],
        "augmentation: flip": ["no", "yes"],
    }


def test_other_layers_show_as_layers_and_as_parameters() -> None:
    found = differences([DENSE, presets.find("128-64-with-logits").recipe])
    assert found == {
        "layers": [
            "Flatten → Dense 128 → Dense 10, softmax",
            "Flatten → Dense 128 → Dense 64 → Dense 10, linear",
        ],
        "parameters": ["101,770", "109,386"],
    }


def test_layers_name_their_size_and_what_is_not_default() -> None:
    recipe = Recipe(
        layers=(
            Conv2D(filters=16, padding="same", activation="linear", use_bias=False),
            ResidualBlock(filters=24, strides=2),
            ResidualBlock(filters=32),
            Dense(units=10, activation="softmax"),
        )
    )
    assert describe_layers(recipe) == [
        "Conv2D 16, padding same, linear, use bias no",
        "ResidualBlock 24, strides 2",
        "ResidualBlock 32",
        "Dense 10, softmax",
    ]


def test_nothing_to_compare_is_no_difference() -> None:
    assert differences([]) == {}
