"""The same recipe with other chance: how far results spread, and whether two recipes differ."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fmnist_core.sweeps.trial import Trial
from fmnist_core.translation import say

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Spread:
    """Accuracies of `count` seeds, 0 to 1: mean, its 95 % interval, and their standard deviation.

    With one seed nothing is known of the spread: the interval is None.
    """

    count: int
    mean: float
    interval: tuple[float, float] | None
    deviation: float


@dataclass(frozen=True)
class Comparison:
    """Two recipes on the same seeds: the second's accuracy less the first's, and if it is chance.

    `p_value` is of Student's paired t-test; `interval` the 95 % interval of the difference.
    """

    seeds: int
    difference: float
    interval: tuple[float, float]
    p_value: float

    @property
    def verdict(self) -> str:
        """What it means, in plain words."""
        values = {"points": abs(100 * self.difference), "seeds": self.seeds}
        if self.p_value >= 1 - CONFIDENCE:
            return say(
                "No difference shown with {seeds} seeds: {points:.2f} points may well be chance.",
                **values,
            )
        if self.difference > 0:
            return say(
                "The second is better by {points:.2f} points; {seeds} seeds show it is hardly "
                "chance.",
                **values,
            )
        return say(
            "The first is better by {points:.2f} points; {seeds} seeds show it is hardly chance.",
            **values,
        )


def accuracies(trials: Sequence[Trial]) -> dict[int, float]:
    """Return the best accuracy on validation by seed, of the trials that trained to their end."""
    return {
        int(one.values["seed"]): one.accuracy
        for one in trials
        if one.counts and one.accuracy is not None and "seed" in one.values
    }


def spread(values: Sequence[float]) -> Spread | None:
    """Return mean and 95 % interval (Student's t) of accuracies; None for none."""
    if not values:
        return None
    mean = float(np.mean(values))
    if len(values) < 2:
        return Spread(1, mean, None, 0.0)
    from scipy import stats

    deviation = float(np.std(values, ddof=1))
    half = stats.t.ppf((1 + CONFIDENCE) / 2, len(values) - 1) * deviation / len(values) ** 0.5
    return Spread(len(values), mean, (mean - float(half), mean + float(half)), deviation)


def compare(first: dict[int, float], second: dict[int, float]) -> Comparison | None:
    """Return what accuracies by seed say of two recipes; None below three seeds in common."""
    common = sorted(set(first) & set(second))
    if len(common) < 3:
        return None
    from scipy import stats

    differences = np.array([second[seed] - first[seed] for seed in common])
    mean = float(differences.mean())
    if not differences.std():  # the test divides by it
        return Comparison(len(common), mean, (mean, mean), 0.0 if mean else 1.0)
    found = stats.ttest_1samp(differences, 0)
    low, high = found.confidence_interval(CONFIDENCE)
    return Comparison(len(common), mean, (float(low), float(high)), float(found.pvalue))


@dataclass(frozen=True)
class Band:
    """Accuracy on validation after each epoch over seeds: mean, lowest and highest, 0 to 1."""

    epochs: list[int]
    mean: list[float]
    low: list[float]
    high: list[float]


def band(trials: Sequence[Trial]) -> Band:
    """Return the band of all trials' curves, as far as at least two of them go."""
    curves = [one.accuracies for one in trials if one.accuracies]
    longest = sorted((len(one) for one in curves), reverse=True)[1:2]
    rows = [
        [one[at] for one in curves if len(one) > at] for at in range(longest[0] if longest else 0)
    ]
    return Band(
        list(range(1, len(rows) + 1)),
        [float(np.mean(row)) for row in rows],
        [min(row) for row in rows],
        [max(row) for row in rows],
    )
