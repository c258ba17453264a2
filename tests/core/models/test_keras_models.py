import shutil
from collections import OrderedDict
from pathlib import Path

import keras
import numpy as np
import pytest

from fmnist_core.models import catalogue, keras_models
from fmnist_core.models.build import build
from fmnist_core.models.card import Card
from fmnist_core.models.catalogue import Model, ModelError
from fmnist_core.models.keras_models import Weights, load, logits, weights_of
from fmnist_core.recipes.layers import Activation, Dense, Flatten
from fmnist_core.recipes.recipe import Recipe

FLAT = Recipe(layers=(Flatten(), Dense(units=10, activation="softmax")))
IMAGES = np.random.default_rng(0).random((3, 28, 28, 1), np.float32)


@pytest.fixture
def model(tmp_path: Path) -> Model:
    build(FLAT).save(tmp_path / "model.keras")
    return Model("run", "My run", tmp_path, FLAT)


def test_a_network_is_opened_once_until_its_file_changes(model: Model) -> None:
    first = load(weights_of(model))
    assert load(weights_of(model)) is first
    build(FLAT.changed(seed=1)).save(model.keras_file)
    second = load(weights_of(model))
    assert second is not first
    assert not np.array_equal(first.get_weights()[0], second.get_weights()[0])


def test_the_shipped_network_answers_as_its_tflite_does() -> None:
    model = catalogue.find("dense-basics")
    np.testing.assert_allclose(
        load(weights_of(model))(IMAGES), model.classifier().probabilities(IMAGES), atol=1e-5
    )


def test_an_altered_shipped_network_is_not_opened(tmp_path: Path) -> None:
    shipped = catalogue.find("dense-basics")
    shutil.copytree(shipped.folder, tmp_path / "copy")
    altered = tmp_path / "copy" / "model.keras"
    altered.write_bytes(altered.read_bytes() + b"x")
    card = Card.read(tmp_path / "copy" / "card.json")
    with pytest.raises(ModelError, match="not the file its card describes"):
        load(weights_of(Model("copy", "Copy", tmp_path / "copy", shipped.recipe, card)))


def test_a_model_without_weights_or_with_a_damaged_file_is_said_in_words(model: Model) -> None:
    model.keras_file.write_bytes(b"weights")
    with pytest.raises(ModelError, match="cannot be opened as a network"):
        load(weights_of(model))
    model.keras_file.unlink()
    with pytest.raises(ModelError, match="My run has no finished network yet"):
        weights_of(model)


def test_old_networks_make_room_for_new_ones(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keras_models, "KEPT_BYTES", 1)
    weights = weights_of(model)
    first = load(weights)
    load(Weights(weights.folder, weights.changed + 1))
    assert load(weights) is not first


@pytest.mark.parametrize(
    "layers",
    [
        (Flatten(), Dense(units=10, activation="softmax")),
        (Flatten(), Dense(units=10, activation="linear"), Activation(activation="softmax")),
    ],
)
def test_logits_are_what_comes_before_the_softmax(layers: tuple[Dense, ...]) -> None:
    network = build(Recipe(layers=layers))
    before = logits(network)(IMAGES)
    np.testing.assert_allclose(keras.ops.softmax(before), network(IMAGES), atol=1e-6)
    assert np.ptp(np.asarray(before).sum(1)) > 1e-3


def test_a_network_that_gives_logits_is_used_as_it_is() -> None:
    network = build(Recipe(layers=(Flatten(), Dense(units=10, activation="linear"))))
    assert logits(network) is network


def test_the_networks_used_last_are_kept_within_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    network = build(FLAT)
    monkeypatch.setattr(keras_models, "_kept", OrderedDict())
    monkeypatch.setattr(keras_models, "KEPT_BYTES", 4 * 2 * network.count_params())
    for key in ("a", "b", "a", "c"):
        keras_models._keep((key,), lambda: network)
    assert list(keras_models._kept) == [("a",), ("c",)]
    monkeypatch.setattr(keras_models, "KEPT_BYTES", 1)
    keras_models._keep(("d",), lambda: network)
    assert list(keras_models._kept) == [("d",)]  # the one that is asked for, however large


@pytest.mark.parametrize("separable", [True, False])
def test_weights_drawn_anew_vary_by_the_inputs_of_a_unit(separable: bool) -> None:
    # A depthwise kernel sees 3×3 inputs, whether it has a layer of its own or not.
    layers = keras.layers
    parts = (
        [layers.SeparableConv2D(50, 3), layers.BatchNormalization()]
        if separable
        else [layers.DepthwiseConv2D(3), layers.BatchNormalization(), layers.Conv2D(50, 1)]
    )
    twin = keras_models.randomised(keras.Sequential([keras.Input((28, 28, 200)), *parts]), 0)
    weights = {variable.name: variable.numpy() for variable in twin.weights}
    depthwise, pointwise = (one for one in (v.numpy() for v in twin.weights) if one.ndim == 4)
    assert depthwise.std() == pytest.approx((2 / 9) ** 0.5, rel=0.05)
    assert pointwise.std() == pytest.approx((2 / 200) ** 0.5, rel=0.05)
    for name in ("beta", "moving_mean", "bias"):
        assert set(weights[name].tolist()) == {0.0}
    for name in ("gamma", "moving_variance"):
        assert set(weights[name].tolist()) == {1.0}
