"""What a model gains by refusing to answer when it is not sure enough."""

from dataclasses import dataclass

import numpy as np

from fmnist_core.evaluation.metrics import wilson


@dataclass(frozen=True)
class Refusal:
    """Answers below `threshold` refused: the share `coverage` that is left, and how good it is.

    `interval` is the 95 % interval of `accuracy` (Wilson); without an answer left, `accuracy` is 1.
    """

    threshold: float
    answered: int
    coverage: float
    correct: int
    accuracy: float
    interval: tuple[float, float]


def refuse(confidence: np.ndarray, right: np.ndarray, threshold: float) -> Refusal:
    """Return what is left of the answers when those less than `threshold` sure are refused.

    `confidence` (n,) is 0 to 1, `right` bool (n,), n at least 1.
    """
    kept = confidence >= threshold
    answered, correct = int(kept.sum()), int(right[kept].sum())
    return Refusal(
        threshold=threshold,
        answered=answered,
        coverage=answered / len(right),
        correct=correct,
        accuracy=correct / answered if answered else 1.0,
        interval=wilson(correct, answered),
    )


@dataclass(frozen=True)
class CoverageCurve:
    """Accuracy of the k surest answers for every k: `coverage`, `accuracy`, `threshold`, (m,) each.

    Of equally sure answers all are kept or none, so m may be less than the number of images.
    `area` is the mean error along it (area under the risk-coverage curve, Geifman and El-Yaniv
    2017, arXiv:1705.08500): 0 to 1, less is better.
    """

    coverage: np.ndarray
    accuracy: np.ndarray
    threshold: np.ndarray
    area: float


def coverage_curve(confidence: np.ndarray, right: np.ndarray) -> CoverageCurve:
    """Return accuracy against coverage, from the surest answers to all n ≥ 1 of them."""
    order = np.argsort(-confidence, kind="stable")
    ordered, hits = confidence[order], right[order].cumsum()
    numbers = np.arange(1, len(order) + 1)
    accuracy = hits / numbers
    last = np.append(ordered[1:] != ordered[:-1], True)
    return CoverageCurve(
        coverage=numbers[last] / len(order),
        accuracy=accuracy[last],
        threshold=ordered[last].astype(np.float64),
        area=float((1 - accuracy).mean()),
    )


def threshold_for(confidence: np.ndarray, right: np.ndarray, accuracy: float) -> float | None:
    """Return the lowest threshold whose answers are right at least `accuracy` often, or None.

    Choose it on validation images and judge it on the test images: chosen on the images it is
    judged by, it promises too much.
    """
    curve = coverage_curve(confidence, right)
    good = np.flatnonzero(curve.accuracy >= accuracy)
    return float(curve.threshold[good[-1]]) if len(good) else None
