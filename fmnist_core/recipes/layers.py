"""The layer vocabulary: all kinds of layers by name, and those that need no window."""

import math
from dataclasses import dataclass
from typing import Any

from fmnist_core.recipes.layer import (
    ACTIVATION_HELP,
    ACTIVATIONS,
    Layer,
    LayerError,
    Shape,
    Step,
    describe,
    step,
)
from fmnist_core.recipes.layers_2d import (
    AveragePooling2D,
    Conv2D,
    DepthwiseConv2D,
    GlobalAveragePooling2D,
    GlobalMaxPooling2D,
    MaxPooling2D,
    ResidualBlock,
    SeparableConv2D,
)
from fmnist_core.recipes.options import RecipeError, choice, integer, real
from fmnist_core.translation import mark, say

__all__ = [
    "LAYERS",
    "Activation",
    "AveragePooling2D",
    "BatchNormalization",
    "Conv2D",
    "Dense",
    "DepthwiseConv2D",
    "Dropout",
    "Flatten",
    "GlobalAveragePooling2D",
    "GlobalMaxPooling2D",
    "LayerNormalization",
    "MaxPooling2D",
    "ResidualBlock",
    "SeparableConv2D",
    "layer_from_dict",
    "layer_to_dict",
]


@dataclass(frozen=True)
class Dense(Layer):
    """Every output is a weighted sum of every input."""

    units: int = integer(128, 1, 16_384, mark("How many numbers the layer puts out."))
    activation: str = choice("relu", ACTIVATIONS, ACTIVATION_HELP)

    def output_shape(self, shape: Shape) -> Shape:
        if len(shape) != 1:
            raise LayerError(
                say(
                    "Dense works on a flat list of numbers, but here it receives {shape}. Add "
                    "Flatten or a global pooling layer before it.",
                    shape=describe(shape),
                )
            )
        return (self.units,)

    def parameters(self, shape: Shape) -> int:
        return (shape[0] + 1) * self.units

    def multiply_adds(self, shape: Shape) -> int:
        return shape[0] * self.units

    def steps(self, shape: Shape, initializer: str) -> list[Step]:
        return [step("Dense", **self.to_dict(), kernel_initializer=initializer)]


@dataclass(frozen=True)
class BatchNormalization(Layer):
    """Rescales each channel by the mean and spread of the batch; steadier, faster learning."""

    momentum: float = real(0.99, 0, 0.999, mark("How slowly the running mean and spread follow."))

    def parameters(self, shape: Shape) -> int:
        return 4 * shape[-1]


@dataclass(frozen=True)
class LayerNormalization(Layer):
    """Rescales the channels of each image by their own mean and spread."""

    def parameters(self, shape: Shape) -> int:
        return 2 * shape[-1]


@dataclass(frozen=True)
class Dropout(Layer):
    """Silences a random share of the inputs while training, so that none is relied on alone."""

    rate: float = real(0.2, 0, 0.9, mark("The share silenced in each step."))


@dataclass(frozen=True)
class Activation(Layer):
    """Applies an activation as a layer of its own."""

    activation: str = choice("relu", ACTIVATIONS, ACTIVATION_HELP)


@dataclass(frozen=True)
class Flatten(Layer):
    """Lays the image out as one long list of numbers."""

    def output_shape(self, shape: Shape) -> Shape:
        return (math.prod(shape),)


LAYERS: dict[str, type[Layer]] = {
    kind.__name__: kind
    for kind in (
        Dense,
        Conv2D,
        DepthwiseConv2D,
        SeparableConv2D,
        ResidualBlock,
        MaxPooling2D,
        AveragePooling2D,
        GlobalAveragePooling2D,
        GlobalMaxPooling2D,
        BatchNormalization,
        LayerNormalization,
        Dropout,
        Activation,
        Flatten,
    )
}


def layer_from_dict(data: object) -> Layer:
    """Return the layer that JSON data such as {"kind": "Dense", "units": 10} describes.

    Raises RecipeError for an unknown kind, unknown keys and values out of range.
    """
    if not isinstance(data, dict):
        raise RecipeError(say("Each layer must be a JSON object with a 'kind'."))
    kind = data.get("kind")
    if not isinstance(kind, str) or kind not in LAYERS:
        raise RecipeError(
            say(
                "The layer kind {kind!r} is unknown; known kinds are {known}.",
                kind=str(kind)[:40],
                known=", ".join(LAYERS),
            )
        )
    return LAYERS[kind].from_dict({key: value for key, value in data.items() if key != "kind"})


def layer_to_dict(layer: Layer) -> dict[str, Any]:
    """Return the layer as JSON data."""
    return {"kind": type(layer).__name__, **layer.to_dict()}
