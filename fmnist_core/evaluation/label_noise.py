"""What accuracy wrong labels allow: images on which good models agree against the label, judged.

The argument: a network that knows every item perfectly is still counted wrong wherever the label
is. So no accuracy above 1 - (share of wrong labels) is knowledge. Wrong labels are looked for where
several models give the same other answer; a person judges a random sample of these, and the share
found wrong there, times the size of the group, estimates how many test labels are wrong. Wrong
labels outside the group are not counted: there some model agrees with them, so they do not stand
in the way of models like these.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fmnist_core.evaluation.metrics import wilson


def against_the_label(probabilities: Sequence[np.ndarray], labels: np.ndarray) -> np.ndarray:
    """Return the indices where all models agree on another class than the label, surest first.

    `probabilities` has (n, 10) for each model, at least one; sure is the mean over the models.
    """
    answers = np.stack([values.argmax(1) for values in probabilities])
    agreed = (answers == answers[0]).all(0) & (answers[0] != labels)
    indices = np.flatnonzero(agreed)
    sure = np.mean([values.max(1)[indices] for values in probabilities], axis=0)
    return indices[np.argsort(-sure, kind="stable")]


@dataclass(frozen=True)
class Ceiling:
    """The best accuracy that the labels allow, and its 95 % interval from the judged sample.

    `wrong_labels` is the estimated number among all images.
    """

    accuracy: float
    interval: tuple[float, float]
    wrong_labels: float


def ceiling(group: int, judged: int, wrong: int, total: int) -> Ceiling:
    """Return what the labels allow when `wrong` of `judged` images of a `group` are wrong labels.

    The judged images are a random sample of the group, which is part of `total` images; Wilson's
    interval of their share is carried over. Without a judgement anything from 0 to all is possible.
    Raises ValueError for counts that cannot be.
    """
    if not 0 <= wrong <= judged <= group <= total or not total:
        raise ValueError(
            f"Expected wrong ≤ judged ≤ group ≤ total; got {wrong}, {judged}, {group}, {total}."
        )
    low, high = wilson(wrong, judged)
    share = wrong / judged if judged else 0.0
    return Ceiling(
        accuracy=1 - share * group / total,
        interval=(1 - high * group / total, 1 - low * group / total),
        wrong_labels=share * group,
    )


def scored(accuracy: float, noise: float, classes: int = 10) -> float:
    """Return the accuracy measured with a share `noise` of wrong labels, 0 to 1.

    `accuracy` is that on true labels. Wrong labels and wrong answers are taken to be spread evenly
    over the other classes and independent, so that they seldom agree by chance. With accuracy 1 it
    is 1 - noise.
    """
    return accuracy * (1 - noise) + (1 - accuracy) * noise / (classes - 1)
