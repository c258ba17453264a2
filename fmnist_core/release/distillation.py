"""Lets a trained network learn on from what another one thinks of the same pictures.

Knowledge distillation (arXiv:1503.02531), the last part of `zoo train compact` and `best`. Both see
the same varied image (a consistent teacher, arXiv:2106.05237), and the teacher sees its mirror,
too. Best is its own teacher (arXiv:1805.04770): it learns to answer at once what it makes of both
sides, and to answer the same when an image is badly lit or grainy, which its teacher never sees.
"""

from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from fmnist_core.data.fashion_mnist import Images
from fmnist_core.models import catalogue
from fmnist_core.models.build import build
from fmnist_core.models.convert import save_model
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.runs.run import MODEL, Run
from fmnist_core.shapes import CLASSES
from fmnist_core.training import checkpoint
from fmnist_core.training.batches import Feed
from fmnist_core.training.checkpoint import Position
from fmnist_core.training.network import Network

TEACHER = "best"
EPOCHS, RATE, AVERAGING = 60, 0.1, 0.998
OWN_EPOCHS, OWN_RATE = 30, 0.05  # of a network that is its own teacher
BELIEVED = 0.7  # share of the target that is the teacher's answer; the rest is the label
CHUNK = 8  # batches in one call
_STATE = "distillation.npz"


class Student(Network):
    """A network whose targets are partly another network's answers.

    With `spoils` it sees half of the images in bad light, and half of them grainy.
    """

    def __init__(
        self, recipe: Recipe, total_steps: int, teacher: keras.Model, *, spoils: bool = False
    ) -> None:
        self._teacher, self._spoils = teacher, spoils
        self._cross_entropy = keras.losses.CategoricalCrossentropy(reduction="none")
        super().__init__(recipe, total_steps)

    def _step(self, images: Any, labels: Any) -> tuple[Any, Any]:  # noqa: ANN401
        both = self._teacher(tf.concat([images, images[:, :, ::-1]], 0), training=False)
        beliefs = tf.reduce_mean(tf.reshape(tf.cast(both, tf.float32), (2, -1, CLASSES)), 0)
        targets = BELIEVED * beliefs + (1 - BELIEVED) * tf.one_hot(labels, CLASSES)
        if self._spoils:
            step = tf.cast(self.optimizer.iterations, tf.int32)
            images = spoilt(images, tf.stack([self.recipe.seed, step]))
        return super()._step(images, targets)

    def _losses_of(self, images: Any, labels: Any, output: Any) -> Any:  # noqa: ANN401
        return self._cross_entropy(labels, output)


def spoilt(images: Any, seed: Any) -> Any:  # noqa: ANN401 - tensors
    """Return float images (n, 28, 28, 1) of 0 to 1 as in bad light or as grainy photos.

    Half of them, by chance, have their contrast divided by up to 10 and get brighter
    by up to 0.4; half of them get noise with a standard deviation of up to 0.3. The same `seed`,
    two whole numbers, gives the same images.
    """
    seeds = iter(tf.unstack(tf.random.split(seed, 5)))
    each = (tf.shape(images)[0], 1, 1, 1)

    def chance(low: float, high: float) -> Any:  # noqa: ANN401
        return tf.random.stateless_uniform(each, next(seeds), low, high)

    mean = tf.reduce_mean(images, (1, 2, 3), keepdims=True)
    lit = mean + (images - mean) * tf.exp(chance(-2.3, 0.3)) + chance(0, 0.4)
    images = tf.clip_by_value(tf.where(chance(0, 1) < 0.5, lit, images), 0, 1)
    amount = tf.maximum(chance(-0.3, 0.3), 0)
    grain = tf.random.stateless_normal(tf.shape(images), next(seeds))
    return tf.clip_by_value(images + amount * grain, 0, 1)


def distil(run: Run, images: Images, teacher: keras.Model | None = None) -> None:
    """Let a run's trained network learn on from the shipped Best, or from `teacher`.

    Best learns from itself. `images` are the training images; those for validation are left alone.
    Blocks, an hour on two cores; interrupted, it goes on from its last epoch.
    """
    own = run.folder.name == TEACHER
    epochs, rate = (OWN_EPOCHS, OWN_RATE) if own else (EPOCHS, RATE)
    recipe = run.recipe.changed(
        epochs=epochs,
        learning_rate=rate,
        schedule="cosine" if own else run.recipe.schedule,
        label_smoothing=0.0,
        weight_averaging=AVERAGING,
        seed=run.recipe.seed + (2 if own else 1),
    )
    feed = Feed(recipe, images)
    feed.chunk = CHUNK
    if teacher is None:
        folder = run.folder if own else catalogue.find(TEACHER, folders=False).folder
        teacher = _trained(folder, recipe.precision)
    student = Student(recipe, epochs * feed.batches, teacher, spoils=own)
    before = keras.models.load_model(run.folder / MODEL).get_weights()
    student.model.set_weights(before)
    path, position = run.folder / _STATE, Position()
    if path.exists():
        position = checkpoint.load(path, student)
    while position.epoch < epochs:
        sums = [student.train(chunk) for chunk in feed.epoch(position.epoch)]
        position.loss, position.right = (sum(part) for part in zip(*sums, strict=True))
        position.epoch += 1
        checkpoint.save(path, student, position)
    student.swap_average()
    if own:
        # Half way back keeps most of both, old accuracy and new robustness (arXiv:2109.01903).
        learned = zip(before, student.model.get_weights(), strict=True)
        student.model.set_weights([(one + other) / 2 for one, other in learned])
    save_model(student.model, recipe, run.folder)


def _trained(folder: Path, precision: str) -> keras.Model:
    """Return the trained network in `folder`, computing as fast as the one that learns from it."""
    network = build(Run(folder).recipe.changed(precision=precision))
    network.set_weights(keras.models.load_model(folder / MODEL).get_weights())
    return network
