"""The history of a run: rows as written during training to columns for figures and to CSV."""

import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

# More points than pixels only cost time on every tick.
MAX_POINTS = 300

CSV_COLUMNS = (
    "kind",
    "epoch",
    "batch",
    "batches",
    "loss",
    "accuracy",
    "val_loss",
    "val_accuracy",
    "field_accuracy",
    "field_items",
    "learning_rate",
    "images_per_second",
    "seconds",
    "time",
)


@dataclass
class Curves:
    """The history of one run as columns; x counts epochs, so 1.5 is halfway through the second.

    `field_items` is how many drawings and photos its field accuracy is measured on, 0 if it is not.
    """

    name: str = ""
    field_items: int = 0
    batch_x: list[float] = field(default_factory=list)
    batch: dict[str, list[float]] = field(default_factory=lambda: {"loss": [], "accuracy": []})
    epochs: list[int] = field(default_factory=list)
    epoch: dict[str, list[float | None]] = field(
        default_factory=lambda: {
            "loss": [],
            "accuracy": [],
            "val_loss": [],
            "val_accuracy": [],
            "field_accuracy": [],
            "learning_rate": [],
        }
    )

    @classmethod
    def of(cls, rows: Sequence[Mapping[str, Any]], name: str = "") -> "Curves":
        """Return the columns of history rows that count (see `runs.valid_rows`)."""
        curves = cls(name)
        for row in rows:
            if row.get("kind") == "batch" and row.get("batches"):
                curves.batch_x.append(row["epoch"] - 1 + row["batch"] / row["batches"])
                for key, column in curves.batch.items():
                    column.append(row.get(key, np.nan))
            elif row.get("kind") == "epoch":
                curves.epochs.append(row["epoch"])
                curves.field_items = int(row.get("field_items") or curves.field_items)
                for key, values in curves.epoch.items():
                    values.append(row.get(key))
        return curves

    @property
    def best(self) -> int | None:
        """The position of the epoch with the highest validation accuracy, the first on ties."""
        values = [-1.0 if value is None else value for value in self.epoch["val_accuracy"]]
        return int(np.argmax(values)) if values and max(values) >= 0 else None


def thinned(count: int, most: int = MAX_POINTS) -> np.ndarray:
    """Return at most `most` of the positions 0 to count - 1, evenly spread, the last included."""
    if count <= most:
        return np.arange(count)
    return np.unique(np.linspace(0, count - 1, most).round().astype(int))


def condensed(rows: Sequence[dict[str, Any]], most: int = 4 * MAX_POINTS) -> list[dict[str, Any]]:
    """Return rows that count, in their order, without most of those inside epochs.

    Rows of whole epochs all stay. When there are more than `most` others, the first of each
    stretch of training stays, and the last. Stretches of doubled length hold two of the former, so
    doing this again and again thins the beginning no more than the end.
    """
    x = [
        row["epoch"] - 1 + row["batch"] / row["batches"]
        for row in rows
        if row.get("kind") == "batch" and row.get("batches")
    ]
    if len(x) <= most:
        return list(rows)
    stretch = 2.0 ** math.ceil(math.log2(2 * x[-1] / most))
    _, firsts = np.unique(np.floor(np.array(x) / stretch), return_index=True)
    kept = {*firsts.tolist(), len(x) - 1}
    inside = iter(range(len(x)))
    return [
        row
        for row in rows
        if not (row.get("kind") == "batch" and row.get("batches")) or next(inside) in kept
    ]


def to_csv(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return history rows as CSV with a header; what a row does not have stays empty."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, CSV_COLUMNS, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()
