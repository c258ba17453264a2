"""What a network is measured on while it learns and at the end, and where that is kept."""

import math

import numpy as np

from fmnist_core import files
from fmnist_core.data import examples
from fmnist_core.data.fashion_mnist import Images, load
from fmnist_core.models import voting
from fmnist_core.runs import layer_statistics
from fmnist_core.runs.run import EVALUATION, VALIDATION, Run
from fmnist_core.training.network import Network, judge
from fmnist_core.training.progress import INFINITE_VALIDATION, TrainingError

SAMPLES = 12
LAYER_IMAGES = 256  # training images over which the layers' gradients are averaged


class Judge:
    """Measures the network of a run; one that is `blind` never sees the test images."""

    def __init__(self, run: Run, train: Images, test: Images | None, blind: bool) -> None:
        self._run, self._recipe, self._test, self._blind = run, run.recipe, test, blind
        count = self._recipe.validation_examples
        self.first_validation = len(train) - count
        self.validation = Images(
            train.images[self.first_validation :],
            train.labels[self.first_validation :].astype(np.int32),
        )
        count = min(LAYER_IMAGES, self._recipe.train_examples)
        self._sample = Images(train.images[:count], train.labels[:count])

    def validate(
        self, network: Network, epoch: int
    ) -> tuple[np.ndarray, float | None, float | None]:
        """Return probabilities, loss and accuracy on the validation images, and keep a summary."""
        found = self.validation
        if not len(found):
            return np.zeros((0, 10), np.float32), None, None
        probabilities, loss = network.judge(found.images, found.labels)
        self._write_validation(probabilities, epoch)
        if not math.isfinite(loss):
            raise TrainingError(INFINITE_VALIDATION.format(epoch=epoch))
        return probabilities, loss, float((probabilities.argmax(1) == found.labels).mean())

    def _write_validation(self, probabilities: np.ndarray, epoch: int) -> None:
        labels = self.validation.labels
        confusion = np.zeros((10, 10), np.int64)
        np.add.at(confusion, (labels, probabilities.argmax(1)), 1)
        samples = np.arange(min(SAMPLES, len(labels)))
        files.write_arrays(
            self._run.folder / VALIDATION,
            [
                ("epoch", np.array(epoch)),
                ("confusion", confusion),
                ("sample_indices", self.first_validation + samples),
                ("sample_probabilities", probabilities[samples]),
            ],
        )

    def items(self, network: Network) -> tuple[float | None, int | None]:
        """Return the accuracy on our own drawings and photos, and how many there are."""
        items = examples.prepared()
        if items is None:
            return None, None
        answers, _ = network.judge(items.readings, items.labels[items.owners])
        return voting.accuracy(items, answers), len(items.labels)

    def layers(self, network: Network, epoch: int) -> None:
        """Measure each layer's weights and gradients after that epoch, and keep them."""
        images = self._sample
        names, weights, gradients = network.layer_sizes(images.images, images.labels)
        known = layer_statistics.read(self._run.folder)
        if known is None or known.names != names:
            known = layer_statistics.nothing(names, len(images))
        known.extended(epoch, weights, gradients).write(self._run.folder)

    def evaluate(self, final: object) -> None:
        """Measure the finished Keras model on validation and test images, and keep all answers."""
        parts = {"validation": self.validation}
        if not self._blind:
            parts["test"] = self._test or load("test")
        found = {
            f"{name}_probabilities": judge(final, self._recipe, part.images, part.labels)[0]
            for name, part in parts.items()
        }
        files.write_arrays(self._run.folder / EVALUATION, found.items())
