"""Learning-rate range test: the rate grows with every batch, and the loss tells which is good.

After Smith 2015 (arXiv:1506.01186); the proposal is where the loss falls fastest.
"""

from dataclasses import dataclass

import numpy as np

from fmnist_core.data.fashion_mnist import load
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.tasks import step
from fmnist_core.translation import mark

LOWEST, HIGHEST = 1e-6, 10.0
BATCHES = 150
SMOOTHING = 0.9  # share of the running mean of losses that each batch keeps
DIVERGED = 3.0  # times the lowest loss so far: all is lost, and the test ends
IGNORED = 5  # batches at the start, where the mean has not settled


@dataclass(frozen=True)
class RateRange:
    """Learning `rates` and the smoothed `losses` after their batches, float64 (n,) each.

    `proposed` is the rate at which the loss fell fastest; None where it never fell.
    """

    rates: np.ndarray
    losses: np.ndarray
    proposed: float | None


def rate_range(recipe: Recipe) -> RateRange:
    """Return how the loss goes while the rate grows from 0.000001 to 10, or until all is lost.

    Trains a fresh network of the recipe on at most 150 batches of its training images; nothing of
    it is kept. Blocks, some seconds; raises Stopped when nobody waits any more.
    """
    from fmnist_core.training.batches import Feed
    from fmnist_core.training.network import Network

    recipe = recipe.changed(schedule="constant", learning_rate=LOWEST, weight_averaging=0.0)
    feed, network = Feed(recipe, load("train")), Network(recipe, 1)
    rates = np.geomspace(LOWEST, HIGHEST, BATCHES)
    losses: list[float] = []
    mean, lowest, epoch = 0.0, np.inf, 0
    while len(losses) < BATCHES:
        for chunk in feed.epoch(epoch):
            at = len(losses)
            step(at / BATCHES, mark("Learning rate {rate:.2g}"), rate=float(rates[at]))
            network.learning_rate = float(rates[at])
            loss = network.train(chunk)[0] / len(chunk.labels)
            mean = SMOOTHING * mean + (1 - SMOOTHING) * loss
            losses.append(mean / (1 - SMOOTHING ** (at + 1)))  # as if it had begun at the first
            lowest = min(lowest, losses[-1])
            if len(losses) == BATCHES or not losses[-1] < DIVERGED * lowest:
                found = np.array([one for one in losses if np.isfinite(one)])
                return RateRange(rates[: len(found)], found, proposed(rates[: len(found)], found))
        epoch += 1
    raise AssertionError("unreachable")


def proposed(rates: np.ndarray, losses: np.ndarray) -> float | None:
    """Return the rate at which the loss falls fastest with the logarithm of the rate, or None."""
    if len(losses) < IGNORED + 3:
        return None
    slopes = np.gradient(losses, np.log(rates))[IGNORED:]
    best = int(slopes.argmin())
    return float(rates[IGNORED + best]) if slopes[best] < 0 else None
