"""The rows of a run's history: what training writes line by line, and which of them count."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar

from fmnist_core import files


@dataclass(frozen=True, kw_only=True)
class BatchRow:
    """What the images since the last row were like, after `batch` of `batches` in an epoch.

    `loss` is their mean, `accuracy` a share 0 to 1, `learning_rate` that of the next batch, `time`
    seconds since 1970. None is what a row does not know.
    """

    kind: ClassVar = "batch"

    epoch: int
    batch: int
    batches: int
    loss: float | None = None
    accuracy: float | None = None
    learning_rate: float | None = None
    images_per_second: float | None = None
    time: float | None = None

    @property
    def position(self) -> tuple[int, float]:
        """Epoch (1-based) and batch: rows in the order of training."""
        return self.epoch, self.batch

    @property
    def epochs_done(self) -> float:
        """How many epochs are done by then: 1.5 is halfway through the second."""
        return self.epoch - 1 + self.batch / self.batches


@dataclass(frozen=True, kw_only=True)
class EpochRow:
    """A whole epoch, and what the validation images and our own items say after it.

    `item_accuracy` is the share that is right of `items` drawings and photos; `seconds` is how
    long the epoch took.
    """

    kind: ClassVar = "epoch"

    epoch: int
    loss: float | None = None
    accuracy: float | None = None
    val_loss: float | None = None
    val_accuracy: float | None = None
    item_accuracy: float | None = None
    items: int | None = None
    learning_rate: float | None = None
    seconds: float | None = None
    time: float | None = None

    @property
    def position(self) -> tuple[int, float]:
        """The epoch (1-based), behind all of its batches."""
        return self.epoch, math.inf


@dataclass(frozen=True, kw_only=True)
class ResumeRow:
    """Training went on from an earlier point: what was written after it does not count."""

    kind: ClassVar = "resume"

    epoch: int
    batch: int


CountingRow = BatchRow | EpochRow
Row = CountingRow | ResumeRow

_KINDS: dict[str, type[Row]] = {row.kind: row for row in (BatchRow, EpochRow, ResumeRow)}
_WHOLE = ("epoch", "batch", "batches", "items")
# Before our own items were called so.
_FORMER = {"field_accuracy": "item_accuracy", "field_items": "items"}


def to_json(row: Row) -> dict[str, Any]:
    """Return a row as JSON data; a number that is not finite is left out."""
    values = asdict(row).items()
    return {
        "kind": row.kind,
        **{key: value for key, value in values if value is None or math.isfinite(value)},
    }


def from_json(content: Mapping[str, Any]) -> Row | None:
    """Return the row in JSON data, or None where it is none that makes sense."""
    made = _KINDS.get(files.text(content, "kind"))
    if made is None:
        return None
    content = {_FORMER.get(key, key): value for key, value in content.items()}
    values: dict[str, Any] = {}
    for field in fields(made):
        value = files.number(content, field.name)
        if value is not None:
            values[field.name] = int(value) if field.name in _WHOLE else value
    try:
        row = made(**values)
    except TypeError:  # an epoch or a batch is missing
        return None
    first = 0 if isinstance(row, ResumeRow) else 1
    whole = row.epoch >= first and not (isinstance(row, BatchRow) and row.batches < 1)
    return row if whole else None


def valid_rows(rows: Iterable[Row]) -> list[CountingRow]:
    """Return the rows that count: those trained again after a resume are left out."""
    kept: list[CountingRow] = []
    for row in rows:
        if isinstance(row, ResumeRow):
            kept = [old for old in kept if old.position <= (row.epoch, row.batch)]
        else:
            kept.append(row)
    return kept


def epoch_rows(rows: Iterable[Row]) -> list[EpochRow]:
    """Return the whole epochs that count."""
    return [row for row in valid_rows(rows) if isinstance(row, EpochRow)]


def batch_rows(rows: Iterable[Row]) -> list[BatchRow]:
    """Return the rows inside epochs that count."""
    return [row for row in valid_rows(rows) if isinstance(row, BatchRow)]
