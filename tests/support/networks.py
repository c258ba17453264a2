"""Networks whose weights are chosen by hand, so that every right answer is known."""

import keras
import numpy as np


def linear(kernel: np.ndarray, bias: np.ndarray | None = None) -> keras.Model:
    """Return logits = image · kernel + bias; `kernel` is (28, 28, 10)."""
    inputs = keras.Input((28, 28, 1))
    output = keras.layers.Dense(10)(keras.layers.Flatten()(inputs))
    model = keras.Model(inputs, output)
    model.set_weights([kernel.reshape(784, 10), np.zeros(10) if bias is None else bias])
    return model


def one_pixel(row: int, column: int, label: int, weight: float = 1.0) -> keras.Model:
    """Return a network whose logit of `label` is `weight` × one pixel, all others being zero."""
    kernel = np.zeros((28, 28, 10), np.float32)
    kernel[row, column, label] = weight
    return linear(kernel)


def linear_convolution(weights: np.ndarray, heads: np.ndarray) -> keras.Model:
    """Return two maps, `weights` (2,) × the image, whose means are mixed by `heads` (2, 10)."""
    inputs = keras.Input((28, 28, 1))
    maps = keras.layers.Conv2D(2, 1, use_bias=False, name="maps")(inputs)
    output = keras.layers.Dense(10, use_bias=False)(keras.layers.GlobalAveragePooling2D()(maps))
    model = keras.Model(inputs, output)
    model.set_weights([weights.reshape(1, 1, 1, 2), heads])
    return model


def centred(kernel: np.ndarray) -> np.ndarray:
    """Return the kernel of the scores: each class's weights minus the mean of all."""
    return kernel - kernel.mean(-1, keepdims=True)
