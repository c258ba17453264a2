"""History rows to columns and CSV."""

from typing import Any

import numpy as np

from fmnist_core.figures_training import curve, overlay, refresh
from fmnist_core.history import Curves, thinned, to_csv


def batch(epoch: int, number: int, **values: float) -> dict[str, Any]:
    return {"kind": "batch", "epoch": epoch, "batch": number, "batches": 10, **values}


def epoch(number: int, **values: float | None) -> dict[str, Any]:
    return {"kind": "epoch", "epoch": number, **values}


ROWS = [
    batch(1, 5, loss=1.0, accuracy=0.5),
    epoch(1, loss=0.9, accuracy=0.6, val_loss=0.8, val_accuracy=0.7),
    batch(2, 5, loss=0.7, accuracy=0.75),
    epoch(2, loss=0.6, accuracy=0.8, val_loss=0.7, val_accuracy=0.7),
]


def test_a_batch_lies_inside_its_epoch_and_an_epoch_at_its_end() -> None:
    curves = Curves.of(ROWS)
    assert curves.batch_x == [0.5, 1.5]
    assert curves.batch["loss"] == [1.0, 0.7]
    assert curves.epochs == [1, 2]
    assert curves.epoch["val_accuracy"] == [0.7, 0.7]


def test_the_best_epoch_is_the_first_of_equals() -> None:
    assert Curves.of(ROWS).best == 0


def test_without_validation_no_epoch_is_best() -> None:
    assert Curves.of([epoch(1, loss=0.5, accuracy=0.8)]).best is None
    assert Curves.of([]).best is None


def test_thinning_keeps_both_ends_and_at_most_as_many() -> None:
    kept = thinned(10_000, 300)
    assert len(kept) == 300
    assert (kept[0], kept[-1]) == (0, 9999)
    assert thinned(3, 300).tolist() == [0, 1, 2]


def test_the_best_epoch_is_ringed_in_the_figure() -> None:
    ring = curve(Curves.of(ROWS), "accuracy").data[-1]
    assert ring.name == "best epoch: 1"
    assert (list(ring.x), list(ring.y)) == ([1], [0.7])


def test_a_figure_that_is_refreshed_equals_a_new_one() -> None:
    figure = curve(Curves.of(ROWS[:1]), "loss")
    refresh(figure, Curves.of(ROWS), "loss")
    assert figure == curve(Curves.of(ROWS), "loss")


def test_a_run_that_has_not_begun_has_empty_axes() -> None:
    figure = curve(Curves(), "loss")
    assert list(figure.layout.xaxis.range) == [0, 1]


def test_names_of_visitors_are_no_markup_in_an_overlay() -> None:
    figure = overlay([Curves.of(ROWS, "<a href='x'>&"), Curves.of(ROWS, "B")], "loss")
    assert figure.data[1].name == "&lt;a href='x'>&amp;"
    assert np.array_equal(figure.data[1].y, [0.8, 0.7])


def test_csv_has_every_row_under_one_header() -> None:
    lines = to_csv(ROWS[:2]).splitlines()
    assert lines[0].startswith("kind,epoch,batch,batches,loss,accuracy,val_loss")
    assert lines[1] == "batch,1,5,10,1.0,0.5,,,,,,"
    assert lines[2] == "epoch,1,,,0.9,0.6,0.8,0.7,,,,"
