"""What happens inside a network, recomputed by hand and compared with Keras."""

import numpy as np
import pytest

from fmnist_core.explanations.arithmetic import activate, steps
from fmnist_core.explanations.feature_maps import outputs
from fmnist_core.explanations.filters import pattern
from fmnist_core.explanations.units import units
from fmnist_core.models.build import build
from fmnist_core.recipes.layer import ACTIVATIONS, Layer
from fmnist_core.recipes.layers import (
    Activation,
    AveragePooling2D,
    BatchNormalization,
    Conv2D,
    Dense,
    DepthwiseConv2D,
    Dropout,
    Flatten,
    GlobalAveragePooling2D,
    GlobalMaxPooling2D,
    LayerNormalization,
    MaxPooling2D,
    ResidualBlock,
    SeparableConv2D,
)
from fmnist_core.recipes.recipe import Recipe
from tests.support.networks import linear, one_pixel

RANDOM = np.random.default_rng(0)
IMAGE = RANDOM.integers(0, 256, (28, 28), np.uint8)
END = (Flatten(), Dense(units=10, activation="softmax"))
NETWORKS: dict[str, tuple[Layer, ...]] = {
    "convolutions": (
        Conv2D(filters=3, kernel_size=4, strides=2, padding="same", activation="leaky_relu"),
        BatchNormalization(),
        SeparableConv2D(filters=4, activation="tanh"),
        LayerNormalization(),
        DepthwiseConv2D(strides=2, activation="elu", use_bias=False),
        MaxPooling2D(),
        Dropout(rate=0.5),
        *END,
    ),
    "residual": (
        Conv2D(filters=2, activation="softmax"),
        AveragePooling2D(pool_size=3),
        ResidualBlock(filters=3, strides=2),
        Activation(activation="silu"),
        GlobalAveragePooling2D(),
        Dense(units=5, activation="selu"),
        Dense(units=10, activation="linear"),
        Activation(activation="softmax"),
    ),
    "global maximum": (
        Conv2D(filters=2, activation="sigmoid"),
        GlobalMaxPooling2D(),
        Dense(units=10, activation="softmax"),
    ),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_every_step_by_hand_gives_what_keras_gives(name: str) -> None:
    model = build(Recipe(layers=NETWORKS[name]))
    # Biases, means and scales as after a training: at the start they would do nothing.
    for variable in model.weights:
        if len(variable.shape) == 1:
            variable.assign(RANDOM.uniform(0.5, 1.5, variable.shape))
    for position, output in enumerate(outputs(model, IMAGE)[1:], 1):
        for corner in (0, 1):
            # The first and the last unit: where padding shows.
            place = tuple(corner * (size - 1) for size in output.values.shape)
            found = steps(model, IMAGE, position, place)
            assert found.value == pytest.approx(found.keras, abs=1e-5), output.kind
            assert found.keras == pytest.approx(float(output.values[place]), abs=1e-6)
            assert found.lines[-1].value == found.value
            if found.terms and "products" in found.lines[0].text:
                total = sum(term.total for term in found.terms)
                assert total == pytest.approx(found.lines[0].value, abs=1e-5)
                for term in found.terms:
                    assert term.weights is not None
                    assert (term.inputs * term.weights).sum() == pytest.approx(term.total)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_bend_is_that_of_keras(name: str) -> None:
    import keras

    values = np.linspace(-4, 4, 9)
    expected = keras.activations.get(name)(keras.ops.convert_to_tensor(values[None]))
    np.testing.assert_allclose(activate(name, values), np.asarray(expected)[0], atol=1e-6)


def test_a_softmax_shows_its_ten_rivals() -> None:
    model = build(Recipe(layers=END))
    found = steps(model, IMAGE, 2, (3,))
    assert found.rivals is not None
    raised = np.exp(found.rivals)
    assert found.value == pytest.approx(raised[3] / raised.sum(), abs=1e-6)


@pytest.mark.parametrize(
    ("position", "place"), [(0, (0, 0, 0)), (9, (0,)), (2, (10,)), (2, (0, 0))]
)
def test_a_layer_or_place_that_does_not_exist_is_refused(
    position: int, place: tuple[int, ...]
) -> None:
    with pytest.raises(ValueError, match=r"does not exist|is not in it"):
        steps(linear(np.zeros((28, 28, 10))), IMAGE, position, place)


def test_the_pattern_of_a_dense_unit_on_the_image_is_its_weights() -> None:
    kernel = RANDOM.normal(size=(28, 28, 10)).astype(np.float32)
    found = pattern(linear(kernel), 2, 7)
    assert found is not None
    np.testing.assert_array_equal(found[..., 0], kernel[..., 7])


def test_the_pattern_of_a_separable_convolution_is_the_one_kernel_that_it_amounts_to() -> None:
    model = build(Recipe(layers=(Conv2D(filters=3), SeparableConv2D(filters=2), *END)))
    found = pattern(model, 2, 1)
    assert found is not None
    one = steps(model, IMAGE, 2, (4, 5, 1))
    for channel, term in enumerate(one.terms):
        assert term.weights is not None
        np.testing.assert_allclose(found[..., channel], term.weights, atol=1e-6)


def test_the_images_that_excite_a_unit_most_are_found_with_their_place() -> None:
    # Unit 4 sees one pixel only; the others see nothing, so they are dead.
    images = np.zeros((30, 28, 28), np.uint8)
    images[:, 9, 17] = RANDOM.permutation(30)
    found = units(one_pixel(9, 17, label=4), images)
    (dense,) = found.values()
    assert dense.dead.tolist() == [unit != 4 for unit in range(10)]
    assert images[dense.images[4], 9, 17].tolist() == list(range(29, 17, -1))
    np.testing.assert_allclose(dense.values[4] * 255, np.arange(29, 17, -1), rtol=1e-5)


def test_a_map_is_dead_when_nothing_ever_changes_it() -> None:
    model = build(Recipe(layers=(Conv2D(filters=2, kernel_size=1), *END)))
    kernel = np.zeros((1, 1, 1, 2), np.float32)
    kernel[..., 0], kernel[..., 1] = 1, -1  # the second is below zero for every image
    model.layers[1].set_weights([kernel, np.zeros(2)])
    images = np.zeros((3, 28, 28), np.uint8)
    images[1, 20, 6] = 200
    found = units(model, images)[1]
    assert found.dead.tolist() == [False, True]
    assert found.images[0, 0] == 1
    assert found.places[0, 0].tolist() == [20, 6]
