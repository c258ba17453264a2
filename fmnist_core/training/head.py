"""A network's last layer alone: it learns new answers from features, and rehearses the old ones."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from fmnist_core.models.calibration import softmax

if TYPE_CHECKING:
    import keras

SURE = 0.8  # the probability from which a lesson counts as learned
MOST_STEPS = 400
# Of this thread's processor time: some networks have thousands of features, and on a busy machine a
# clock would end it before anything is learned.
MOST_SECONDS = 6.0
# The rate is divided by the features' squares: it is about the change of a lesson's log odds.
LEARNING_RATE, MOMENTUM = 5.0, 0.9
# How much more the rehearsed images count than the lessons. With 1 a few lessons cost the field
# model 2 to 10 points on validation images, with 30 about half a point, and are learned all the
# same.
REPLAY_WEIGHT = 30


class New(NamedTuple):
    """What is to be learned: features (n, d) of readings, whose each is, and the lessons' labels.

    `owners` (n,) are positions in `labels` (lessons,).
    """

    features: np.ndarray
    owners: np.ndarray
    labels: np.ndarray


class Head:
    """A network's last layer: softmax of features times `kernel` plus `bias`."""

    def __init__(self, kernel: np.ndarray, bias: np.ndarray) -> None:
        self.kernel, self.bias = kernel.astype(np.float64), bias.astype(np.float64)

    @classmethod
    def of(cls, network: "keras.Model") -> "Head":
        """Return the last dense layer of a network."""
        kernel, bias = _last_dense(network).get_weights()
        return cls(kernel, bias)

    def write(self, network: "keras.Model") -> None:
        """Put the weights into the last dense layer of a network."""
        _last_dense(network).set_weights([self.kernel, self.bias])

    def probabilities(self, features: np.ndarray) -> np.ndarray:
        """Return (n, 10) for features (n, d)."""
        return softmax(features @ self.kernel + self.bias)

    def learn(
        self,
        new: New,
        old: np.ndarray,
        targets: np.ndarray,
        go_on: Callable[[float], bool] = lambda done: True,
    ) -> int | None:
        """Learn the new and keep the rest; return the number of steps, None if ended early.

        `old` are features (m, d) whose probabilities `targets` (m, 10) shall stay. Gradient
        descent with momentum on the mean cross-entropies of both, until each lesson has a mean
        probability of SURE, or MOST_STEPS or MOST_SECONDS are over. `go_on` is asked every
        ten steps, with the share of steps that is done.
        """
        features, owners, labels = new
        middle, spread = old.mean(0), old.std(0)
        # A feature that the data set hardly uses must not drown the others.
        spread = spread + 0.1 * spread.mean() + 1e-6
        both = np.concatenate([(features - middle) / spread, (old - middle) / spread])
        both = np.c_[both, np.ones(len(both))].astype(np.float32)
        wanted = np.concatenate([np.eye(targets.shape[1])[labels[owners]], targets])
        wanted = wanted.astype(np.float32)
        each = 1 / np.bincount(owners)[owners] / len(labels)
        rehearsed = np.full(len(old), REPLAY_WEIGHT / len(old))
        weight = np.concatenate([each, rehearsed])[:, None].astype(np.float32)
        # The same function of the scaled features, whose last one is the bias.
        values = np.r_[self.kernel * spread[:, None], [self.bias + middle @ self.kernel]]
        values = values.astype(np.float32)
        largest = float((both[: len(owners)] ** 2).sum(1).max())
        speed, last = np.zeros_like(values), np.inf
        rate = LEARNING_RATE / max(largest, len(values))
        end, steps = time.thread_time() + MOST_SECONDS, 0
        for steps in range(MOST_STEPS):
            if steps % 10 == 0 and not go_on(steps / MOST_STEPS):
                return None
            found = softmax(both @ values)
            right = found[np.arange(len(owners)), labels[owners]]
            mean = np.bincount(owners, right) / np.bincount(owners)
            if mean.min() >= SURE or time.thread_time() > end:
                break
            loss = float(-(weight * wanted * np.log(found + 1e-7)).sum())
            if loss > last:  # overshot: begin anew, more carefully (arXiv:1204.3982)
                speed, rate = np.zeros_like(values), 0.7 * rate
            last = loss
            speed = MOMENTUM * speed + both.T @ (weight * (found - wanted))
            values = values - rate * speed
        self.kernel = values[:-1] / spread[:, None]
        self.bias = values[-1] - middle @ self.kernel
        return steps


def _last_dense(network: "keras.Model") -> Any:  # noqa: ANN401 - a Keras layer
    import keras

    return next(x for x in reversed(network.layers) if isinstance(x, keras.layers.Dense))
