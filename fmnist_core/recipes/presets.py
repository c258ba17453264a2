"""Named recipes: five published reference experiments and our own."""

import re
from dataclasses import dataclass
from typing import Any

from fmnist_core.recipes.layer import Layer
from fmnist_core.recipes.layers import (
    Activation,
    BatchNormalization,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    GlobalAveragePooling2D,
    MaxPooling2D,
    ResidualBlock,
)
from fmnist_core.recipes.options import RecipeError
from fmnist_core.recipes.recipe import Augmentation, Recipe
from fmnist_core.translation import mark, say


@dataclass(frozen=True)
class Preset:
    """A recipe with what is said about it; `published` is its authors' test accuracy, if known."""

    recipe: Recipe
    description: str
    published: float | None = None

    @property
    def title(self) -> str:
        """What the preset is called on screen."""
        return self.recipe.name

    @property
    def name(self) -> str:
        """What the preset is called on the command line and in links."""
        return slug(self.title)


def slug(title: str) -> str:
    """Return a title in lower case with hyphens, such as wide-cnn-on-20000."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower().replace(",", "")).strip("-")


DENSE_BASICS = Preset(
    Recipe(
        name="Dense basics",
        layers=(Flatten(), Dense(units=128), Dense(units=10, activation="softmax")),
    ),
    mark("One hidden layer on the bare pixels: the first network of most courses."),
)

WIDE_CNN = Preset(
    Recipe(
        name="Wide CNN on 20,000",
        layers=(
            Conv2D(filters=32),
            MaxPooling2D(),
            Dropout(rate=0.2),
            Flatten(),
            Dense(units=5408),
            Dense(units=10, activation="softmax"),
        ),
        train_examples=20_000,
    ),
    mark("One convolution and a very wide dense layer, trained on the first 20,000 images only."),
    published=0.8994,
)

LOGITS = Preset(
    Recipe(
        name="128-64 with logits",
        layers=(
            Flatten(),
            Dense(units=128),
            Dense(units=64),
            Dense(units=10, activation="linear"),
        ),
    ),
    mark(
        "Two hidden layers; the loss is computed from logits, softmax comes only when predicting."
    ),
)

THREE_CONVOLUTIONS = Preset(
    Recipe(
        name="Three convolutions",
        layers=(
            Conv2D(filters=64),
            Conv2D(filters=64),
            Conv2D(filters=64),
            MaxPooling2D(),
            Flatten(),
            Dense(units=128),
            Dense(units=10, activation="softmax"),
        ),
        initializer="he_normal",
        epochs=20,
    ),
    mark("Three stacked convolutions before the first pooling, He initialisation throughout."),
)

SGD_300_100 = Preset(
    Recipe(
        name="300-100 with SGD",
        layers=(
            Flatten(),
            Dense(units=300),
            Dense(units=100),
            Dense(units=10, activation="softmax"),
        ),
        optimizer="sgd",
        learning_rate=0.01,
        epochs=30,
    ),
    mark(
        "A classic perceptron with plain gradient descent and the last 5,000 images for validation."
    ),
)

LIGHTNING = Preset(
    Recipe(
        name="Lightning",
        layers=(
            Conv2D(filters=24, kernel_size=5, strides=2, padding="same"),
            BatchNormalization(momentum=0.9),
            Conv2D(filters=48, strides=2, padding="same"),
            BatchNormalization(momentum=0.9),
            Flatten(),
            Dense(units=10, activation="softmax"),
        ),
        initializer="he_normal",
        optimizer="adamw",
        learning_rate=0.012,
        weight_decay=0.004,
        schedule="one_cycle",
        batch_size=256,
        epochs=3,
    ),
    mark(
        "Made to pass 90 % as fast as two processor cores can: both convolutions halve the image."
    ),
)


def _residual(name: str, *layers: Layer, **options: Any) -> Recipe:  # noqa: ANN401 - the recipe's own fields
    """Return a pre-activation residual network trained on one cycle of the learning rate."""
    return Recipe(
        name=name,
        layers=(
            *layers,
            BatchNormalization(momentum=0.9),
            Activation(),
            GlobalAveragePooling2D(),
            Dense(units=10, activation="softmax"),
        ),
        initializer="he_normal",
        optimizer="sgd",
        learning_rate=0.1,
        momentum=0.9,
        nesterov=True,
        weight_decay=5e-4,
        schedule="one_cycle",
        batch_size=128,
        label_smoothing=0.05,
        **options,
    )


def _stem(filters: int) -> Conv2D:
    return Conv2D(filters=filters, padding="same", activation="linear", use_bias=False)


COMPACT = Preset(
    _residual(
        "Compact",
        _stem(16),
        ResidualBlock(filters=16),
        ResidualBlock(filters=32, strides=2),
        ResidualBlock(filters=32),
        ResidualBlock(filters=64, strides=2),
        epochs=30,
        augmentation=Augmentation(flip=True, shift=1, erase=0.15),
    ),
    mark("A residual network of fewer than 100,000 parameters."),
)

# At full size a few channels do; the wide layers see half and a quarter of it.
BEST = Preset(
    _residual(
        "Best",
        _stem(16),
        ResidualBlock(filters=16),
        ResidualBlock(filters=64, strides=2),
        ResidualBlock(filters=64),
        ResidualBlock(filters=128, strides=2),
        ResidualBlock(filters=128),
        epochs=90,
        augmentation=Augmentation(flip=True, shift=2, erase=0.5),
    ),
    mark("A wider residual network for accuracy, trained until more epochs no longer helped."),
)

# Halving the image at once leaves time for the wide layers that so many ways to look need.
FIELD = Preset(
    _residual(
        "Field",
        _stem(32),
        MaxPooling2D(),
        ResidualBlock(filters=64),
        ResidualBlock(filters=64),
        ResidualBlock(filters=128, strides=2),
        ResidualBlock(filters=128),
        epochs=50,
        augmentation=Augmentation(flip=True, shift=1, erase=0.15, field=0.6),
    ),
    mark(
        "Redrawn images prepare it for your drawings; the shipped one has seen 2,992 real photos, "
        "too."
    ),
)

PRESETS: dict[str, Preset] = {
    preset.name: preset
    for preset in (
        DENSE_BASICS,
        WIDE_CNN,
        LOGITS,
        THREE_CONVOLUTIONS,
        SGD_300_100,
        LIGHTNING,
        COMPACT,
        BEST,
        FIELD,
    )
}


def find(name: str) -> Preset:
    """Return the preset of that name, title or unambiguous beginning of one, in any case.

    Raises RecipeError listing the known names.
    """
    wanted = slug(name)
    matches = [key for key in PRESETS if wanted and key.startswith(wanted)]
    if wanted in PRESETS:
        matches = [wanted]
    if len(matches) != 1:
        raise RecipeError(
            say(
                "No preset is called {name!r}; there are {known}.",
                name=name[:60],
                known=", ".join(PRESETS),
            )
        )
    return PRESETS[matches[0]]
