"""The recipe's network with its optimizer: steps over chunks and judges images."""

import gc
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from fmnist_core.models.build import build
from fmnist_core.recipes.hyperparameters import KERAS_OPTIMIZERS
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.shapes import CLASSES
from fmnist_core.training.batches import Chunk
from fmnist_core.training.fused import FusedAdam, FusedAdamW, FusedBatchNormalization

# Every network is traced anew; TensorFlow would warn of it.
tf.get_logger().setLevel("ERROR")

JUDGED_AT_ONCE = 100  # more is hardly faster, and large activations cost memory


class Network:
    """Takes many training steps in one call into TensorFlow.

    For small networks a call per batch, as in `model.fit`, costs more than the batch itself.
    """

    def __init__(self, recipe: Recipe, total_steps: int) -> None:
        self.recipe = recipe
        self.model = build(recipe, {"BatchNormalization": FusedBatchNormalization})
        self.scale = keras.Variable(1.0, trainable=False, name="learning_rate_scale")
        self.optimizer = optimizer_of(recipe)
        self._schedule = schedule(recipe, total_steps)
        self.optimizer.build(self.model.trainable_variables)
        images = tf.TensorSpec((None, 28, 28), tf.uint8)
        labels = tf.TensorSpec((None,), tf.int32)
        loss = tf.TensorSpec((), tf.float64)
        self._train = tf.function(self._train_steps, input_signature=[images, labels, loss])
        self._judge = judging(self.model, recipe)
        self._losses = loss_of(recipe)

    def _train_steps(self, images: Any, labels: Any, loss: Any) -> tuple[Any, Any]:  # noqa: ANN401
        size = self.recipe.batch_size
        count = tf.shape(labels)[0]
        right = tf.constant(0, tf.int64)
        for first in tf.range(0, count, size):
            part = slice(first, tf.minimum(first + size, count))
            losses, output = self._step(_input(images[part]), labels[part])
            loss += tf.reduce_sum(tf.cast(losses, tf.float64))
            hits = tf.argmax(output, 1, tf.int32) == labels[part]
            right += tf.math.count_nonzero(hits)
        return loss, right

    def _step(self, images: Any, labels: Any) -> tuple[Any, Any]:  # noqa: ANN401
        variables = self.model.trainable_variables
        with tf.GradientTape() as tape:
            output = self.model(images, training=True)
            losses = self._losses_of(images, labels, output)
            loss = tf.reduce_mean(losses)
        # Once a step: as a schedule inside the optimizer, it is computed once a variable.
        self.optimizer.learning_rate.assign(self._rate())
        self.optimizer.apply(tape.gradient(loss, variables), variables)
        return losses, output

    def _losses_of(self, images: Any, labels: Any, output: Any) -> Any:  # noqa: ANN401
        return self._losses(_target(labels, self.recipe), output)

    def train(self, chunk: Chunk, loss: float = 0.0) -> tuple[float, int]:
        """Train on a chunk; return its images' losses added to `loss`, and how many were right.

        Batch after batch is added, so that an epoch's sum does not depend on where chunks begin.
        """
        loss, right = self._train(chunk.images, chunk.labels, loss)
        return float(loss), int(right)

    def judge(self, images: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, float]:
        """Return probabilities, float32 (n, 10), and the mean loss of uint8 images."""
        return _judge_all(self._judge, images, labels)

    def layer_sizes(
        self, images: np.ndarray, labels: np.ndarray
    ) -> tuple[tuple[str, ...], np.ndarray, np.ndarray]:
        """Return the names of the layers that learn, and the root mean squares of their weights
        and of the gradients of the mean loss over some images, float64 (layers,) each.

        The network is asked as in use: no dropout is drawn and nothing changes that is learned.
        """
        learning = [layer for layer in self.model.layers if layer.trainable_variables]
        with tf.GradientTape() as tape:
            output = self.model(_input(images), training=False)
            loss = tf.reduce_mean(self._losses_of(images, labels.astype(np.int32), output))
        found = tape.gradient(loss, [layer.trainable_variables for layer in learning])
        names = tuple(f"{at} {type(one).__name__}" for at, one in enumerate(learning, 1))
        weights = [[one.numpy() for one in layer.trainable_variables] for layer in learning]
        gradients = [[one.numpy() for one in layer] for layer in found]
        return names, _root_mean_squares(weights), _root_mean_squares(gradients)

    def _rate(self) -> Any:  # noqa: ANN401 - a tensor
        # The scale lets a page or a plateau change the rate, whatever the schedule.
        return self._schedule(self.optimizer.iterations) * self.scale.value

    @property
    def learning_rate(self) -> float:
        """The learning rate of the next step."""
        return float(self._rate())

    @learning_rate.setter
    def learning_rate(self, wanted: float) -> None:
        present, scale = self.learning_rate, float(self.scale)
        # At the very end of a schedule the rate is zero, whatever the scale.
        if present > 0:
            self.scale.assign(scale * wanted / present)

    def swap_average(self) -> None:
        """Exchange the weights for their running average, and back when called again."""
        if not self.recipe.weight_averaging:
            return
        # Keras's own SwapEMAWeights reaches for the same private list.
        averages = self.optimizer._model_variables_moving_average
        for variable, average in zip(self.model.trainable_variables, averages, strict=True):
            kept = variable.numpy()
            variable.assign(average)
            average.assign(kept)

    def end_training(self) -> None:
        """Let go of the optimizer, which can be twice as large as the network."""
        self._train = self.optimizer = None
        gc.collect()


def _root_mean_squares(layers: list[list[np.ndarray]]) -> np.ndarray:
    flat = [np.concatenate([one.ravel() for one in layer]).astype(np.float64) for layer in layers]
    return np.sqrt([np.square(layer).mean() for layer in flat])


def _input(images: Any) -> Any:  # noqa: ANN401 - tensors
    return tf.cast(images, tf.float32)[..., None] / 255.0


def _target(labels: Any, recipe: Recipe) -> Any:  # noqa: ANN401
    return tf.one_hot(labels, CLASSES) if recipe.label_smoothing else labels


def judging(model: keras.Model, recipe: Recipe) -> Any:  # noqa: ANN401 - a tf.function
    """Return a function: uint8 images, int32 labels -> probabilities and the loss of each image."""
    losses = loss_of(recipe)

    def judge_(images: Any, labels: Any) -> tuple[Any, Any]:  # noqa: ANN401
        output = tf.cast(model(_input(images), training=False), tf.float32)
        probabilities = tf.nn.softmax(output) if recipe.from_logits else output
        return probabilities, losses(_target(labels, recipe), output)

    signature = [tf.TensorSpec((None, 28, 28), tf.uint8), tf.TensorSpec((None,), tf.int32)]
    return tf.function(judge_, input_signature=signature)


def judge(
    model: keras.Model, recipe: Recipe, images: np.ndarray, labels: np.ndarray
) -> tuple[np.ndarray, float]:
    """Return any network's probabilities, float32 (n, 10), and mean loss for uint8 images."""
    return _judge_all(judging(model, recipe), images, labels)


def _judge_all(function: Any, images: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, float]:  # noqa: ANN401
    probabilities, losses = [np.empty((0, CLASSES), np.float32)], [np.empty(0, np.float32)]
    labels = labels.astype(np.int32)
    for at in range(0, len(images), JUDGED_AT_ONCE):
        part = slice(at, at + JUDGED_AT_ONCE)
        found, loss = function(images[part], labels[part])
        probabilities.append(found.numpy())
        losses.append(loss.numpy())
    mean = float(np.concatenate(losses).mean()) if len(images) else 0.0
    return np.concatenate(probabilities), mean


def optimizer_of(recipe: Recipe) -> Any:  # noqa: ANN401 - a Keras optimizer
    """Return the recipe's optimizer; its learning rate is a variable that the step assigns."""
    common: dict[str, Any] = {
        "learning_rate": recipe.learning_rate,
        # AdamW and Muon refuse None, and mean 0.004 when told nothing.
        "weight_decay": recipe.weight_decay,
        "use_ema": recipe.weight_averaging > 0,
        "ema_momentum": recipe.weight_averaging or 0.99,
    }
    match recipe.optimizer:
        case "sgd":
            own = {"momentum": recipe.momentum, "nesterov": recipe.nesterov}
        case "rmsprop":
            own = {"momentum": recipe.momentum}
        case "muon":
            own = {"adam_weight_decay": recipe.weight_decay}
        case _:
            own = {}
    fused: dict[str, Any] = {"adam": FusedAdam, "adamw": FusedAdamW}
    kind = fused.get(recipe.optimizer)
    kind = kind or getattr(keras.optimizers, KERAS_OPTIMIZERS[recipe.optimizer])
    optimizer = kind(**common, **own)
    # Keras adds up the gradients of several devices. Here is one, and TensorFlow never lets go of a
    # graph with such a sum in it: a worker grew by 7 MB a run.
    optimizer._all_reduce_sum_gradients = lambda pairs: pairs
    return optimizer


def schedule(recipe: Recipe, total_steps: int) -> Callable[[Any], Any]:
    """Return a function: number of the batch -> learning rate, over a run of `total_steps`."""
    rate = recipe.learning_rate
    if recipe.schedule == "cosine":
        return keras.optimizers.schedules.CosineDecay(rate, total_steps)
    if recipe.schedule == "one_cycle":
        climb = max(1, round(0.3 * total_steps))
        return keras.optimizers.schedules.CosineDecay(
            rate / 25, max(1, total_steps - climb), warmup_target=rate, warmup_steps=climb
        )
    return lambda _: rate


def loss_of(recipe: Recipe) -> Any:  # noqa: ANN401 - a Keras loss
    """Return the cross-entropy of each image, labels smoothed as the recipe says.

    Its labels are integers, or one-hot when the recipe smooths them.
    """
    if not recipe.label_smoothing:
        return keras.losses.SparseCategoricalCrossentropy(
            from_logits=recipe.from_logits, reduction="none"
        )
    return keras.losses.CategoricalCrossentropy(
        from_logits=recipe.from_logits,
        label_smoothing=recipe.label_smoothing,
        reduction="none",
    )
