"""Grad-CAM: which places of the last feature maps speak for a class (Selvaraju et al. 2017).

Each feature map is weighted by the mean gradient of the class's score; the weighted sum is cut at
zero. arXiv:1610.02391, section 3. A network without convolutions has no such maps.
"""

from typing import TYPE_CHECKING

import numpy as np

from fmnist_core.explanations.receptive_field import ReceptiveField, receptive_fields
from fmnist_core.explanations.score import centred
from fmnist_core.models.classifier import as_input
from fmnist_core.shapes import SIDE

if TYPE_CHECKING:
    import keras


def last_maps(model: "keras.Model") -> int | None:
    """Return the position of the last layer that gives feature maps, or None without any.

    Feature maps come from a convolution and are more than one unit wide; a normalisation or
    an activation after it still gives maps.
    """
    found, convolved = None, False
    for position, layer in enumerate(model.layers):
        convolved = convolved or hasattr(layer, "kernel_size")
        shape = layer.output.shape
        if convolved and len(shape) == 4 and shape[1] > 1:
            found = position
    return found


def grad_cam(model: "keras.Model", image: np.ndarray, label: int) -> np.ndarray:
    """Return the map of class `label`, float32 (28, 28), 0 and more, in units of the score.

    `image` is uint8 (28, 28). Each unit's value stands at the middle of its receptive field, and
    between them it is interpolated. Raises ValueError for a network without convolutions.
    """
    import keras
    import tensorflow as tf

    position = last_maps(model)
    if position is None:
        raise ValueError("Grad-CAM needs feature maps: the network has no convolution.")
    layer = model.layers[position]
    both = keras.Model(model.input, [layer.output, model.output])
    with tf.GradientTape() as tape:
        maps, logits = both(as_input(image), training=False)
        score = centred(logits)[0, label]
    weights = tf.reduce_mean(tape.gradient(score, maps), axis=(1, 2), keepdims=True)
    cam = np.maximum(tf.reduce_sum(weights * maps, axis=-1).numpy()[0], 0)
    field = receptive_fields(model)[position]
    assert field is not None
    return spread(cam, field)


def spread(values: np.ndarray, field: ReceptiveField) -> np.ndarray:
    """Return a feature map (h, w) at the size of the image, float32 (28, 28), by interpolation."""
    pixels = np.arange(SIDE)
    rows, columns = ([field.centre(i) for i in range(size)] for size in values.shape)
    tall = np.stack([np.interp(pixels, rows, column) for column in values.T], axis=1)
    return np.stack([np.interp(pixels, columns, row) for row in tall]).astype(np.float32)
