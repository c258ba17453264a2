"""What is explained: the score of a class, and its gradient with respect to the image."""

from typing import TYPE_CHECKING, Any

import numpy as np

from fmnist_core.models.classifier import as_input

if TYPE_CHECKING:
    import keras

AT_ONCE = 100  # images; large activations cost memory


def centred(logits: Any) -> Any:  # noqa: ANN401 - a tensor
    """Return logits minus their mean over the classes.

    Softmax gives the same probabilities for logits that are all moved by the same amount, and that
    amount may follow the image; without the mean, only what tells the classes apart is left.
    """
    import keras

    return logits - keras.ops.mean(logits, axis=-1, keepdims=True)


def scores(model: "keras.Model", images: np.ndarray) -> np.ndarray:
    """Return the scores, float32 (n, 10), of images as `as_input` takes them.

    `model` gives logits (`keras_models.load_logits`); a score is a logit minus their mean.
    """
    batch = as_input(images)
    parts = [
        np.asarray(centred(model(batch[at : at + AT_ONCE], training=False)))
        for at in range(0, len(batch), AT_ONCE)
    ]
    return np.concatenate(parts) if parts else np.empty((0, 10), np.float32)


def gradients(model: "keras.Model", images: np.ndarray, label: int) -> np.ndarray:
    """Return how the score of class `label` changes with each pixel, float32 (n, 28, 28).

    Per unit of ink, which is 255 grey levels.
    """
    import tensorflow as tf

    parts = []
    batch = as_input(images)
    for at in range(0, len(batch), AT_ONCE):
        part = tf.constant(batch[at : at + AT_ONCE])
        with tf.GradientTape() as tape:
            tape.watch(part)
            score = tf.reduce_sum(centred(model(part, training=False))[:, label])
        parts.append(tape.gradient(score, part).numpy()[..., 0])
    return np.concatenate(parts)
