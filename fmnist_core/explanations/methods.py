"""What the page asks the engine: one method on one image, with its sanity check and its scores."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from fmnist_core.explanations.checks import Curves, faithfulness, rank_correlation
from fmnist_core.explanations.counterfactual import Change, ahead, blurred, counterfactual
from fmnist_core.explanations.grad_cam import grad_cam
from fmnist_core.explanations.gradients import input_gradient, integrated_gradients
from fmnist_core.explanations.occlusion import occlusion
from fmnist_core.explanations.score import scores
from fmnist_core.models.keras_models import Weights, load_logits, load_random
from fmnist_core.recipes.layers import Conv2D, DepthwiseConv2D, ResidualBlock
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.tasks import step
from fmnist_core.translation import mark

if TYPE_CHECKING:
    import keras

RANDOM_SEEDS = (0, 1, 2)
# Of integrated gradients, for the map that is shown with its gap; ranks need fewer.
FINE_STEPS = 128
RANDOM_ORDERS = 10

Explain = Callable[["keras.Model", np.ndarray, int], np.ndarray]


@dataclass(frozen=True)
class Method:
    """A way to explain: what it is called, what it does in a sentence, and its source; messages."""

    title: str
    text: str
    source: str
    explain: Explain


METHODS = {
    "grad_cam": Method(
        mark("Grad-CAM"),
        mark(
            "Where the last feature maps speak for the class. Coarse, because those maps are small."
        ),
        mark("[Selvaraju et al. 2017](https://arxiv.org/abs/1610.02391)"),
        grad_cam,
    ),
    "input_gradient": Method(
        mark("Input gradient"),
        mark("How the score would change if a pixel had a little more ink."),
        mark("[Simonyan et al. 2014](https://arxiv.org/abs/1312.6034)"),
        input_gradient,
    ),
    "integrated_gradients": Method(
        mark("Integrated gradients"),
        mark(
            "The score, shared out among the pixels: what each has added on the way from an empty "
            "image to this one."
        ),
        mark("[Sundararajan et al. 2017](https://arxiv.org/abs/1703.01365)"),
        lambda model, image, label: integrated_gradients(model, image, label).map,
    ),
    "occlusion": Method(
        mark("Occlusion"),
        mark("What the score loses when a square of 4×4 pixels is hidden there."),
        mark("[Zeiler and Fergus 2014](https://arxiv.org/abs/1311.2901)"),
        occlusion,
    ),
}


def methods_for(recipe: Recipe) -> list[str]:
    """Return the methods that fit a network; without convolutions there is no Grad-CAM."""
    convolved = any(
        isinstance(row.layer, Conv2D | DepthwiseConv2D | ResidualBlock)
        and (row.shape or (1,))[0] > 1
        for row in recipe.rows()
    )
    first = "grad_cam" if convolved else "input_gradient"
    return [first, "integrated_gradients", "occlusion"]


class Explained(NamedTuple):
    """One method's map of an image.

    `map` is float32 (28, 28) in units of the score; `curves` are deletion and insertion; `shares`
    is, for integrated gradients, what the shares add up to and what they should add up to.
    """

    map: np.ndarray
    curves: Curves
    shares: tuple[float, float] | None = None


class Check(NamedTuple):
    """A map beside those of networks with random weights, float32 (3, 28, 28).

    `correlation` is the mean rank correlation, or None where a map has no order.
    """

    random: np.ndarray
    correlation: float | None


def explain(weights: Weights, method: str, image: np.ndarray, label: int) -> Explained:
    """Return what a method of METHODS says of a uint8 (28, 28) image and class `label`."""
    model = load_logits(weights)
    shares = None
    if method == "integrated_gradients":
        found = integrated_gradients(model, image, label, FINE_STEPS)
        map_, shares = found.map, (float(found.map.sum(dtype=np.float64)), found.difference)
    else:
        map_ = METHODS[method].explain(model, image, label)
    return Explained(map_, faithfulness(model, image, label, map_), shares)


def check(weights: Weights, method: str, image: np.ndarray, label: int, map_: np.ndarray) -> Check:
    """Return how unlike a method's map is to those of networks that have learned nothing."""
    random = []
    for number, seed in enumerate(RANDOM_SEEDS):
        step(number / len(RANDOM_SEEDS), mark("Asking networks with random weights"))
        random.append(METHODS[method].explain(load_random(weights, seed), image, label))
    return Check(
        np.stack(random), _mean([rank_correlation(map_, other, image) for other in random])
    )


def _mean(correlations: Sequence[float | None]) -> float | None:
    found = [value for value in correlations if value is not None]
    return float(np.mean(found)) if found else None


def random_order(weights: Weights, image: np.ndarray, label: int) -> Curves:
    """Return the mean deletion and insertion curves of ten random orders (seeds 0 to 9)."""
    model = load_logits(weights)
    found = [
        faithfulness(model, image, label, np.random.default_rng(seed).random(image.shape))
        for seed in range(RANDOM_ORDERS)
    ]
    deletion, insertion = (np.mean([curves[i] for curves in found], axis=0) for i in (1, 2))
    return Curves(found[0].share, deletion, insertion)


def compare(weights: Weights, methods: Sequence[str], images: np.ndarray) -> np.ndarray:
    """Return the areas under deletion and insertion, float32 (n, methods + 1, 2).

    `images` is uint8 (n, 28, 28); each is explained for the network's own answer. The last column
    is a random order of the pixels, another for each image (seed: its position).
    """
    model = load_logits(weights)
    answers = scores(model, images).argmax(1)
    areas = np.empty((len(images), len(methods) + 1, 2), np.float32)
    for at, (image, label) in enumerate(zip(images, answers, strict=True)):
        step(at / len(images), mark("Image {at:,} of {count:,}"), at=at + 1, count=len(images))
        maps = [METHODS[name].explain(model, image, int(label)) for name in methods]
        maps.append(np.random.default_rng(at).random(image.shape))
        areas[at] = [faithfulness(model, image, int(label), map_).areas for map_ in maps]
    return areas


class Flip(NamedTuple):
    """A change that flips the answer, and its rank correlation with random networks' ways."""

    change: Change
    correlation: float | None


def flip(weights: Weights, image: np.ndarray, goal: int, smoothness: float) -> Flip:
    """Return the smallest change of a uint8 (28, 28) image towards class `goal`."""
    change = counterfactual(load_logits(weights), image, goal, smoothness)
    answer = int(change.answers[0].argmax())
    difference = change.images[-1].astype(np.float32) - image
    # A random network may take the image for the goal already, so only its way there counts.
    ways = [
        blurred(ahead(load_random(weights, seed), image, goal, answer)[1], smoothness)
        for seed in RANDOM_SEEDS
    ]
    return Flip(change, _mean([rank_correlation(difference, way, image) for way in ways]))
