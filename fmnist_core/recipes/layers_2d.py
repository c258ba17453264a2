"""Layers that look at images through windows: convolutions, pooling, and the residual block."""

import math
from dataclasses import dataclass
from typing import Any

from fmnist_core.recipes.layer import ACTIVATION_HELP, ACTIVATIONS, Layer, Shape, Step, step, window
from fmnist_core.recipes.options import choice, integer, real, switch
from fmnist_core.translation import mark

PADDING = choice(
    "valid", ("valid", "same"), mark("'same' keeps the size by adding a border of zeros.")
)
STRIDES_HELP = mark("How far the window moves each time; 2 halves the size.")
BIAS_HELP = mark("Add a learned constant; not needed just before batch normalisation.")


@dataclass(frozen=True)
class Conv2D(Layer):
    """Slides small learned patterns over the image."""

    filters: int = integer(
        32, 1, 1024, mark("How many patterns are learned; each makes one channel.")
    )
    kernel_size: int = integer(3, 1, 11, mark("Height and width of each pattern in pixels."))
    strides: int = integer(1, 1, 4, STRIDES_HELP)
    padding: str = PADDING
    activation: str = choice("relu", ACTIVATIONS, ACTIVATION_HELP)
    use_bias: bool = switch(True, BIAS_HELP)

    def output_shape(self, shape: Shape) -> Shape:
        size = window(self, shape, self.kernel_size, self.strides, self.padding)
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

    kernel_size: int = integer(3, 1, 11, mark("Height and width of each pattern in pixels."))
    strides: int = integer(1, 1, 4, STRIDES_HELP)
    padding: str = PADDING
    activation: str = choice("relu", ACTIVATIONS, ACTIVATION_HELP)
    use_bias: bool = switch(True, BIAS_HELP)

    def output_shape(self, shape: Shape) -> Shape:
        return (*window(self, shape, self.kernel_size, self.strides, self.padding), shape[2])

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

    pool_size: int = integer(2, 2, 8, mark("Height and width of the window, and how far it moves."))

    def output_shape(self, shape: Shape) -> Shape:
        return (*window(self, shape, self.pool_size, self.pool_size, "valid"), shape[2])


@dataclass(frozen=True)
class AveragePooling2D(MaxPooling2D):
    """Keeps the mean of each window and shrinks the image."""


@dataclass(frozen=True)
class GlobalAveragePooling2D(Layer):
    """Keeps one number a channel: its mean over the whole image."""

    def output_shape(self, shape: Shape) -> Shape:
        return (self.image(shape)[2],)


@dataclass(frozen=True)
class GlobalMaxPooling2D(GlobalAveragePooling2D):
    """Keeps one number a channel: its strongest response anywhere in the image."""


@dataclass(frozen=True)
class ResidualBlock(Layer):
    """Two 3×3 convolutions whose result is added to what came in (He et al. 2016, 1603.05027).

    Pre-activation form: normalise, activate, convolve, twice. Where the shape changes, a 1×1
    convolution of the first normalised input brings the shortcut to the new shape. The running
    statistics use momentum 0.9, so that they settle within one epoch.
    """

    filters: int = integer(32, 1, 512, mark("Channels that the block puts out."))
    strides: int = integer(1, 1, 2, mark("2 halves height and width."))
    activation: str = choice("relu", ACTIVATIONS[1:-1], ACTIVATION_HELP)
    dropout: float = real(0.0, 0, 0.9, mark("The share silenced between the two convolutions."))

    def output_shape(self, shape: Shape) -> Shape:
        return (*window(self, shape, 3, self.strides, "same"), self.filters)

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
