"""The layer arithmetic agrees with Keras, for every kind of layer."""

import keras
import pytest

from fmnist_core.models.build import build
from fmnist_core.recipes.layer import Layer, LayerError, Shape, window
from fmnist_core.recipes.layers import (
    LAYERS,
    BatchNormalization,
    Conv2D,
    Dense,
    DepthwiseConv2D,
    MaxPooling2D,
    ResidualBlock,
    SeparableConv2D,
    layer_to_dict,
)
from fmnist_core.recipes.presets import PRESETS, find

CASES: list[tuple[Layer, Shape]] = [
    *((kind(), (50,) if name == "Dense" else (13, 13, 8)) for name, kind in LAYERS.items()),
    (Conv2D(filters=4, kernel_size=5, strides=3, padding="same", use_bias=False), (28, 28, 1)),
    (ResidualBlock(filters=8), (13, 13, 8)),
    (ResidualBlock(filters=16, strides=2, dropout=0.1), (13, 13, 8)),
]


@pytest.mark.parametrize(("layer", "shape"), CASES, ids=[str(layer_to_dict(c[0])) for c in CASES])
def test_shape_and_parameters_agree_with_keras(layer: Layer, shape: Shape) -> None:
    inputs = keras.Input(shape)
    values = {"x": inputs}
    for step in layer.steps(shape, "he_normal"):
        sources = [values[name] for name in step.inputs]
        keras_layer = getattr(keras.layers, step.layer)(**step.arguments)
        values[step.target] = keras_layer(sources if len(sources) > 1 else sources[0])
    model = keras.Model(inputs, values["x"])
    assert model.output_shape[1:] == layer.output_shape(shape)
    assert model.count_params() == layer.parameters(shape)


@pytest.mark.parametrize(
    ("layer", "shape", "expected"),
    [
        # 26 × 26 places, 9 pixels of each channel, 32 filters.
        (Conv2D(filters=32), (28, 28, 1), 26 * 26 * 9 * 32),
        (Conv2D(filters=4, kernel_size=5, strides=2), (28, 28, 3), 12 * 12 * 25 * 3 * 4),
        (DepthwiseConv2D(), (28, 28, 3), 26 * 26 * 9 * 3),
        (SeparableConv2D(filters=32), (28, 28, 3), 26 * 26 * 3 * (9 + 32)),
        (ResidualBlock(filters=3), (28, 28, 3), 28 * 28 * 2 * 9 * 3 * 3),
        (
            ResidualBlock(filters=5, strides=2),
            (28, 28, 3),
            14 * 14 * (9 * 3 * 5 + 9 * 5 * 5 + 3 * 5),
        ),
        (Dense(units=7), (50,), 350),
        (BatchNormalization(), (28, 28, 3), 0),
        (MaxPooling2D(), (28, 28, 3), 0),
    ],
)
def test_multiply_adds_are_counted_by_hand(layer: Layer, shape: Shape, expected: int) -> None:
    assert layer.multiply_adds(shape) == expected


@pytest.mark.parametrize(
    ("size", "strides", "padding", "image", "found"),
    [
        (3, 1, "valid", (28, 28, 1), (26, 26)),
        (3, 3, "valid", (28, 27, 1), (9, 9)),
        (5, 2, "same", (28, 27, 1), (14, 14)),
        (5, 1, "valid", (5, 9, 1), (1, 5)),  # just as large as the image
    ],
)
def test_a_window_moves_over_an_image(
    size: int, strides: int, padding: str, image: Shape, found: tuple[int, int]
) -> None:
    assert window(Conv2D(), image, size, strides, padding) == found


def test_a_residual_block_normalises_twice_and_drops_between_its_convolutions() -> None:
    block = ResidualBlock(filters=16, strides=2, activation="silu", dropout=0.1)
    steps = block.steps((13, 13, 8), "he_normal")
    assert [step.layer for step in steps] == [
        *("BatchNormalization", "Activation", "Conv2D", "Conv2D"),
        *("BatchNormalization", "Activation", "Dropout", "Conv2D", "Add"),
    ]
    momenta = [step.arguments["momentum"] for step in steps if step.layer == "BatchNormalization"]
    assert momenta == [0.9, 0.9]
    convolutions = [step.arguments for step in steps if step.layer == "Conv2D"]
    assert [one.get("strides", 1) for one in convolutions] == [2, 2, 1]
    assert [one["kernel_size"] for one in convolutions] == [1, 3, 3]
    assert not any(one["use_bias"] for one in convolutions)
    assert {step.arguments.get("activation", "silu") for step in steps} == {"silu"}
    plain = ResidualBlock(filters=8).steps((13, 13, 8), "he_normal")
    assert [step.layer for step in plain].count("Conv2D") == 2


def test_a_window_larger_than_the_image_is_refused_unless_it_is_padded() -> None:
    assert window(Conv2D(), (4, 9, 1), 5, 1, "same") == (4, 9)
    with pytest.raises(LayerError, match="5×5 window is larger than the 4×9 image"):
        window(Conv2D(), (4, 9, 1), 5, 1, "valid")


def test_each_layer_says_what_it_cannot_receive() -> None:
    with pytest.raises(LayerError, match="here it receives a flat list of 5,408 numbers"):
        Conv2D().output_shape((5408,))
    with pytest.raises(LayerError, match="here it receives 26×26×32"):
        Dense().output_shape((26, 26, 32))


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("dense-basics", 101_770),
        ("wide-cnn-on-20000", 29_306_282),
        ("128-64-with-logits", 109_386),
        ("three-convolutions", 1_067_146),
        ("300-100-with-sgd", 266_610),
    ],
)
def test_reference_preset_has_its_published_parameter_count(name: str, parameters: int) -> None:
    assert PRESETS[name].recipe.parameters == parameters


@pytest.mark.parametrize("name", [n for n in PRESETS if n != "wide-cnn-on-20000"])
def test_preset_builds_with_the_parameters_it_states(name: str) -> None:
    recipe = PRESETS[name].recipe
    assert build(recipe).count_params() == recipe.parameters


def test_wide_cnn_has_its_published_output_shapes() -> None:
    shapes = [row.shape for row in find("wide-cnn").recipe.rows()]
    assert shapes == [(26, 26, 32), (13, 13, 32), (13, 13, 32), (5408,), (5408,), (10,)]


def test_same_seed_draws_the_same_weights() -> None:
    recipe = find("128-64").recipe
    first, second = build(recipe).get_weights(), build(recipe).get_weights()
    other = build(recipe.changed(seed=1)).get_weights()
    assert all((a == b).all() for a, b in zip(first, second, strict=True))
    assert (first[0] != other[0]).any()
