"""Which labels are likely wrong: confident learning on probabilities of images never trained on.

Northcutt, Jiang and Chuang 2021, "Confident Learning: Estimating Uncertainty in Dataset Labels",
arXiv:1911.00068, by cleanlab.
"""

from dataclasses import dataclass

import numpy as np

from fmnist_core.data.fashion_mnist import CLASS_NAMES

# Training images that the finders of wrong labels show in the data set's tracker, issue 166
# (https://github.com/zalandoresearch/fashion-mnist/issues/166), and in the repository of their
# method (arXiv:1912.05283). They speak of 64; the others are only in a picture of their paper.
KNOWN_WRONG = (16691, 22264, 28264, 33982, 40513, 42018, 45592)


@dataclass(frozen=True)
class LabelIssues:
    """What confident learning says of labelled items.

    `quality` is float32 (n,), 0 to 1: how well the label fits what the network says, low first to
    look at. `issue` is bool (n,): whether the label is taken for wrong. `joint` is float64
    (10, 10), the estimated share of all items with label row that truly are column; it sums to 1.
    """

    quality: np.ndarray
    issue: np.ndarray
    joint: np.ndarray


def find(probabilities: np.ndarray, labels: np.ndarray) -> LabelIssues:
    """Return what cleanlab finds in out-of-fold probabilities (n, 10) and labels (n,).

    Quality is the self-confidence, the probability of the given label; issues are pruned by noise
    rate: both are cleanlab's defaults. Only whoever makes the shipped data needs cleanlab: it is
    in requirements-dev.txt.
    """
    from cleanlab.count import estimate_joint
    from cleanlab.filter import find_label_issues
    from cleanlab.rank import get_label_quality_scores

    given = labels.astype(np.int64)
    sums = probabilities.sum(1, keepdims=True)
    sure = probabilities.astype(np.float64) / sums
    return LabelIssues(
        np.asarray(get_label_quality_scores(given, sure), np.float32),
        np.asarray(find_label_issues(given, sure, n_jobs=1), bool),
        np.asarray(estimate_joint(given, sure)),
    )


def ranking(quality: np.ndarray) -> np.ndarray:
    """Return the items' numbers, int64 (n,), the most suspicious label first."""
    return np.argsort(quality, kind="stable")


def average_precision(order: np.ndarray, wanted: np.ndarray) -> float:
    """Return how high the `wanted` items stand in a ranking: 1 if all of them come first.

    The mean, over the wanted items, of the share of wanted items among those ranked up to it
    (as in information retrieval, and sklearn.metrics.average_precision_score without ties).
    """
    hits = np.flatnonzero(np.isin(order, wanted))
    return float((np.arange(1, len(hits) + 1) / (hits + 1)).mean()) if len(hits) else 0.0


def swaps(joint: np.ndarray, count: int) -> list[tuple[int, int, float]]:
    """Return the commonest confusions of labels: given label, true class, share of all items."""
    off = joint - np.diag(np.diag(joint))
    best = np.argsort(-off, axis=None, kind="stable")[:count]
    return [
        (int(at // len(CLASS_NAMES)), int(at % len(CLASS_NAMES)), float(off.flat[at]))
        for at in best
        if off.flat[at] > 0
    ]
