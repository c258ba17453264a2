"""The patterns of a layer, and which layers have patterns that can be shown."""

import keras
import numpy as np
import pytest

from fmnist_core.explanations import filters
from fmnist_core.explanations.filters import every_filter, filter_of
from fmnist_core.models.build import build
from fmnist_core.models.keras_models import Weights
from fmnist_core.recipes.layer import Layer
from fmnist_core.recipes.layers import (
    Conv2D,
    Dense,
    DepthwiseConv2D,
    Dropout,
    Flatten,
    GlobalAveragePooling2D,
    MaxPooling2D,
)
from fmnist_core.recipes.recipe import Recipe

WEIGHTS = Weights("nowhere", 0)


def network(monkeypatch: pytest.MonkeyPatch, *layers: Layer) -> keras.Model:
    model = build(Recipe(layers=(*layers, Dense(units=10, activation="softmax"))))
    monkeypatch.setattr(filters, "load", lambda weights: model)
    return model


def test_only_what_looks_at_one_map_shows_all_its_patterns(monkeypatch: pytest.MonkeyPatch) -> None:
    model = network(
        monkeypatch,
        *(Conv2D(filters=3), MaxPooling2D(), Conv2D(filters=4, kernel_size=2)),
        *(DepthwiseConv2D(), Flatten()),
    )
    found = [every_filter(WEIGHTS, position).shape for position in range(len(model.layers))]
    none = (0, 0, 0)
    assert found == [none, (3, 3, 3), none, none, (3, 3, 4), none, none]
    kernel = np.asarray(model.layers[1].kernel)
    assert np.array_equal(every_filter(WEIGHTS, 1), kernel[:, :, 0])
    assert filter_of(WEIGHTS, 2, 0).shape == none
    assert np.array_equal(filter_of(WEIGHTS, 3, 1), np.asarray(model.layers[3].kernel)[..., 1])
    assert filter_of(WEIGHTS, 6, 9).shape == (10, 10, 4)


def test_a_dense_layer_on_the_image_shows_its_weights_as_images(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = network(monkeypatch, Flatten(), Dropout(), Dense(units=5))
    kernel = np.asarray(model.layers[3].kernel)
    assert np.array_equal(every_filter(WEIGHTS, 3), kernel.reshape(28, 28, 5))
    assert every_filter(WEIGHTS, 4).shape == (0, 0, 0)  # on five numbers, no image
    assert filter_of(WEIGHTS, 4, 0).shape == (1, 1, 5)


def test_a_dense_layer_on_means_has_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    network(monkeypatch, Conv2D(filters=3), GlobalAveragePooling2D())
    assert filter_of(WEIGHTS, 3, 0).shape == (1, 1, 3)
