"""The learned patterns of a layer."""

import math
from typing import TYPE_CHECKING

import numpy as np

from fmnist_core.models.keras_models import Weights, load

if TYPE_CHECKING:
    import keras


_NONE = np.empty((0, 0, 0), np.float32)


def filter_of(weights: Weights, position: int, unit: int) -> np.ndarray:
    """Return the pattern that unit or map `unit` of a layer looks for; empty without kernels.

    float32 (height, width, input channels). For a dense layer it has the shape of the image or
    feature maps that were flattened before it, else (1, 1, inputs).
    """
    found = pattern(load(weights), position, unit)
    return _NONE if found is None else found


def every_filter(weights: Weights, position: int) -> np.ndarray:
    """Return all patterns of a layer that looks at one map, float32 (height, width, units).

    That is the first convolution, or a dense layer on the flattened image; else it is empty.
    """
    model = load(weights)
    first = pattern(model, position, 0)
    if first is None or first.shape[2] != 1 or first.shape[0] == 1:
        return _NONE
    units = model.layers[position].output.shape[-1]
    found = [pattern(model, position, unit) for unit in range(units)]
    return np.concatenate([one for one in found if one is not None], axis=2)


def pattern(model: "keras.Model", position: int, unit: int) -> np.ndarray | None:
    """Return what `filter_of` returns, for any network of ours; None without kernels."""
    layer = model.layers[position]
    kind = type(layer).__name__
    if kind == "Conv2D":
        return np.asarray(layer.kernel)[..., unit]
    if kind == "DepthwiseConv2D":
        return np.asarray(layer.kernel)[:, :, unit, :]
    if kind == "SeparableConv2D":
        depthwise = np.asarray(layer.depthwise_kernel)[..., 0]
        return depthwise * np.asarray(layer.pointwise_kernel)[0, 0, :, unit]
    if kind == "Dense":
        own = np.asarray(layer.kernel[:, unit])
        return own.reshape(_shape_before(model, position, len(own)))
    return None


def _shape_before(model: "keras.Model", position: int, inputs: int) -> tuple[int, int, int]:
    """Return the shape of what was flattened before a dense layer, past dropout and the like."""
    for layer in reversed(model.layers[:position]):
        shape = layer.output.shape[1:]
        if len(shape) == 3:
            return shape if math.prod(shape) == inputs else (1, 1, inputs)
        if type(layer).__name__ not in ("Flatten", "Dropout", "Activation", "BatchNormalization"):
            break
    return 1, 1, inputs
