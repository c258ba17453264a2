"""Attacks on a model's Keras network, run on the engine's worker; the gradients need TensorFlow."""

from dataclasses import dataclass

import numpy as np

from fmnist_core.evaluation import adversarial
from fmnist_core.evaluation.adversarial import Gradient, Method
from fmnist_core.models.keras_models import Weights, load, logits
from fmnist_core.tasks import step
from fmnist_core.translation import mark

# What a visitor may choose from, in grey levels of 255.
EPSILONS = (0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 32, 48, 64)
AT_ONCE = 100


@dataclass(frozen=True)
class Attack:
    """One item attacked at every strength in `EPSILONS`: `images` is uint8 (16, 28, 28) each."""

    fgsm: np.ndarray
    pgd: np.ndarray

    def images(self, method: Method) -> np.ndarray:
        """Return the images of one method."""
        return self.fgsm if method == "fgsm" else self.pgd


def loss_gradient(weights: Weights) -> Gradient:
    """Return the gradient of the cross-entropy for a model's inputs; raises ModelError.

    The loss is taken from the logits: where a network is sure, the gradient of its probabilities
    vanishes in float32, and an attack along it would seem to fail.
    """
    import tensorflow as tf

    model = logits(load(weights))

    @tf.function(reduce_retracing=True)
    def of_loss(images: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            tape.watch(images)
            output = model(images, training=False)
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, output)
        return tape.gradient(losses, images)

    def gradient(images: np.ndarray, labels: np.ndarray) -> np.ndarray:
        found = of_loss(
            tf.constant(images[..., None], tf.float32), tf.constant(labels.astype(np.int32))
        )
        return found.numpy()[..., 0]

    return gradient


def attack_item(
    weights: Weights, image: np.ndarray, label: int, targeted: bool, seed: int
) -> Attack:
    """Return a uint8 (28, 28) image attacked by FGSM and PGD at every strength.

    Away from class `label`, or with `targeted` towards it.
    """
    gradient = loss_gradient(weights)
    images = np.repeat(image[None], len(EPSILONS), axis=0)
    labels = np.full(len(EPSILONS), label)
    epsilon = np.array(EPSILONS)
    return Attack(
        adversarial.fgsm(gradient, images, labels, epsilon, targeted=targeted),
        adversarial.pgd(gradient, images, labels, epsilon, seed=seed, targeted=targeted),
    )


def attacked(
    weights: Weights, images: np.ndarray, labels: np.ndarray, method: Method, seed: int
) -> np.ndarray:
    """Return uint8 (6, n, 28, 28): unchanged, then attacked at the five severities."""
    gradient = loss_gradient(weights)
    found = np.repeat(images[None], 1 + len(adversarial.SEVERITIES), axis=0)
    starts = range(0, len(images), AT_ONCE)
    rounds = len(adversarial.SEVERITIES) * len(starts)
    for number, epsilon in enumerate(adversarial.SEVERITIES):
        for position, start in enumerate(starts):
            words = mark("Attacking with {epsilon} grey level")
            step((number * len(starts) + position) / rounds, words, epsilon=epsilon)
            part = slice(start, start + AT_ONCE)
            if method == "fgsm":
                moved = adversarial.fgsm(gradient, images[part], labels[part], epsilon)
            else:
                moved = adversarial.pgd(gradient, images[part], labels[part], epsilon, seed=seed)
            found[number + 1, part] = moved
    return found
