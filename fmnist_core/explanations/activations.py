"""The activations between the layers, in plain NumPy."""

from collections.abc import Callable

import numpy as np

from fmnist_core.models.calibration import softmax


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
