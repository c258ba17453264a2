"""Trained network -> the two files that a finished model consists of: .keras and .tflite."""

import contextlib
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from fmnist_core import files
from fmnist_core.models.build import build
from fmnist_core.recipes.recipe import INPUT_SHAPE, Recipe
from fmnist_core.runs.run import LITERT, MODEL

if TYPE_CHECKING:
    import keras
    import numpy as np


def save_model(model: "keras.Model", recipe: Recipe, folder: Path) -> "keras.Model":
    """Write `folder`/model.keras and model.tflite, and return the float32 network they hold.

    `model` is `recipe`'s network with the weights to keep. Whatever the precision of training,
    both files compute in float32: only so do they agree with each other on every processor. They
    have Keras's own layers, whatever stood in for one.
    """
    final = build(recipe.changed(precision="float32"))
    final.set_weights(model.get_weights())
    folder.mkdir(parents=True, exist_ok=True)
    # Keras looks at the ending, so the temporary file cannot be `replacing`'s.
    temporary = folder / ".saving.keras"
    final.save(temporary, include_optimizer=False)
    temporary.replace(folder / MODEL)
    with files.replacing(folder / LITERT) as stream:
        stream.write(to_tflite(final, from_logits=recipe.from_logits))
    return final


def to_tflite(
    model: "keras.Model", *, from_logits: bool = False, calibration: "np.ndarray | None" = None
) -> bytes:
    """Return `model` as a LiteRT file.

    With `calibration`, uint8 images (n, 28, 28) that say how large activations become, weights
    and activations have 8 bits; what goes in and comes out stays float32.

    Its signature `serving_default` takes `image`, float32 (n, 28, 28, 1) in 0 to 1 for any n, and
    gives `probabilities` (n, classes), to which softmax is applied when the network gives logits,
    and `features` (n, d), the input of the last dense layer.
    """
    import keras
    import tensorflow as tf

    last = next(x for x in reversed(model.layers) if isinstance(x, keras.layers.Dense))
    both = keras.Model(model.input, [model.output, last.input])

    def serve(image: tf.Tensor) -> dict[str, tf.Tensor]:
        output, features = both(image, training=False)
        probabilities = tf.nn.softmax(output) if from_logits else output
        # Two outputs that are the same tensor would be merged into one: name them apart.
        return {"probabilities": tf.identity(probabilities), "features": tf.identity(features)}

    spec = tf.TensorSpec((None, *INPUT_SHAPE), tf.float32, name="image")
    # The converter finds the weights only through a module that owns the bare variables.
    owner = tf.Module()
    owner.serve = tf.function(serve, input_signature=[spec])
    owner.weights = [variable.value for variable in both.variables]
    concrete = owner.serve.get_concrete_function()
    converter = tf.lite.TFLiteConverter.from_concrete_functions([concrete], owner)
    if calibration is not None:
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        inputs = calibration[..., None].astype("float32") / 255
        converter.representative_dataset = lambda: ([one[None]] for one in inputs)
    with _quiet():
        return converter.convert()


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    # The converter announces itself on every call, and warns of its own deprecation.
    import warnings

    logger = logging.getLogger("tensorflow")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)
