"""Goes on with a trained network at one learning rate and averages its weights.

Stochastic weight averaging (arXiv:1803.05407): the second half of `zoo train best`. Its first
epochs see what the run saw, so that validation can judge it and set its confidence; the others see
the validation images as well, as nothing is chosen by them any more.
"""

from pathlib import Path
from typing import Any

import numpy as np

from fmnist_core import files
from fmnist_core.augmentation.augment import augment
from fmnist_core.data.fashion_mnist import Images
from fmnist_core.models import calibration
from fmnist_core.models.convert import save_model
from fmnist_core.runs.run import MODEL, Run
from fmnist_core.training.batches import Feed
from fmnist_core.training.network import Network

RATE = 0.04
EPOCHS, JUDGED_EPOCHS = 90, 40  # in all; without the validation images
SKIPPED = 3  # epochs until the weights have left where the run ended
SETTLING, SETTLING_BATCH = 40, 500  # batches that the averaged network's statistics come from
CHUNK = 8  # batches in one call
_STATE = "averaging.npz"


def average(run: Run, images: Images) -> None:
    """Let a run's trained network learn on, and replace it by the average of its weights.

    `images` are the training images. Blocks, an hour and a half on two cores for Best;
    interrupted, it goes on from its last epoch.
    """
    import keras

    recipe = run.recipe.changed(schedule="constant", learning_rate=RATE, seed=run.recipe.seed + 1)
    all_images = recipe.changed(
        train_examples=recipe.train_examples + recipe.validation_examples, validation_examples=0
    )
    network = Network(recipe, total_steps=1)
    model = network.model
    model.set_weights(keras.models.load_model(run.folder / MODEL).get_weights())
    state = _State(run.folder / _STATE, model)
    while state.epoch < EPOCHS:
        feed = Feed(recipe if state.epoch < JUDGED_EPOCHS else all_images, images)
        feed.chunk = CHUNK
        for chunk in feed.epoch(state.epoch):
            network.train(chunk)
        state.count_in(model)
        if state.epoch == JUDGED_EPOCHS:
            held = Images(
                images.images[recipe.train_examples :], images.labels[recipe.train_examples :]
            )
            _take_average(model, state, recipe, images)
            state.scale, state.shift = calibrated(model, held)
            model.set_weights(state.weights)
        state.save()
    _take_average(model, state, recipe, images)
    kernel, bias = model.layers[-1].get_weights()
    model.layers[-1].set_weights([kernel * state.scale, bias * state.scale + state.shift])
    save_model(model, run.recipe, run.folder)


class _State:
    """How far it is: epochs, the present weights, the sum of those that count."""

    def __init__(self, path: Path, model: Any) -> None:  # noqa: ANN401 - a Keras model
        self._path = path
        self.epoch, self.counted = 0, 0
        self.weights = model.get_weights()
        self.total = [np.zeros_like(array, np.float64) for array in self.weights]
        classes = len(self.weights[-1])
        self.scale, self.shift = np.ones(classes), np.zeros(classes)
        found = files.read_arrays(path)
        if found is not None:
            self.epoch, self.counted = int(found["epoch"]), int(found["counted"])
            self.scale, self.shift = found["scale"], found["shift"]
            for index in range(len(self.weights)):
                self.weights[index] = found[f"weights.{index}"]
                self.total[index] = found[f"total.{index}"]
            model.set_weights(self.weights)

    def count_in(self, model: Any) -> None:  # noqa: ANN401
        """Take note of the weights after another epoch."""
        self.epoch += 1
        self.weights = model.get_weights()
        if self.epoch > SKIPPED:
            self.counted += 1
            for total, array in zip(self.total, self.weights, strict=True):
                np.add(total, array, out=total)

    def save(self) -> None:
        """Write all that the next epoch depends on, except the optimizer's momentum."""
        counts = {"epoch": self.epoch, "counted": self.counted}
        arrays = {name: np.array(value) for name, value in counts.items()}
        arrays |= {"scale": self.scale, "shift": self.shift}
        arrays |= {f"weights.{index}": array for index, array in enumerate(self.weights)}
        arrays |= {f"total.{index}": array for index, array in enumerate(self.total)}
        files.write_arrays(self._path, arrays.items())


def calibrated(model: Any, held: Images) -> tuple[np.ndarray, np.ndarray]:  # noqa: ANN401
    """Return scale and shift of the logits, each (10,), that make a network's confidence true.

    `held` are images that it has not seen.
    """
    import keras

    kernel, bias = model.layers[-1].get_weights()
    features = keras.Model(model.inputs, model.layers[-1].input)
    inputs = held.images[..., None].astype(np.float32) / 255
    logits = features.predict(inputs, verbose=0).astype(np.float32) @ kernel + bias
    scaling = calibration.fit(logits, held.labels)
    return scaling.scale, scaling.shift


def _take_average(model: Any, state: _State, recipe: Any, images: Images) -> None:  # noqa: ANN401
    """Give the network the mean weights, and statistics of batch normalization that fit them."""
    import keras

    model.set_weights([total / max(1, state.counted) for total in state.total])
    layers = [x for x in model.layers if isinstance(x, keras.layers.BatchNormalization)]
    momenta = [layer.momentum for layer in layers]
    rng = np.random.default_rng((recipe.seed, state.epoch))
    chosen = rng.permutation(recipe.train_examples)[: SETTLING * SETTLING_BATCH]
    for batch, places in enumerate(np.array_split(chosen, SETTLING)):
        for layer in layers:
            layer.momentum = batch / (batch + 1)  # together, the plain mean of all batches
        varied = augment(images.images[places], images.labels[places], recipe.augmentation, rng)
        model(varied[..., None].astype(np.float32) / 255, training=True)
    for layer, momentum in zip(layers, momenta, strict=True):
        layer.momentum = momentum
