"""Explanations of networks made by hand, whose right answers are known."""

import keras
import numpy as np
import pytest

from fmnist_core.explanations import methods
from fmnist_core.explanations.checks import Curves, faithfulness, rank_correlation, ranks
from fmnist_core.explanations.counterfactual import counterfactual
from fmnist_core.explanations.grad_cam import grad_cam, last_maps, spread
from fmnist_core.explanations.gradients import input_gradient, integrated_gradients
from fmnist_core.explanations.occlusion import occlusion
from fmnist_core.explanations.receptive_field import ReceptiveField, receptive_fields
from fmnist_core.explanations.score import scores
from fmnist_core.models.build import build
from fmnist_core.models.keras_models import Weights, logits
from fmnist_core.recipes.layer import Layer
from fmnist_core.recipes.layers import (
    AveragePooling2D,
    Conv2D,
    Dense,
    DepthwiseConv2D,
    Flatten,
    MaxPooling2D,
    ResidualBlock,
)
from fmnist_core.recipes.recipe import Recipe
from tests.support.networks import centred, linear, linear_convolution, one_pixel

RANDOM = np.random.default_rng(0)
KERNEL = RANDOM.normal(size=(28, 28, 10)).astype(np.float32)
IMAGE = RANDOM.integers(0, 256, (28, 28), np.uint8)


def test_the_input_gradient_of_a_linear_network_is_its_weights() -> None:
    found = input_gradient(linear(KERNEL), IMAGE, 3)
    np.testing.assert_allclose(found, centred(KERNEL)[..., 3], atol=1e-5)


def test_integrated_gradients_of_a_linear_network_are_weight_times_ink() -> None:
    found = integrated_gradients(linear(KERNEL, np.full(10, 5.0)), IMAGE, 3)
    np.testing.assert_allclose(found.map, centred(KERNEL)[..., 3] * (IMAGE / 255), atol=1e-5)
    assert found.gap < 1e-3


def test_integrated_gradients_are_complete_for_a_bent_network() -> None:
    network = Recipe(
        layers=(Conv2D(filters=4), MaxPooling2D(), Flatten(), Dense(units=10, activation="softmax"))
    )
    model = logits(build(network))
    found = integrated_gradients(model, IMAGE, 2, steps=256)
    ends = scores(model, np.stack([np.zeros_like(IMAGE), IMAGE]))[:, 2]
    assert found.difference == pytest.approx(ends[1] - ends[0], abs=1e-5)
    assert found.gap < 0.02 * abs(found.difference)
    assert integrated_gradients(model, IMAGE, 2, steps=2).gap > found.gap


def test_grad_cam_of_a_linear_convolution_is_known() -> None:
    # The score of class 1 is the mean of map 0 minus twice that of map 1, less a tenth of both:
    # each map's weight is its head's, centred, over the 784 places of the mean.
    heads = np.zeros((2, 10), np.float32)
    heads[0, 1], heads[1, 1] = 1, -2
    model = linear_convolution(np.array([3, 1], np.float32), heads)
    weights = centred(heads)[:, 1] / 784
    expected = np.maximum((weights[0] * 3 + weights[1]) * IMAGE / 255, 0)
    assert expected.max() > 0
    np.testing.assert_allclose(grad_cam(model, IMAGE, 1), expected, atol=1e-7)
    # Where all speaks against the class, nothing is left.
    heads[:, 1] *= -1
    against = linear_convolution(np.array([3, 1], np.float32), heads)
    assert not grad_cam(against, IMAGE, 1).any()


def test_grad_cam_is_refused_for_a_network_without_convolutions() -> None:
    assert last_maps(linear(KERNEL)) is None
    with pytest.raises(ValueError, match="no convolution"):
        grad_cam(linear(KERNEL), IMAGE, 0)


def test_a_small_map_stands_where_its_units_look() -> None:
    # Two units that see pixels 0 to 7 and 20 to 27: their middles are 3.5 and 23.5.
    field = ReceptiveField(jump=20, first=0, last=7)
    found = spread(np.array([[0.0, 1.0], [0.0, 1.0]]), field)
    assert found[:, :4].max() == 0
    assert found[:, 24:].min() == 1
    np.testing.assert_allclose(found[5, 13:15], [0.475, 0.525], atol=1e-6)


def test_occlusion_of_a_one_pixel_detector_is_that_pixel() -> None:
    image = np.full((28, 28), 51, np.uint8)
    found = occlusion(one_pixel(9, 17, label=4, weight=10), image, 4, window=1, stride=1)
    # Hiding it takes away 10 × 51 / 255 of the logit, a tenth of which is in the mean.
    assert found[9, 17] == pytest.approx(1.8, abs=1e-5)
    found[9, 17] = 0
    assert np.abs(found).max() < 1e-5


@pytest.mark.parametrize("corner", [(0, 0), (27, 27), (27, 0)])
def test_occlusion_reaches_every_corner(corner: tuple[int, int]) -> None:
    found = occlusion(one_pixel(*corner, label=4), np.full((28, 28), 255, np.uint8), 4)
    assert found[corner] == found.max() == pytest.approx(0.9, abs=1e-5)


def test_a_map_of_one_place_is_none() -> None:
    layers = (Conv2D(filters=2), Conv2D(filters=3, kernel_size=11, strides=4), Conv2D(filters=4))
    end = (Flatten(), Dense(units=10, activation="softmax"))
    assert last_maps(build(Recipe(layers=(*layers, *end)))) == 3
    small = (*layers, Conv2D(filters=2, kernel_size=2), *end)
    assert last_maps(build(Recipe(layers=small))) == 3


def test_equal_values_share_the_mean_of_their_ranks() -> None:
    assert ranks(np.array([3.0, 1.0, 3.0, 7.0])).tolist() == [1.5, 0, 1.5, 3]


def test_occlusion_with_a_window_points_at_the_squares_that_hid_the_pixel() -> None:
    image = np.full((28, 28), 255, np.uint8)
    found = occlusion(one_pixel(0, 27, label=4), image, 4)
    assert found[0, 27] == found.max() == pytest.approx(0.9, abs=1e-5)
    assert not found[4:, :].any()
    assert not found[:, :24].any()


@pytest.mark.parametrize("smoothness", [0.0, 1.5])
def test_the_smallest_change_of_a_linear_network_is_along_its_weights(smoothness: float) -> None:
    kernel = np.zeros((28, 28, 10), np.float32)
    kernel[..., 2] = RANDOM.normal(size=(28, 28)) / 28
    model = linear(kernel, bias=np.eye(10)[0])
    image = np.full((28, 28), 128, np.uint8)
    found = counterfactual(model, image, 2, smoothness)
    assert found.flips is not None
    assert found.answers[found.flips].argmax() == 2
    assert found.answers[found.flips - 1].argmax() == 0
    assert found.images[0].tolist() == image.tolist()
    lead = float(scores(model, image)[0] @ (np.eye(10)[0] - np.eye(10)[2]))
    smallest = lead / np.linalg.norm(kernel[..., 2]) * 255 / 28
    assert found.size is not None
    if smoothness:
        assert found.size > smallest
    else:
        assert found.size == pytest.approx(smallest, rel=0.05)


def test_an_image_that_is_the_goal_already_needs_no_change() -> None:
    found = counterfactual(linear(KERNEL, np.eye(10)[6] * 1e4), IMAGE, 6)
    assert found.flips == 0
    assert found.size == 0


def test_a_goal_that_cannot_be_reached_is_said() -> None:
    model = linear(np.zeros((28, 28, 10), np.float32), np.eye(10)[1])
    found = counterfactual(model, IMAGE, 6)
    assert found.flips is None
    assert found.size is None


def test_deletion_falls_and_insertion_rises_at_once_for_the_right_pixel() -> None:
    model = one_pixel(9, 17, label=4, weight=100)
    image = np.full((28, 28), 255, np.uint8)
    right, wrong = np.zeros((28, 28)), np.zeros((28, 28))
    right[9, 17], wrong[9, 17] = 1, -1
    good, bad = (faithfulness(model, image, 4, map_) for map_ in (right, wrong))
    assert good.deletion[0] == pytest.approx(1)
    assert good.deletion[1:].tolist() == pytest.approx([0.1] * 28)
    assert good.insertion[0] == pytest.approx(0.1)
    assert good.insertion[1:].tolist() == pytest.approx([1.0] * 28)
    # The first step falls from 1 to 0.1 over a 28th of the pixels.
    assert good.areas == pytest.approx((0.1 + 0.45 / 28, 1 - 0.45 / 28), abs=1e-4)
    assert bad.areas == pytest.approx((1 - 0.45 / 28, 0.1 + 0.45 / 28), abs=1e-4)


def test_rank_correlation_looks_at_the_order_of_the_items_pixels_only() -> None:
    image = np.zeros((28, 28), np.uint8)
    image[0, :5] = 1
    first, same, other = (np.zeros((28, 28)) for _ in range(3))
    first[0, :5] = [1, -2, 3, 4, 5]
    same[0, :5] = [10, 20, -30, 40, 500]
    other[0, :5] = [5, 4, 3, 2, 1]
    other[5:] = 7
    assert rank_correlation(first, same, image) == pytest.approx(1)
    assert rank_correlation(first, other, image) == pytest.approx(-1)
    assert rank_correlation(first, np.ones((28, 28)), image) is None
    # Two equal values share the mean of their ranks: 0.5, 0.5, 2, 3, 4 against 0 to 4.
    tied = np.zeros((28, 28))
    tied[0, :5] = [1, 1, 2, 3, 4]
    expected = np.corrcoef([0, 1, 2, 3, 4], [0.5, 0.5, 2, 3, 4])[0, 1]
    assert rank_correlation(first, tied, image) == pytest.approx(expected)


def sees(model: keras.Model, position: int, unit: int) -> tuple[int, int]:
    """Return the first and last pixel column that changes a unit, by trying every column."""
    cut = keras.Model(model.input, model.layers[position].output)
    images = np.zeros((29, 28, 28, 1), np.float32)
    for column in range(28):
        images[column, :, column] = 1
    found = np.asarray(cut(images))[:, 0, unit]
    changed = np.flatnonzero((np.abs(found[:-1] - found[-1]) > 1e-9).any(-1))
    return int(changed[0]), int(changed[-1])


def test_a_receptive_field_is_where_a_changed_pixel_changes_the_unit() -> None:
    recipe = Recipe(
        layers=(
            Conv2D(filters=2, activation="linear"),
            AveragePooling2D(pool_size=2),
            ResidualBlock(filters=3, strides=2, activation="tanh"),
            Conv2D(filters=2, kernel_size=2, strides=2, padding="same", activation="linear"),
            Flatten(),
            Dense(units=10, activation="softmax"),
        )
    )
    model = build(recipe)
    fields = receptive_fields(model)
    positions = [i for i, field in enumerate(fields) if field is not None and i > 0]
    assert len(positions) >= 8
    for position in positions:
        field = fields[position]
        assert field is not None
        for unit in range(model.layers[position].output.shape[2]):
            assert sees(model, position, unit) == field.pixels(unit)
    assert fields[-1] is None


WEIGHTS = Weights("nowhere", 0)


@pytest.fixture
def linear_network(monkeypatch: pytest.MonkeyPatch) -> keras.Model:
    """A linear network, which the engine's questions are answered for."""
    model = linear(KERNEL)
    monkeypatch.setattr(methods, "load_logits", lambda weights: model)
    return model


@pytest.mark.parametrize(
    ("layers", "first"),
    [
        ((Flatten(), Dense(units=10)), "input_gradient"),
        ((Conv2D(), Flatten(), Dense(units=10)), "grad_cam"),
        ((ResidualBlock(), Flatten(), Dense(units=10)), "grad_cam"),
        ((DepthwiseConv2D(), Flatten(), Dense(units=10)), "grad_cam"),
        ((MaxPooling2D(), Flatten(), Dense(units=10)), "input_gradient"),
        # One place is no map.
        ((MaxPooling2D(pool_size=7), Conv2D(kernel_size=4), Flatten()), "input_gradient"),
        ((MaxPooling2D(pool_size=7), Conv2D(kernel_size=3), Flatten()), "grad_cam"),
    ],
)
def test_grad_cam_is_offered_where_there_are_maps(layers: tuple[Layer, ...], first: str) -> None:
    assert methods.methods_for(Recipe(layers=layers)) == [
        first,
        "integrated_gradients",
        "occlusion",
    ]


def test_a_map_comes_with_its_curves_and_shares_with_their_sum(
    linear_network: keras.Model,
) -> None:
    found = methods.explain(WEIGHTS, "integrated_gradients", IMAGE, 3)
    expected = integrated_gradients(linear_network, IMAGE, 3, methods.FINE_STEPS)
    np.testing.assert_allclose(found.map, expected.map)
    assert found.shares is not None
    assert found.shares == pytest.approx((found.map.sum(), expected.difference), rel=1e-3)
    assert found.curves.areas == faithfulness(linear_network, IMAGE, 3, found.map).areas
    plain = methods.explain(WEIGHTS, "input_gradient", IMAGE, 3)
    assert plain.shares is None
    np.testing.assert_allclose(plain.map, input_gradient(linear_network, IMAGE, 3))


def test_networks_of_three_seeds_say_whether_a_map_depends_on_what_was_learned(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seeds: list[int] = []
    said: list[float] = []

    def load_random(weights: Weights, seed: int) -> keras.Model:
        seeds.append(seed)
        return linear(KERNEL * (-1 if seed else 1))

    monkeypatch.setattr(methods, "load_random", load_random)
    monkeypatch.setattr(methods, "step", lambda done, *_, **__: said.append(done))
    map_ = input_gradient(linear(KERNEL), IMAGE, 3)
    found = methods.check(WEIGHTS, "input_gradient", IMAGE, 3, map_)
    assert seeds == [0, 1, 2]
    assert said == pytest.approx([0, 1 / 3, 2 / 3])
    np.testing.assert_allclose(found.random, [map_, -map_, -map_], atol=1e-5)
    assert found.correlation == pytest.approx(1, abs=1e-3)  # signs do not count
    assert methods.check(WEIGHTS, "input_gradient", IMAGE, 3, np.ones((28, 28))).correlation is None


def test_random_orders_are_ten_and_their_mean_is_returned(
    linear_network: keras.Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    maps: list[np.ndarray] = []

    def curves(model: keras.Model, image: np.ndarray, label: int, map_: np.ndarray) -> Curves:
        maps.append(map_)
        share = np.linspace(0, 1, 3)
        return Curves(share, np.full(3, len(maps)), np.full(3, 10.0 * len(maps)))

    monkeypatch.setattr(methods, "faithfulness", curves)
    found = methods.random_order(WEIGHTS, IMAGE, 3)
    assert len(maps) == 10
    assert np.array_equal(maps[9], np.random.default_rng(9).random((28, 28)))
    assert found.deletion.tolist() == [5.5] * 3
    assert found.insertion.tolist() == [55] * 3
    assert found.share.tolist() == [0, 0.5, 1]


def test_methods_are_compared_on_each_images_own_answer_and_with_chance(
    linear_network: keras.Model,
) -> None:
    images = np.stack([IMAGE, 255 - IMAGE])
    found = methods.compare(WEIGHTS, ["input_gradient"], images)
    assert found.shape == (2, 2, 2)
    for at, image in enumerate(images):
        label = int(scores(linear_network, image)[0].argmax())
        map_ = input_gradient(linear_network, image, label)
        assert found[at, 0] == pytest.approx(faithfulness(linear_network, image, label, map_).areas)
        chance = np.random.default_rng(at).random((28, 28))
        expected = faithfulness(linear_network, image, label, chance).areas
        assert found[at, 1] == pytest.approx(expected)


def test_a_flip_is_compared_with_the_ways_of_random_networks(
    linear_network: keras.Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(methods, "load_random", lambda weights, seed: linear_network)
    goal = int(scores(linear_network, IMAGE)[0].argsort()[-2])
    found = methods.flip(WEIGHTS, IMAGE, goal, 0.0)
    assert found.change.flips is not None
    # The same network goes the same way, but for rounding to whole grey levels.
    assert found.correlation is not None
    assert found.correlation > 0.5
