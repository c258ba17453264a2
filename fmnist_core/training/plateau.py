"""What Keras' callbacks of the same names do, as plain numbers that a checkpoint can keep."""

import math
from dataclasses import dataclass


@dataclass
class ReduceLROnPlateau:
    """Says when the learning rate should fall; numbers as in `keras.callbacks`.

    Keras' own defaults are a tenth after ten epochs: too late for runs of ten to twenty.
    """

    best: float = math.inf
    wait: int = 0

    patience = 2
    factor = 0.2
    min_delta = 1e-4

    def update(self, loss: float) -> bool:
        """Take note of an epoch's loss; return whether the rate is to be multiplied by `factor`."""
        self.wait += 1
        if loss < self.best - self.min_delta:
            self.best, self.wait = loss, 0
        if self.wait < self.patience:
            return False
        self.wait = 0
        return True


@dataclass
class EarlyStopping:
    """Says when an epoch was the last that is worth its time."""

    best: float = math.inf
    wait: int = 0

    def update(self, loss: float, patience: int) -> bool:
        """Take note of an epoch's loss; return whether `patience` epochs brought nothing better.

        A patience of 0 never stops.
        """
        self.wait += 1
        if loss < self.best:
            self.best, self.wait = loss, 0
        return 0 < patience <= self.wait
