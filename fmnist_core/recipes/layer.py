"""What every layer has: shapes, parameters and multiply-adds in plain Python, and Keras steps."""

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

from fmnist_core.recipes.options import Options, RecipeError
from fmnist_core.translation import digits, mark, say

Shape = tuple[int, ...]

ACTIVATIONS = (
    "linear",
    "relu",
    "leaky_relu",
    "elu",
    "selu",
    "silu",
    "tanh",
    "sigmoid",
    "softmax",
)

ACTIVATION_HELP = mark(
    "The function applied to each output; without one, stacked layers act as one."
)


class LayerError(RecipeError):
    """A layer cannot follow what comes before it; the message explains it in words."""


class Step(NamedTuple):
    """One call of a Keras layer: `target = layers.layer(**arguments)(*inputs)`."""

    target: str
    layer: str
    arguments: dict[str, Any]
    inputs: tuple[str, ...]


def step(layer: str, target: str = "x", source: str = "x", **arguments: object) -> Step:
    """Return the step that sends `source` through a Keras layer into `target`."""
    return Step(target, layer, arguments, (source,))


def describe(shape: Shape) -> str:
    """Return a shape as people write it, such as 26×26×32 or 5,408."""
    return "×".join(map(str, shape)) if len(shape) > 1 else digits(shape[0], ",")


@dataclass(frozen=True)
class Layer(Options):
    """One entry of an architecture; shapes are without the batch dimension."""

    @classmethod
    def meaning(cls) -> str:
        """Return what the layer does, in a sentence to be said in the reader's language."""
        # The first paragraph: the rest speaks to readers of the code.
        return " ".join((cls.__doc__ or "").split("\n\n")[0].split())

    def output_shape(self, shape: Shape) -> Shape:
        """Return the shape after this layer; raise LayerError when it does not fit."""
        return shape

    def parameters(self, shape: Shape) -> int:
        """Return the number of weights, trainable or not, for an input of `shape`."""
        return 0

    def multiply_adds(self, shape: Shape) -> int:
        """Return the multiplications of dense and convolution kernels for one image."""
        return 0

    def steps(self, shape: Shape, initializer: str) -> list[Step]:
        """Return the Keras calls that make this layer."""
        return [step(type(self).__name__, **self.to_dict())]

    def image(self, shape: Shape) -> tuple[int, int, int]:
        """Return height, width and channels; raise LayerError when `shape` is no image."""
        if len(shape) != 3:
            raise LayerError(
                say(
                    "{layer} works on an image (height×width×channels), but here it receives a "
                    "flat list of {count} numbers. Move it before Flatten.",
                    layer=self.label(),
                    count=describe(shape),
                )
            )
        return shape[0], shape[1], shape[2]


def window(layer: Layer, shape: Shape, size: int, strides: int, padding: str) -> tuple[int, int]:
    """Return height and width after a window has moved over an image; LayerError if too large."""
    height, width, _ = layer.image(shape)
    if padding == "same":
        return math.ceil(height / strides), math.ceil(width / strides)
    if size > min(height, width):
        raise LayerError(
            say(
                "{layer}: its {size}×{size} window is larger than the {height}×{width} image that "
                "reaches it. Use a smaller window, 'same' padding, or less pooling before it.",
                layer=layer.label(),
                size=size,
                height=height,
                width=width,
            )
        )
    return (height - size) // strides + 1, (width - size) // strides + 1
