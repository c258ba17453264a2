"""Probabilities and labels to metrics, confusion, calibration and worst mistakes; plain NumPy."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from fmnist_core.data.fashion_mnist import CLASS_NAMES
from fmnist_core.shapes import CLASSES

# As Keras clips: a probability of 0 for the true class costs 16.1, not infinity.
SMALLEST_PROBABILITY = 1e-7
NORMAL_95 = 1.959963984540054

Outcome = Literal["all", "right", "wrong"]


@dataclass(frozen=True)
class ClassScore:
    """How one class fares; a share with nothing to divide by is 0, as in scikit-learn.

    `precision` of the answers "this class" that are right, `recall` of its images that are found,
    `f1` their harmonic mean, `support` its number of images.
    """

    name: str
    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True)
class Calibration:
    """Whether a stated confidence of 80 % is right 80 % of the time, in bins of equal width.

    `edges` is (bins + 1,); `count`, `confidence` and `accuracy` are (bins,), the last two NaN where
    a bin is empty. `ece`, the expected calibration error, is the mean gap weighted by count.
    """

    edges: np.ndarray
    count: np.ndarray
    confidence: np.ndarray
    accuracy: np.ndarray
    ece: float


@dataclass(frozen=True)
class Evaluation:
    """All figures of one model on one labelled set; `interval` is 95 %, `confusion` (10, 10)."""

    examples: int
    accuracy: float
    interval: tuple[float, float]
    loss: float
    confusion: np.ndarray
    per_class: tuple[ClassScore, ...]
    calibration: Calibration


def evaluate(probabilities: np.ndarray, labels: np.ndarray) -> Evaluation:
    """Return every figure for `probabilities` (n, 10) against `labels` (n,), n at least 1.

    Raises ValueError when the shapes do not fit.
    """
    _check(probabilities, labels)
    correct = int((probabilities.argmax(1) == labels).sum())
    counts = confusion(labels, probabilities.argmax(1))
    return Evaluation(
        examples=len(labels),
        accuracy=correct / len(labels),
        interval=wilson(correct, len(labels)),
        loss=cross_entropy(probabilities, labels),
        confusion=counts,
        per_class=per_class(counts),
        calibration=calibration(probabilities, labels),
    )


def _check(probabilities: np.ndarray, labels: np.ndarray) -> None:
    if not len(labels) or probabilities.shape != (len(labels), CLASSES):
        raise ValueError(
            f"Expected {CLASSES} probabilities for each label, at least one; got probabilities of "
            f"shape {probabilities.shape} for labels of shape {labels.shape}."
        )


def wilson(correct: int, total: int) -> tuple[float, float]:
    """Return the 95 % interval (low, high) of a share, after Wilson (1927).

    Unlike accuracy ± 1.96 standard errors it never leaves 0..1. Without data it is (0, 1).
    """
    if total == 0:
        return 0.0, 1.0
    share, z2 = correct / total, NORMAL_95**2
    centre = (share + z2 / (2 * total)) / (1 + z2 / total)
    spread = math.sqrt(share * (1 - share) / total + z2 / (4 * total**2))
    half = NORMAL_95 * spread / (1 + z2 / total)
    # Rounding may leave the share itself out: 10 of 10 up to 0.9999999999999999.
    return max(0.0, min(share, centre - half)), min(1.0, max(share, centre + half))


def cross_entropy(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """Return the mean of -log(probability of the true class), in nats."""
    chosen = probabilities[np.arange(len(labels)), labels].astype(np.float64)
    return float(-np.log(np.clip(chosen, SMALLEST_PROBABILITY, 1)).mean())


def confusion(labels: np.ndarray, predictions: np.ndarray) -> np.ndarray:
    """Return counts (10, 10), int64: a row per true class, a column per answer."""
    cells = labels.astype(np.int64) * CLASSES + predictions.astype(np.int64)
    return np.bincount(cells, minlength=CLASSES * CLASSES).reshape(CLASSES, CLASSES)


@dataclass(frozen=True)
class MixUp:
    """Two classes that are taken for each other `count` times, both ways together.

    `cells` are the two (truth, answer), the more frequent way first.
    """

    cells: tuple[tuple[int, int], tuple[int, int]]
    count: int


def mix_ups(counts: np.ndarray) -> list[MixUp]:
    """Return the pairs of classes that are confused at all, the most frequent first."""
    found = []
    for first in range(len(counts)):
        for second in range(first + 1, len(counts)):
            there, back = int(counts[first, second]), int(counts[second, first])
            ways = ((first, second), (second, first))
            if there + back:
                found.append(MixUp(ways if there >= back else (ways[1], ways[0]), there + back))
    return sorted(found, key=lambda mix_up: -mix_up.count)


def per_class(counts: np.ndarray) -> tuple[ClassScore, ...]:
    """Return the ten class scores of a confusion matrix."""
    hits = np.diag(counts).astype(np.float64)
    found, answers = counts.sum(1), counts.sum(0)
    recall = hits / np.maximum(found, 1)
    precision = hits / np.maximum(answers, 1)
    f1 = 2 * hits / np.maximum(found + answers, 1)
    return tuple(
        ClassScore(name, float(precision[i]), float(recall[i]), float(f1[i]), int(found[i]))
        for i, name in enumerate(CLASS_NAMES)
    )


def calibration(probabilities: np.ndarray, labels: np.ndarray, bins: int = 15) -> Calibration:
    """Return the reliability bins of the top answer; a bin holds (lower edge, upper edge]."""
    confidence = probabilities.max(1).astype(np.float64)
    right = probabilities.argmax(1) == labels
    edges = np.linspace(0, 1, bins + 1)
    # Inner edges only, so that rounding above 1 still falls into the last bin.
    which = np.digitize(confidence, edges[1:-1], right=True)
    count = np.bincount(which, minlength=bins)
    with np.errstate(invalid="ignore"):
        mean_confidence = np.bincount(which, confidence, bins) / count
        mean_accuracy = np.bincount(which, right, bins) / count
    gap = np.nan_to_num(np.abs(mean_accuracy - mean_confidence))
    ece = float((gap * count).sum() / max(len(labels), 1))
    return Calibration(edges, count, mean_confidence, mean_accuracy, ece)


def most_confident_mistakes(
    probabilities: np.ndarray, labels: np.ndarray, limit: int | None = None
) -> np.ndarray:
    """Return the indices of wrong answers, the surest first (ties in data order)."""
    return select(probabilities, labels, outcome="wrong")[:limit]


def select(
    probabilities: np.ndarray,
    labels: np.ndarray,
    *,
    outcome: Outcome = "all",
    truth: int | None = None,
    answer: int | None = None,
    confidence: tuple[float, float] = (0, 1),
    surest_first: bool = True,
) -> np.ndarray:
    """Return the indices of the images that pass every filter, ordered by confidence.

    `truth` and `answer` are classes 0 to 9 or None for any; `confidence` (low, high) is inclusive.
    """
    top, answers = probabilities.max(1), probabilities.argmax(1)
    # float32 probabilities may sum to slightly more than one.
    keep = (top >= confidence[0] - 1e-6) & (top <= confidence[1] + 1e-6)
    if outcome != "all":
        keep &= (answers == labels) == (outcome == "right")
    if truth is not None:
        keep &= labels == truth
    if answer is not None:
        keep &= answers == answer
    indices = np.flatnonzero(keep)
    key = top[indices]
    return indices[np.argsort(-key if surest_first else key, kind="stable")]
