from pathlib import Path

import numpy as np
import pytest

from fmnist_core.models.build import build
from fmnist_core.models.classifier import Classifier
from fmnist_core.models.convert import save_model
from fmnist_core.recipes.layers import (
    Activation,
    BatchNormalization,
    Conv2D,
    Dense,
    Flatten,
    GlobalAveragePooling2D,
    ResidualBlock,
)
from fmnist_core.recipes.recipe import Recipe

LOGITS = Recipe(layers=(Flatten(), Dense(units=6), Dense(units=10, activation="linear")))
SOFTMAX_LAYER = Recipe(
    layers=(Flatten(), Dense(units=10, activation="linear"), Activation(activation="softmax"))
)
RESIDUAL = Recipe(
    layers=(
        Conv2D(filters=4, strides=3),
        ResidualBlock(filters=6),
        BatchNormalization(),
        GlobalAveragePooling2D(),
        Dense(units=10, activation="softmax"),
    ),
    precision="mixed_bfloat16",
)


@pytest.mark.parametrize(("recipe", "features"), [(LOGITS, 6), (SOFTMAX_LAYER, 784), (RESIDUAL, 6)])
def test_both_files_compute_what_the_network_does(
    tmp_path: Path, recipe: Recipe, features: int
) -> None:
    import keras

    images = np.random.default_rng(3).integers(0, 256, (9, 28, 28)).astype(np.uint8)
    network = build(recipe)
    final = save_model(network, recipe, tmp_path)
    inputs = images[..., None].astype(np.float32) / 255
    expected = np.asarray(final(inputs))
    if recipe.from_logits:
        expected = np.asarray(keras.ops.softmax(expected))
    classifier = Classifier(tmp_path / "model.tflite")
    np.testing.assert_allclose(classifier.probabilities(images), expected, atol=1e-5)
    assert classifier.features(images).shape == (9, features)
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(np.asarray(loaded(inputs)), np.asarray(final(inputs)), atol=1e-6)
    assert not loaded.compiled
    assert {layer.compute_dtype for layer in loaded.layers} == {"float32"}
    for one, two in zip(network.get_weights(), loaded.get_weights(), strict=True):
        np.testing.assert_array_equal(one, two)
    assert sorted(path.name for path in tmp_path.iterdir()) >= ["model.keras", "model.tflite"]
