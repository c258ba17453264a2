"""The layer vocabulary: shapes, parameters and multiply-adds in plain Python, and Keras steps."""

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

from fmnist_core.options import Options, RecipeError, choice, integer, real, switch

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

ACTIVATION_HELP = "The bend applied to each output; without one, stacked layers act as one."


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
    return "×".join(map(str, shape)) if len(shape) > 1 else f"{shape[0]:,}"


@dataclass(frozen=True)
class Layer(Options):
    """One entry of an architecture; shapes are without the batch dimension."""

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

    def _image(self, shape: Shape) -> tuple[int, int, int]:
        if len(shape) != 3:
            raise LayerError(
                f"{self.label()} works on an image (height×width×channels), but here it receives "
                f"a flat list of {describe(shape)} numbers. Move it before Flatten."
            )
        return shape[0], shape[1], shape[2]


def _window(layer: Layer, shape: Shape, size: int, strides: int, padding: str) -> tuple[int, int]:
    height, width, _ = layer._image(shape)
    if padding == "same":
        return math.ceil(height / strides), math.ceil(width / strides)
    if size > min(height, width):
        raise LayerError(
            f"{layer.label()}: its {size}×{size} window is larger than the {height}×{width} image "
            "that reaches it. Use a smaller window, 'same' padding, or less pooling before it."
        )
    return (height - size) // strides + 1, (width - size) // strides + 1


@dataclass(frozen=True)
class Dense(Layer):
    """Every output is a weighted sum of every input."""

    units: int = integer(128, 1, 16_384, "How many numbers the layer puts out.")
    activation: str = choice("relu", ACTIVATIONS, ACTIVATION_HELP)

    def output_shape(self, shape: Shape) -> Shape:
        if len(shape) != 1:
            raise LayerError(
                f"Dense works on a flat list of numbers, but here it receives {describe(shape)}. "
                "Add Flatten or a global pooling layer before it."
            )
        return (self.units,)

    def parameters(self, shape: Shape) -> int:
        return (shape[0] + 1) * self.units

    def multiply_adds(self, shape: Shape) -> int:
        return shape[0] * self.units

    def steps(self, shape: Shape, initializer: str) -> list[Step]:
        return [step("Dense", **self.to_dict(), kernel_initializer=initializer)]


PADDING = choice("valid", ("valid", "same"), "'same' keeps the size by adding a border of zeros.")
STRIDES_HELP = "How far the window moves each time; 2 halves the size."
BIAS_HELP = "Add a learned constant; not needed just before batch normalisation."


@dataclass(frozen=True)
class Conv2D(Layer):
    """Slides small learned patterns over the image."""

    filters: int = integer(32, 1, 1024, "How many patterns are learned; each makes one channel.")
    kernel_size: int = integer(3, 1, 11, "Height and width of each pattern in pixels.")
    strides: int = integer(1, 1, 4, STRIDES_HELP)
    padding: str = PADDING
    activation: str = choice("relu", ACTIVATIONS, ACTIVATION_HELP)
    use_bias: bool = switch(True, BIAS_HELP)

    def output_shape(self, shape: Shape) -> Shape:
        size = _window(self, shape, self.kernel_size, self.strides, self.padding)
        return (*size, self.filters)

    def parameters(self, shape: Shape) -> int:
        return (self.kernel_size**2 * shape[2] + self.use_bias) * self.filters

    def multiply_adds(self, shape: Shape) -> int:
        return math.prod(self.output_shape(shape)) * self.kernel_size**2 * shape[2]

    def steps(self, shape: Shape, initializer: str) -> list[Step]:
        return [step("Conv2D", **self.to_dict(), kernel_initializer=initializer)]


@dataclass(frozen=True)
class DepthwiseConv2D(Layer):
    """Slides one learned pattern over each channel on its own: few weights, little work."""

    kernel_size: int = integer(3, 1, 11, "Height and width of each pattern in pixels.")
    strides: int = integer(1, 1, 4, STRIDES_HELP)
    padding: str = PADDING
    activation: str = choice("relu", ACTIVATIONS, ACTIVATION_HELP)
    use_bias: bool = switch(True, BIAS_HELP)

    def output_shape(self, shape: Shape) -> Shape:
        return (*_window(self, shape, self.kernel_size, self.strides, self.padding), shape[2])

    def parameters(self, shape: Shape) -> int:
        return (self.kernel_size**2 + self.use_bias) * shape[2]

    def multiply_adds(self, shape: Shape) -> int:
        return math.prod(self.output_shape(shape)) * self.kernel_size**2

    def steps(self, shape: Shape, initializer: str) -> list[Step]:
        return [step("DepthwiseConv2D", **self.to_dict(), depthwise_initializer=initializer)]


@dataclass(frozen=True)
class SeparableConv2D(Conv2D):
    """A depthwise convolution followed by a 1×1 mix: most of Conv2D for a fraction of the work."""

    def parameters(self, shape: Shape) -> int:
        return self.kernel_size**2 * shape[2] + (shape[2] + self.use_bias) * self.filters

    def multiply_adds(self, shape: Shape) -> int:
        height, width, _ = self.output_shape(shape)
        return height * width * shape[2] * (self.kernel_size**2 + self.filters)

    def steps(self, shape: Shape, initializer: str) -> list[Step]:
        return [
            step(
                "SeparableConv2D",
                **self.to_dict(),
                depthwise_initializer=initializer,
                pointwise_initializer=initializer,
            )
        ]


@dataclass(frozen=True)
class MaxPooling2D(Layer):
    """Keeps the strongest value of each window and shrinks the image."""

    pool_size: int = integer(2, 2, 8, "Height and width of the window, and how far it moves.")

    def output_shape(self, shape: Shape) -> Shape:
        return (*_window(self, shape, self.pool_size, self.pool_size, "valid"), shape[2])


@dataclass(frozen=True)
class AveragePooling2D(MaxPooling2D):
    """Keeps the mean of each window and shrinks the image."""


@dataclass(frozen=True)
class GlobalAveragePooling2D(Layer):
    """Keeps one number a channel: its mean over the whole image."""

    def output_shape(self, shape: Shape) -> Shape:
        return (self._image(shape)[2],)


@dataclass(frozen=True)
class GlobalMaxPooling2D(GlobalAveragePooling2D):
    """Keeps one number a channel: its strongest response anywhere in the image."""


@dataclass(frozen=True)
class BatchNormalization(Layer):
    """Rescales each channel by the mean and spread of the batch; steadier, faster learning."""

    momentum: float = real(0.99, 0, 0.999, "How slowly the running mean and spread follow.")

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

    rate: float = real(0.2, 0, 0.9, "The share silenced in each step.")


@dataclass(frozen=True)
class Activation(Layer):
    """Applies a bend as a layer of its own."""

    activation: str = choice("relu", ACTIVATIONS, ACTIVATION_HELP)


@dataclass(frozen=True)
class Flatten(Layer):
    """Lays the image out as one long list of numbers."""

    def output_shape(self, shape: Shape) -> Shape:
        return (math.prod(shape),)


@dataclass(frozen=True)
class ResidualBlock(Layer):
    """Two 3×3 convolutions whose result is added to what came in (He et al. 2016, 1603.05027).

    Pre-activation form: normalise, bend, convolve, twice. Where the shape changes, a 1×1
    convolution of the first normalised input brings the shortcut to the new shape. The running
    statistics use momentum 0.9, so that they settle within one epoch.
    """

    filters: int = integer(32, 1, 512, "Channels that the block puts out.")
    strides: int = integer(1, 1, 2, "2 halves height and width.")
    activation: str = choice("relu", ACTIVATIONS[1:-1], ACTIVATION_HELP)
    dropout: float = real(0.0, 0, 0.9, "The share silenced between the two convolutions.")

    def output_shape(self, shape: Shape) -> Shape:
        return (*_window(self, shape, 3, self.strides, "same"), self.filters)

    def _projects(self, shape: Shape) -> bool:
        return self.strides != 1 or shape[2] != self.filters

    def parameters(self, shape: Shape) -> int:
        channels, filters = shape[2], self.filters
        kernels = 9 * channels * filters + 9 * filters * filters
        if self._projects(shape):
            kernels += channels * filters
        return kernels + 4 * channels + 4 * filters

    def multiply_adds(self, shape: Shape) -> int:
        pixels = math.prod(self.output_shape(shape)[:2])
        return pixels * (self.parameters(shape) - 4 * shape[2] - 4 * self.filters)

    def steps(self, shape: Shape, initializer: str) -> list[Step]:
        convolution: dict[str, Any] = {
            "padding": "same",
            "use_bias": False,
            "kernel_initializer": initializer,
        }
        main, wide = {"filters": self.filters, "kernel_size": 3, **convolution}, []
        steps = [
            step("BatchNormalization", target="branch", momentum=0.9),
            step("Activation", "branch", "branch", activation=self.activation),
        ]
        if self._projects(shape):
            wide = [
                step(
                    "Conv2D",
                    source="branch",
                    filters=self.filters,
                    kernel_size=1,
                    strides=self.strides,
                    **convolution,
                )
            ]
        steps += [
            *wide,
            step("Conv2D", "branch", "branch", strides=self.strides, **main),
            step("BatchNormalization", "branch", "branch", momentum=0.9),
            step("Activation", "branch", "branch", activation=self.activation),
        ]
        if self.dropout:
            steps.append(step("Dropout", "branch", "branch", rate=self.dropout))
        steps.append(step("Conv2D", "branch", "branch", **main))
        return [*steps, Step("x", "Add", {}, ("x", "branch"))]


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
        raise RecipeError("Each layer must be a JSON object with a 'kind'.")
    kind = data.get("kind")
    if not isinstance(kind, str) or kind not in LAYERS:
        raise RecipeError(
            f"The layer kind {str(kind)[:40]!r} is unknown; known kinds are {', '.join(LAYERS)}."
        )
    return LAYERS[kind].from_dict({key: value for key, value in data.items() if key != "kind"})


def layer_to_dict(layer: Layer) -> dict[str, Any]:
    """Return the layer as JSON data."""
    return {"kind": type(layer).__name__, **layer.to_dict()}
