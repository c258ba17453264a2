"""The history of a run: from rows to columns for figures and to CSV."""

import csv
import io
import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Literal, get_args

import numpy as np

from fmnist_core.recipes.recipe import Recipe
from fmnist_core.runs.rows import BatchRow, CountingRow, EpochRow, to_json

# More points than pixels only cost time on every tick.
MAX_POINTS = 300

_NAMES = [item.name for item in (*fields(BatchRow), *fields(EpochRow))]
_LAST = ("learning_rate", "images_per_second", "seconds", "time")
CSV_COLUMNS = ("kind", *dict.fromkeys(name for name in _NAMES if name not in _LAST), *_LAST)


@dataclass
class Curves:
    """The history of one run as columns; x counts epochs, so 1.5 is halfway through the second.

    `items` is how many drawings and photos its item accuracy is measured on, 0 if it is not.
    """

    name: str = ""
    items: int = 0
    batch_x: list[float] = field(default_factory=list)
    batch: dict[str, list[float]] = field(default_factory=lambda: {"loss": [], "accuracy": []})
    epochs: list[int] = field(default_factory=list)
    epoch: dict[str, list[float | None]] = field(
        default_factory=lambda: {
            "loss": [],
            "accuracy": [],
            "val_loss": [],
            "val_accuracy": [],
            "item_accuracy": [],
            "learning_rate": [],
            "seconds": [],
        }
    )

    @classmethod
    def of(cls, rows: Sequence[CountingRow], name: str = "") -> "Curves":
        """Return the columns of history rows that count (see `rows.valid_rows`)."""
        curves = cls(name)
        for row in rows:
            if isinstance(row, BatchRow):
                curves.batch_x.append(row.epochs_done)
                for key, column in curves.batch.items():
                    value = getattr(row, key)
                    column.append(math.nan if value is None else value)
            else:
                curves.epochs.append(row.epoch)
                curves.items = row.items or curves.items
                for key, values in curves.epoch.items():
                    values.append(getattr(row, key))
        return curves

    @property
    def best(self) -> int | None:
        """The position of the epoch with the highest validation accuracy, the first on ties."""
        values = [-1.0 if value is None else value for value in self.epoch["val_accuracy"]]
        return int(np.argmax(values)) if values and max(values) >= 0 else None


Axis = Literal["epochs", "steps", "images", "seconds"]
AXES: tuple[Axis, ...] = get_args(Axis)


def along(curves: Curves, recipe: Recipe, axis: Axis) -> list[float]:
    """Return where the ends of a run's epochs lie on an axis.

    `steps` are batches, `images` training images seen, `seconds` the time spent training.
    """
    if axis == "seconds":
        spent = [seconds or 0.0 for seconds in curves.epoch["seconds"]]
        return list(itertools.accumulate(spent))
    each = {
        "epochs": 1,
        "steps": -(-recipe.train_examples // recipe.batch_size),
        "images": recipe.train_examples,
    }[axis]
    return [float(epoch * each) for epoch in curves.epochs]


def smoothed(values: Sequence[float | None], share: float) -> list[float | None]:
    """Return a running mean that keeps `share`, 0 to 1, of itself at each value; None stays None.

    As if it had begun at the first value (the bias correction of Adam, arXiv:1412.6980).
    """
    mean, weight = 0.0, 0.0
    found: list[float | None] = []
    for value in values:
        if value is None:
            found.append(None)
            continue
        mean = share * mean + (1 - share) * value
        weight = share * weight + (1 - share)
        found.append(mean / weight)
    return found


def thinned(count: int, most: int = MAX_POINTS) -> np.ndarray:
    """Return at most `most` of the positions 0 to count - 1, evenly spread, the last included."""
    if count <= most:
        return np.arange(count)
    return np.unique(np.linspace(0, count - 1, most).round().astype(int))


def condensed(rows: Sequence[CountingRow], most: int = 4 * MAX_POINTS) -> list[CountingRow]:
    """Return rows that count, in their order, without most of those inside epochs.

    Rows of whole epochs all stay. When there are more than `most` others, the first of each
    stretch of training stays, and the last. Stretches of doubled length hold two of the former, so
    doing this again and again thins the beginning no more than the end.
    """
    x = [row.epochs_done for row in rows if isinstance(row, BatchRow)]
    if len(x) <= most:
        return list(rows)
    stretch = 2.0 ** math.ceil(math.log2(2 * x[-1] / most))
    _, firsts = np.unique(np.floor(np.array(x) / stretch), return_index=True)
    kept = {*firsts.tolist(), len(x) - 1}
    inside = iter(range(len(x)))
    return [row for row in rows if not isinstance(row, BatchRow) or next(inside) in kept]


def to_csv(rows: Sequence[CountingRow]) -> str:
    """Return history rows as CSV with a header; what a row does not have stays empty."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, CSV_COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(to_json(row) for row in rows)
    return stream.getvalue()
