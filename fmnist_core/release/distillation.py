"""Lets a small trained network learn on from what a larger one thinks of the same pictures.

Knowledge distillation (arXiv:1503.02531), the second half of `zoo train compact`. Both see the
same varied image (a consistent teacher, arXiv:2106.05237), and the teacher sees its mirror, too.
"""

from typing import Any

import keras
import tensorflow as tf

from fmnist_core.data.fashion_mnist import Images
from fmnist_core.models import catalogue
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
BELIEVED = 0.7  # share of the target that is the teacher's answer; the rest is the label
CHUNK = 8  # batches in one call
_STATE = "distillation.npz"


class Student(Network):
    """A network whose targets are partly another network's answers."""

    def __init__(self, recipe: Recipe, total_steps: int, teacher: keras.Model) -> None:
        self._teacher = teacher
        self._cross_entropy = keras.losses.CategoricalCrossentropy(reduction="none")
        super().__init__(recipe, total_steps)

    def _losses_of(self, images: Any, labels: Any, output: Any) -> Any:  # noqa: ANN401
        both = self._teacher(tf.concat([images, images[:, :, ::-1]], 0), training=False)
        beliefs = tf.reduce_mean(tf.reshape(both, (2, -1, CLASSES)), 0)
        targets = BELIEVED * beliefs + (1 - BELIEVED) * tf.one_hot(labels, CLASSES)
        return self._cross_entropy(targets, output)


def distil(run: Run, images: Images, teacher: keras.Model | None = None) -> None:
    """Let a run's trained network learn on from the shipped Best, or from `teacher`.

    `images` are the training images; those for validation are left alone. Blocks, an hour on two
    cores for Compact; interrupted, it goes on from its last epoch.
    """
    recipe = run.recipe.changed(
        epochs=EPOCHS,
        learning_rate=RATE,
        label_smoothing=0.0,
        weight_averaging=AVERAGING,
        seed=run.recipe.seed + 1,
    )
    feed = Feed(recipe, images)
    feed.chunk = CHUNK
    teacher = teacher or keras.models.load_model(catalogue.find(TEACHER, folders=False).keras_file)
    student = Student(recipe, EPOCHS * feed.batches, teacher)
    student.model.set_weights(keras.models.load_model(run.folder / MODEL).get_weights())
    path, position = run.folder / _STATE, Position()
    if path.exists():
        position = checkpoint.load(path, student)
    while position.epoch < EPOCHS:
        sums = [student.train(chunk) for chunk in feed.epoch(position.epoch)]
        position.loss, position.right = (sum(part) for part in zip(*sums, strict=True))
        position.epoch += 1
        checkpoint.save(path, student, position)
    student.swap_average()
    save_model(student.model, recipe, run.folder)
