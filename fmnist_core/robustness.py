"""How well a model stands images that are not as nice as those it learnt from, measured."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from fmnist_core import attacks
from fmnist_core.adversarial import METHODS, Method
from fmnist_core.corruptions import CORRUPTIONS, SEVERITIES, at_severity
from fmnist_core.dataset import Images, load
from fmnist_core.evaluation import NORMAL_95
from fmnist_core.inference import Classifier
from fmnist_core.tasks import step
from fmnist_core.worker_models import Weights

SAMPLE, SEED = 1000, 0

Probabilities = Callable[[np.ndarray], np.ndarray]


class Network(NamedTuple):
    """Which network to measure: its LiteRT file with the SHA-256 it shall have, and for attacks
    the weights of its Keras twin, None where there are none.
    """

    file: str
    sha256: str | None
    weights: Weights | None


def sample(count: int, seed: int) -> np.ndarray:
    """Return int64 (count,): which of the 10,000 test images are used, drawn by chance, sorted."""
    return np.sort(np.random.default_rng(seed).permutation(len(load("test")))[:count])


def severity_curve(network: Network, name: str, count: int, seed: int) -> np.ndarray:
    """Return bool (6, count): right answers at severity 0 (unchanged) to 5 of a corruption.

    `name` is one of CORRUPTIONS, or an attack: "fgsm" or "pgd". For the engine's worker; raises
    InferenceError or ModelError when the network cannot be used.
    """
    test = load("test")
    indices = sample(count, seed)
    images, labels = test.images[indices], test.labels[indices]
    classifier = Classifier(Path(network.file), network.sha256)
    if name in METHODS:
        assert network.weights is not None
        method: Method = "fgsm" if name == "fgsm" else "pgd"
        spoilt = attacks.attacked(network.weights, images, labels, method, seed)
    else:
        spoilt = np.stack(
            [at_severity(images, name, severity, seed) for severity in range(SEVERITIES + 1)]
        )
    right = np.zeros(spoilt.shape[:2], bool)
    for severity, changed in enumerate(spoilt):
        step(severity / len(spoilt), "Classifying")
        right[severity] = classifier.probabilities(changed).argmax(1) == labels
    return right


@dataclass(frozen=True)
class Robustness:
    """A model's accuracy on spoilt test images.

    `accuracy` is the mean over nine corruptions and five severities, `interval` its 95 % interval
    (over the choice of the images, each of which counts with its mean over all 45), `clean` the
    accuracy on the same images unchanged, `by_corruption` the accuracy at each severity by name.
    """

    accuracy: float
    interval: tuple[float, float]
    clean: float
    by_corruption: dict[str, tuple[float, ...]]
    examples: int
    seed: int

    def as_json(self) -> dict[str, Any]:
        """Return it as it stands in a card."""
        return {
            "accuracy": self.accuracy,
            "interval": list(self.interval),
            "clean": self.clean,
            "by_corruption": {name: list(values) for name, values in self.by_corruption.items()},
            "examples": self.examples,
            "seed": self.seed,
        }


def measure(
    probabilities: Probabilities,
    images: Images,
    seed: int = SEED,
    progress: Callable[[str], None] = lambda _: None,
) -> Robustness:
    """Return the robustness of a classifier on `images`, at least two; `seed` decides all chance.

    `probabilities` maps uint8 (n, 28, 28) to (n, 10); `progress` is told each corruption's title.
    """
    labels = images.labels
    clean = probabilities(images.images).argmax(1) == labels
    by_corruption, per_image = {}, []
    for name, corruption in CORRUPTIONS.items():
        progress(corruption.title)
        right = np.stack(
            [
                probabilities(at_severity(images.images, name, severity, seed)).argmax(1) == labels
                for severity in range(1, SEVERITIES + 1)
            ]
        )
        by_corruption[name] = tuple(round(float(share), 4) for share in right.mean(1))
        per_image.append(right.mean(0))
    means = np.mean(per_image, axis=0)
    accuracy = float(means.mean())
    half = NORMAL_95 * float(means.std(ddof=1)) / len(means) ** 0.5
    return Robustness(
        accuracy=accuracy,
        interval=(max(0.0, accuracy - half), min(1.0, accuracy + half)),
        clean=float(clean.mean()),
        by_corruption=by_corruption,
        examples=len(labels),
        seed=seed,
    )
