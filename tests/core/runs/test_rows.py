import json
import math

import pytest

from fmnist_core.runs.rows import (
    BatchRow,
    EpochRow,
    ResumeRow,
    Row,
    batch_rows,
    epoch_rows,
    from_json,
    to_json,
    valid_rows,
)


def batch(epoch: int, number: int, loss: float = 1.0) -> BatchRow:
    return BatchRow(epoch=epoch, batch=number, batches=10, loss=loss)


def test_rows_trained_again_after_a_resume_count_once() -> None:
    rows: list[Row] = [
        batch(1, 10),
        EpochRow(epoch=1),
        batch(2, 5, 0.9),
        batch(2, 9, 0.8),
        EpochRow(epoch=2),
        ResumeRow(epoch=2, batch=5),
        batch(2, 9, 0.7),
    ]
    assert batch_rows(rows) == [batch(1, 10), batch(2, 5, 0.9), batch(2, 9, 0.7)]
    assert epoch_rows(rows) == [EpochRow(epoch=1)]
    assert valid_rows(rows) == [batch(1, 10), EpochRow(epoch=1), *rows[2:3], rows[6]]


def test_a_batch_stands_before_the_end_of_its_epoch() -> None:
    assert batch(2, 5).epochs_done == 1.5
    assert batch(2, 10).position < EpochRow(epoch=2).position < batch(3, 1).position


@pytest.mark.parametrize(
    "row",
    [
        batch(3, 7),
        EpochRow(epoch=2, loss=0.5, item_accuracy=0.75, items=70, seconds=1.5),
        ResumeRow(epoch=1, batch=0),
        ResumeRow(epoch=0, batch=3),
    ],
)
def test_a_row_survives_its_line(row: Row) -> None:
    assert from_json(json.loads(json.dumps(to_json(row)))) == row


def test_what_is_not_finite_is_not_written() -> None:
    content = to_json(EpochRow(epoch=1, loss=math.inf, accuracy=0.5))
    assert "loss" not in content
    assert (content["kind"], content["accuracy"], content["val_loss"]) == ("epoch", 0.5, None)


def test_lines_written_before_rows_had_types_are_read() -> None:
    line = (
        '{"kind": "epoch", "epoch": 2, "loss": 0.41, "accuracy": 0.85, "val_loss": 0.39, '
        '"val_accuracy": 0.861, "field_accuracy": 0.5, "field_items": 70, "learning_rate": 0.001, '
        '"seconds": 3.2, "time": 1763200000.5}'
    )
    assert from_json(json.loads(line)) == EpochRow(
        epoch=2,
        loss=0.41,
        accuracy=0.85,
        val_loss=0.39,
        val_accuracy=0.861,
        item_accuracy=0.5,
        items=70,
        learning_rate=0.001,
        seconds=3.2,
        time=1763200000.5,
    )


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"kind": "note", "epoch": 1},
        {"kind": ["epoch"], "epoch": 1},
        {"kind": "epoch"},
        {"kind": "epoch", "epoch": "1"},
        {"kind": "epoch", "epoch": 0},
        {"kind": "resume", "epoch": -1, "batch": 0},
        {"kind": "batch", "epoch": 1, "batch": 5},
        {"kind": "batch", "epoch": 1, "batch": 5, "batches": 0},
        {"kind": "batch", "epoch": 1, "batch": math.nan, "batches": 8},
    ],
)
def test_what_is_no_row_is_none(content: dict[str, object]) -> None:
    assert from_json(content) is None
