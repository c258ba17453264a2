"""Makes a network's confidence what its validation images bear out (arXiv:1706.04599)."""

from typing import NamedTuple

import numpy as np

RIDGE = 1e-3  # holds scales near 1 and shifts near 0 where few images speak
MOST_ITERATIONS = 50


class Scaling(NamedTuple):
    """What logits are multiplied by and what is added, each float64 (10,), one a class."""

    scale: np.ndarray
    shift: np.ndarray

    def probabilities(self, logits: np.ndarray) -> np.ndarray:
        """Return the probabilities (n, 10) of rescaled logits."""
        return softmax(logits * self.scale + self.shift)


def fit(logits: np.ndarray, labels: np.ndarray) -> Scaling:
    """Return the scaling that suits the logits (n, 10) of images of classes `labels`, int (n,).

    It loses least (vector scaling), and then softens or sharpens all classes alike until the mean
    confidence is the accuracy. Label smoothing and the hard and easy classes need both: one
    temperature leaves the certain answers right and the rest too sure.
    """
    scaling = _vector_scaling(logits.astype(np.float64), labels)
    rescaled = logits * scaling.scale + scaling.shift
    accuracy = float((rescaled.argmax(1) == labels).mean())
    temperature = matching_temperature(rescaled, accuracy)
    return Scaling(scaling.scale / temperature, scaling.shift / temperature)


def fit_temperature(logits: np.ndarray, labels: np.ndarray) -> Scaling:
    """Return one scale for all classes, which changes no answer: confidence becomes accuracy.

    For a network that answers more than such images as these: how common the classes are among
    them must not be learned.
    """
    temperature = matching_temperature(logits, float((logits.argmax(1) == labels).mean()))
    classes = logits.shape[1]
    return Scaling(np.full(classes, 1 / temperature), np.zeros(classes))


def matching_temperature(logits: np.ndarray, accuracy: float) -> float:
    """Return the temperature, 0.25 to 4, that brings the mean confidence to `accuracy`."""
    low, high = 0.25, 4.0
    for _ in range(40):  # confidence falls as temperature rises
        middle = (low * high) ** 0.5
        if softmax(logits / middle).max(1).mean() > accuracy:
            low = middle
        else:
            high = middle
    return (low * high) ** 0.5


def _vector_scaling(logits: np.ndarray, labels: np.ndarray) -> Scaling:
    """Return the scale and shift of least mean cross-entropy, by Newton's method."""
    count, classes = logits.shape
    true = np.eye(classes)[labels]
    start = np.r_[np.ones(classes), np.zeros(classes)]

    def judge(values: np.ndarray) -> tuple[np.ndarray, float]:
        found = softmax(logits * values[:classes] + values[classes:])
        loss = -np.log(found[np.arange(count), labels] + 1e-300).mean()
        return found, float(loss + RIDGE * ((values - start) ** 2).sum())

    values, (found, loss) = start, judge(start)
    for _ in range(MOST_ITERATIONS):
        wrong = (found - true) / count
        gradient = np.r_[(wrong * logits).sum(0), wrong.sum(0)] + 2 * RIDGE * (values - start)
        # The Hessian of softmax, diag(p) - p pᵀ, seen through scale and shift.
        inner = (found[:, :, None] * (np.eye(classes) - found[:, None, :])) / count
        both = np.einsum("nij,ni,nj->ij", inner, logits, logits)
        mixed = np.einsum("nij,ni->ij", inner, logits)
        hessian = np.block([[both, mixed], [mixed.T, inner.sum(0)]])
        change = np.linalg.solve(hessian + 2 * RIDGE * np.eye(2 * classes), gradient)
        size = 1.0
        while judge(values - size * change)[1] > loss and size > 1e-6:
            size /= 2  # overshot
        values = values - size * change
        found, loss = judge(values)
        if size * np.abs(change).max() < 1e-6:
            break
    return Scaling(values[:classes], values[classes:])


def softmax(logits: np.ndarray) -> np.ndarray:
    """Return the probabilities of logits of any shape, along the last axis."""
    powers = np.exp(logits - logits.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)
