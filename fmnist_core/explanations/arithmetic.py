"""The sum that one unit does, step by step, in plain NumPy; it must agree with Keras.

Each kind of layer has its function here: inputs of one image -> what the unit at a place does.
"""

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from fmnist_core.explanations.feature_maps import activation_of
from fmnist_core.explanations.receptive_field import padding_before, window_of
from fmnist_core.models.calibration import softmax
from fmnist_core.models.classifier import as_input
from fmnist_core.models.keras_models import Weights, load
from fmnist_core.translation import mark, say

if TYPE_CHECKING:
    import keras

Place = tuple[int, ...]  # row, column, channel; or unit


class Term(NamedTuple):
    """One part of a sum: `inputs` (h, w) times `weights` (h, w), or taken as they are.

    `channel` is the input channel it comes from, and `total` what it adds.
    """

    channel: int
    inputs: np.ndarray
    weights: np.ndarray | None
    total: float


class Line(NamedTuple):
    """One step in words, and the number reached with it.

    `text` is a message, in which `values` stand: a worker made it, who knows no reader.
    """

    text: str
    value: float
    values: dict[str, float | str] | None = None

    def said(self) -> str:
        """Return the words in the reader's language."""
        return say(self.text, **(self.values or {}))


class Steps(NamedTuple):
    """How a unit gets its value: the parts, the lines that follow, and the outcome.

    `value` is computed here, `keras` is what the network itself gives there. `rivals` are the ten
    outputs before a softmax.
    """

    place: Place
    terms: list[Term]
    lines: list[Line]
    value: float
    keras: float
    rivals: list[float] | None = None


class _Found(NamedTuple):
    terms: list[Term]
    lines: list[Line]
    rivals: list[float] | None = None


def arithmetic(weights: Weights, image: np.ndarray, position: int, place: Place) -> Steps:
    """Return how the unit at `place` of the layer at `position` gets its value for an image.

    `image` is uint8 (28, 28). Raises ValueError for a layer or a place that does not exist.
    """
    return steps(load(weights), image, position, place)


def steps(model: "keras.Model", image: np.ndarray, position: int, place: Place) -> Steps:
    """Return what `arithmetic` returns, for any network of ours."""
    import keras

    if not 0 < position < len(model.layers):
        raise ValueError(f"Layer {position} of {len(model.layers) - 1} does not exist.")
    layer = model.layers[position]
    sources = layer.input if isinstance(layer.input, list) else [layer.input]
    part = keras.Model(model.input, [*sources, layer.output])
    *inputs, output = [np.asarray(value)[0] for value in part(as_input(image), training=False)]
    inside = len(place) == output.ndim and all(
        0 <= at < size for at, size in zip(place, output.shape, strict=True)
    )
    if not inside:
        raise ValueError(f"The layer gives {output.shape}; {place} is not in it.")
    given = [value.astype(np.float64) for value in inputs]
    found = _KINDS[type(layer).__name__](layer, given, place)
    value = found.lines[-1].value
    return Steps(place, found.terms, found.lines, value, float(output[place]), found.rivals)


def _window(layer: Any, image: np.ndarray, place: Place) -> np.ndarray:  # noqa: ANN401 - a Keras layer
    """Return the part of (h, w, c) that a sliding window sees, (k, k, c), zeros outside."""
    window = window_of(layer)
    assert window is not None
    size, strides, _ = window
    before = padding_before(image.shape[0], *window)
    padded = np.pad(image, ((before, size), (before, size), (0, 0)))
    top, left = place[0] * strides, place[1] * strides
    return padded[top : top + size, left : left + size]


def _products(patch: np.ndarray, kernel: np.ndarray) -> list[Term]:
    totals = (patch * kernel).sum(axis=(0, 1))
    return [
        Term(channel, patch[..., channel], kernel[..., channel], float(total))
        for channel, total in enumerate(totals)
    ]


def _weighted(layer: Any, terms: list[Term], before: np.ndarray, unit: int, count: int) -> _Found:  # noqa: ANN401
    """Return the lines after a weighted sum; `before` are the sums of all rivals, without bias."""
    bias = layer.bias.numpy().astype(np.float64) if layer.use_bias else None
    lines = [Line(mark("The sum of {count:,} products"), float(before[unit]), {"count": count})]
    if bias is not None:
        before = before + bias
        added = mark("Add the bias {bias:+.4f}")
        lines.append(Line(added, float(before[unit]), {"bias": float(bias[unit])}))
    return _Found(terms, *_activated(activation_of(layer), lines, before, unit))


def _activated(
    name: str, lines: list[Line], before: np.ndarray, unit: int
) -> tuple[list[Line], list[float] | None]:
    if name == "linear":
        return lines, None
    value = float(activate(name, before)[unit])
    if name != "softmax":
        applied = _NAMES.get(name, mark("Apply {name}"))
        return [*lines, Line(applied, value, {"name": name})], None
    raised = np.exp(before - before.max())
    lines = [
        *lines,
        Line(mark("Raise e to it, after taking away the largest"), float(raised[unit])),
        Line(
            mark("Divide by the sum of all {count}, {total:.6g}"),
            value,
            {"count": len(raised), "total": float(raised.sum())},
        ),
    ]
    return lines, before.tolist()


_NAMES = {
    "relu": mark("Apply ReLU: below zero becomes zero"),
    "leaky_relu": mark("Apply leaky ReLU: below zero becomes a fifth"),
}


def _convolution(layer: Any, inputs: Sequence[np.ndarray], place: Place) -> _Found:  # noqa: ANN401
    patch = _window(layer, inputs[0], place)
    kernel = layer.kernel.numpy().astype(np.float64)
    before = np.tensordot(patch, kernel, 3)
    terms = _products(patch, kernel[..., place[2]])
    return _weighted(layer, terms, before, place[2], patch.size)


def _depthwise(layer: Any, inputs: Sequence[np.ndarray], place: Place) -> _Found:  # noqa: ANN401
    patch = _window(layer, inputs[0], place)
    kernel = layer.kernel.numpy().astype(np.float64)[..., 0]
    before = (patch * kernel).sum(axis=(0, 1))
    term = _products(patch, kernel)[place[2]]
    return _weighted(layer, [term], before, place[2], patch[..., 0].size)


def _separable(layer: Any, inputs: Sequence[np.ndarray], place: Place) -> _Found:  # noqa: ANN401
    patch = _window(layer, inputs[0], place)
    depthwise = layer.depthwise_kernel.numpy().astype(np.float64)[..., 0]
    pointwise = layer.pointwise_kernel.numpy().astype(np.float64)[0, 0]
    mixed = (patch * depthwise).sum(axis=(0, 1))
    # Each channel's small convolution is weighted by the 1×1 mix: the same as one kernel.
    terms = _products(patch, depthwise * pointwise[:, place[2]])
    return _weighted(layer, terms, mixed @ pointwise, place[2], patch.size)


def _dense(layer: Any, inputs: Sequence[np.ndarray], place: Place) -> _Found:  # noqa: ANN401
    kernel = layer.kernel.numpy()
    (unit,) = place
    own = kernel[:, unit].astype(np.float64)
    rivals = inputs[0] @ kernel if activation_of(layer) == "softmax" else None
    before = np.full(layer.units, np.nan) if rivals is None else rivals.astype(np.float64)
    before[unit] = inputs[0] @ own
    term = Term(0, inputs[0][None], own[None], float(before[unit]))
    return _weighted(layer, [term], before, unit, len(own))


def _pool(layer: Any, inputs: Sequence[np.ndarray], place: Place) -> _Found:  # noqa: ANN401
    kind, channel = type(layer).__name__, place[-1]
    seen = inputs[0] if "Global" in kind else _window(layer, inputs[0], place)
    patch = seen[..., channel]
    if "Max" in kind:
        text, value = mark("The largest of {count} values"), float(patch.max())
    else:
        text, value = mark("The mean of {count} values"), float(patch.mean())
    term = Term(channel, patch, None, value)
    return _Found([term], [Line(text, value, {"count": patch.size})])


def _normalization(layer: Any, inputs: Sequence[np.ndarray], place: Place) -> _Found:  # noqa: ANN401
    value, channel = float(inputs[0][place]), place[-1]
    if hasattr(layer, "moving_mean"):
        mean, variance = layer.moving_mean.numpy()[channel], layer.moving_variance.numpy()[channel]
        take = mark("Take away the running mean {mean:.4f}")
        divide = mark("Divide by the running spread {spread:.4f}")
    else:
        row = inputs[0][place[:-1]]
        mean, variance = row.mean(), row.var()
        take = mark("Take away the mean {mean:.4f}")
        divide = mark("Divide by the spread {spread:.4f}")
    mean, spread = float(mean), math.sqrt(float(variance) + layer.epsilon)
    gamma, beta = float(layer.gamma.numpy()[channel]), float(layer.beta.numpy()[channel])
    divided = (value - mean) / spread
    scale = mark("Multiply by the learned scale {gamma:.4f}")
    shift = mark("Add the learned shift {beta:+.4f}")
    lines = [
        Line(mark("What comes in"), value),
        Line(take, value - mean, {"mean": mean}),
        Line(divide, divided, {"spread": spread}),
        Line(scale, divided * gamma, {"gamma": gamma}),
        Line(shift, divided * gamma + beta, {"beta": beta}),
    ]
    return _Found([], lines)


def _activation(layer: Any, inputs: Sequence[np.ndarray], place: Place) -> _Found:  # noqa: ANN401
    before = inputs[0][place[:-1]]
    lines = [Line(mark("What comes in"), float(before[place[-1]]))]
    return _Found([], *_activated(activation_of(layer), lines, before, place[-1]))


def _add(_layer: Any, inputs: Sequence[np.ndarray], place: Place) -> _Found:  # noqa: ANN401
    lines = [Line(mark("What comes by the shortcut"), float(inputs[0][place]))]
    for branch in inputs[1:]:
        value = float(branch[place])
        text = mark("Add what the branch gives, {value:+.4f}")
        lines.append(Line(text, lines[-1].value + value, {"value": value}))
    return _Found([], lines)


def _flatten(_layer: Any, inputs: Sequence[np.ndarray], place: Place) -> _Found:  # noqa: ANN401
    row, column, channel = np.unravel_index(place[0], inputs[0].shape)
    text = mark("Taken from row {row}, column {column} of map {map}, as it is")
    values: dict[str, float | str] = {"row": int(row), "column": int(column), "map": int(channel)}
    return _Found([], [Line(text, float(inputs[0].ravel()[place[0]]), values)])


def _dropout(_layer: Any, inputs: Sequence[np.ndarray], place: Place) -> _Found:  # noqa: ANN401
    text = mark("Passed on as it is: dropout works only while training")
    return _Found([], [Line(text, float(inputs[0][place]))])


_KINDS: dict[str, Callable[[Any, Sequence[np.ndarray], Place], _Found]] = {
    "Conv2D": _convolution,
    "DepthwiseConv2D": _depthwise,
    "SeparableConv2D": _separable,
    "Dense": _dense,
    "MaxPooling2D": _pool,
    "AveragePooling2D": _pool,
    "GlobalAveragePooling2D": _pool,
    "GlobalMaxPooling2D": _pool,
    "BatchNormalization": _normalization,
    "LayerNormalization": _normalization,
    "Activation": _activation,
    "Add": _add,
    "Flatten": _flatten,
    "Dropout": _dropout,
}


def activate(name: str, values: np.ndarray) -> np.ndarray:
    """Return what Keras's activation of that name makes of float64 values; softmax over the last.

    Raises KeyError for a name that is not in `layers.ACTIVATIONS`.
    """
    return _ACTIVATIONS[name](values)


# The constants of SELU: Klambauer et al. 2017, arXiv:1706.02515.
_SCALE, _ALPHA = 1.0507009873554805, 1.6732632423543772
_ACTIVATIONS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "linear": lambda x: x,
    "relu": lambda x: np.maximum(x, 0),
    "leaky_relu": lambda x: np.where(x > 0, x, 0.2 * x),
    "elu": lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, 0))),
    "selu": lambda x: _SCALE * np.where(x > 0, x, _ALPHA * np.expm1(np.minimum(x, 0))),
    "silu": lambda x: x / (1 + np.exp(-x)),
    "tanh": np.tanh,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "softmax": softmax,
}
