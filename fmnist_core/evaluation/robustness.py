"""How well a model stands images that are not as nice as those it learnt from, measured."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from fmnist_core.data.fashion_mnist import Images, load
from fmnist_core.evaluation import attacks
from fmnist_core.evaluation.adversarial import METHODS, Method
from fmnist_core.evaluation.corruptions import (
    CORRUPTIONS,
    SEVERITIES,
    Corruption,
    at_severity,
    spoil,
)
from fmnist_core.evaluation.metrics import NORMAL_95
from fmnist_core.models.card import Card, Robustness
from fmnist_core.models.catalogue import Model, ModelError
from fmnist_core.models.classifier import Classifier
from fmnist_core.models.keras_models import Weights, weights_of
from fmnist_core.runs.run import LITERT
from fmnist_core.tasks import step
from fmnist_core.translation import mark

SAMPLE, SEED = 1000, 0
FLIP_STEPS = 12

Probabilities = Callable[[np.ndarray], np.ndarray]


class Network(NamedTuple):
    """Which network to measure: its LiteRT file, when that was changed and its SHA-256.

    The SHA-256 is None for runs. `weights` are those of its Keras twin, for attacks, or None.
    """

    file: str
    changed: int
    sha256: str | None
    weights: Weights | None


def network_of(model: Model) -> Network:
    """Return the network of a model; raises ModelError when it has no weights here."""
    if not model.ready:
        raise ModelError(model.no_weights)
    weights = weights_of(model) if model.keras_file.is_file() else None
    file = model.tflite_file
    return Network(str(file), file.stat().st_mtime_ns, model.digest(LITERT), weights)


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
        step(severity / len(spoilt), mark("Classifying"))
        right[severity] = classifier.probabilities(changed).argmax(1) == labels
    return right


class Flip(NamedTuple):
    """The amount of a corruption with another answer, the image there (28, 28), and the answer."""

    amount: float
    image: np.ndarray
    answer: int


def first_flip(
    probabilities: Probabilities,
    image: np.ndarray,
    corruption: Corruption,
    steps: int = FLIP_STEPS,
) -> Flip | None:
    """Return the smallest change by one corruption that changes the answer, or None.

    `image` is uint8 (28, 28). `steps` amounts are tried each way, evenly up to the corruption's
    ends, so a smaller amount between two of them may do as well.
    """
    ends = [end for end in (corruption.low, corruption.high) if end]
    tried = {
        round(round(end * number / steps / corruption.step) * corruption.step, 6)
        for end in ends
        for number in range(1, steps + 1)
    }
    amounts = sorted(tried - {0}, key=lambda amount: (abs(amount), amount))
    spoilt = [spoil(image[None], corruption.name, amount, SEED) for amount in amounts]
    answers = probabilities(np.concatenate([image[None], *spoilt])).argmax(1)
    others = np.flatnonzero(answers[1:] != answers[0])
    if not len(others):
        return None
    first = int(others[0])
    return Flip(amounts[first], spoilt[first][0], int(answers[first + 1]))


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


def write_on_card(folder: Path, found: Robustness) -> None:
    """Put the robustness on the card of the shipped model in `folder`, for the one that was there.

    Raises CardError when there is no card.
    """
    path = folder / "card.json"
    replace(Card.read(path), robustness=found).write(path)
