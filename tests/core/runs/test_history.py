"""History rows to columns and CSV."""

import itertools
from typing import Any

import numpy as np
import pytest

from fmnist_core.figures.training import curve, overlay
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.runs.history import Curves, along, condensed, smoothed, thinned, to_csv
from fmnist_core.runs.rows import BatchRow, CountingRow, EpochRow


def batch(epoch: int, number: int, **values: Any) -> BatchRow:  # noqa: ANN401 - fields of a row
    return BatchRow(epoch=epoch, batch=number, batches=10, **values)


def epoch(number: int, **values: Any) -> EpochRow:  # noqa: ANN401
    return EpochRow(epoch=number, **values)


ROWS: list[CountingRow] = [
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


def test_a_long_history_is_kept_small_and_even_however_it_grows() -> None:
    kept: list[CountingRow] = []
    for number in range(1, 501):
        kept = condensed([*kept, *(batch(number, part, loss=1.0) for part in range(10))], 100)
        kept.append(epoch(number, loss=1.0))
    kept = condensed(kept, 100)
    assert [row.epoch for row in kept if isinstance(row, EpochRow)] == list(range(1, 501))
    x = Curves.of(kept).batch_x
    assert len(x) <= 100
    assert (x[0], x[-1]) == (0.0, 499.9)
    # No stretch of the curve is lost, and none is drawn finer than the others.
    gaps = [after - before for before, after in itertools.pairwise(x)]
    assert max(gaps) == pytest.approx(16)
    assert np.median(gaps[:30]) == pytest.approx(16)


def test_a_short_history_is_kept_whole() -> None:
    assert condensed(ROWS) == ROWS


def test_the_best_epoch_is_ringed_in_the_chart() -> None:
    ring = curve(Curves.of(ROWS), "accuracy")["series"][-1]
    assert ring["name"] == "best epoch: 1"
    assert ring["data"] == [[1, 70.0]]


def test_a_run_that_has_not_begun_has_empty_axes() -> None:
    option = curve(Curves(), "loss")
    assert (option["xAxis"]["max"], option["yAxis"]["max"]) == (1, 2.5)


def test_epochs_without_validation_leave_no_gap_of_nothing() -> None:
    rows: list[CountingRow] = [epoch(1, loss=0.5, accuracy=0.8), batch(2, 1, loss=float("nan"))]
    series = {line["name"]: line["data"] for line in curve(Curves.of(rows), "loss")["series"]}
    assert series == {"inside the epoch": [], "training": [[1, 0.5]], "validation": []}


def test_the_axis_shows_what_epochs_reach_not_the_first_batch() -> None:
    rows = [batch(1, n, loss=1.0, accuracy=0.1 if n == 1 else 0.8) for n in range(1, 101)]
    option = curve(Curves.of([*rows, epoch(1, loss=1.0, accuracy=0.9)]), "accuracy")
    assert (option["yAxis"]["min"], option["yAxis"]["max"]) == (80, 90)


def test_an_overlay_lists_each_run_once_also_under_equal_names() -> None:
    option = overlay([Curves.of(ROWS, "A"), Curves.of(ROWS, "A")], "loss")
    assert option["legend"]["data"] == ["A (1)", "A (2)"]
    assert option["series"][1]["data"] == [[1, 0.8], [2, 0.7]]


def test_csv_has_every_row_under_one_header() -> None:
    lines = to_csv(ROWS[:2]).splitlines()
    assert lines[0].startswith("kind,epoch,batch,batches,loss,accuracy,val_loss")
    assert lines[1] == "batch,1,5,10,1.0,0.5,,,,,,,,"
    assert lines[2] == "epoch,1,,,0.9,0.6,0.8,0.7,,,,,,"


def test_the_curve_of_our_own_items_says_how_many_items_it_is_of() -> None:
    rows = [epoch(1, loss=1.0), epoch(2, loss=0.9, item_accuracy=0.5, items=70)]
    curves = Curves.of(rows)
    assert curves.epoch["item_accuracy"] == [None, 0.5]
    assert curves.items == 70
    assert Curves.of(rows[:1]).items == 0
    assert to_csv(rows).splitlines()[2].startswith("epoch,2,,,0.9,,,,0.5,70")


def test_the_curve_of_our_own_items_stands_among_accuracies_only() -> None:
    rows = [epoch(1, loss=1.0, accuracy=0.5, item_accuracy=0.4, items=70)]
    curves = Curves.of(rows)
    names = [line["name"] for line in curve(curves, "accuracy")["series"]]
    assert "70 drawings and photos" in names
    assert not any("photos" in line["name"] for line in curve(curves, "loss")["series"])
    without = curve(Curves.of([epoch(1, loss=1.0, accuracy=0.5)]), "accuracy")
    assert not any("photos" in line["name"] for line in without["series"])


def test_epochs_lie_at_their_steps_images_and_seconds() -> None:
    recipe = Recipe(train_examples=100, batch_size=32, validation_examples=0)
    rows = [EpochRow(epoch=1, seconds=2.0), EpochRow(epoch=2), EpochRow(epoch=3, seconds=1.5)]
    curves = Curves.of(rows)
    assert along(curves, recipe, "epochs") == [1, 2, 3]
    assert along(curves, recipe, "steps") == [4, 8, 12]
    assert along(curves, recipe, "images") == [100, 200, 300]
    assert along(curves, recipe, "seconds") == [2, 2, 3.5]


def test_smoothing_starts_at_the_first_value_and_keeps_gaps() -> None:
    assert smoothed([1.0, None, 3.0], 0.0) == [1.0, None, 3.0]
    # (0.5 · 0.5 · 1 + 0.5 · 3) / (0.5 · 0.5 + 0.5)
    assert smoothed([1.0, None, 3.0], 0.5) == pytest.approx([1.0, None, 7 / 3])
    assert smoothed([], 0.9) == []


def test_an_overlay_tells_many_runs_apart_and_keeps_raw_lines_behind_smooth_ones() -> None:
    rows = [EpochRow(epoch=n, loss=1 / n, val_loss=2 / n) for n in range(1, 4)]
    runs = [Curves.of(rows, "A")] * 20
    lines = overlay(runs, "loss")["series"][1::2]
    assert len({(line["itemStyle"]["color"], line["symbol"]) for line in lines}) == 20
    found = overlay(runs[:2], "loss", at=[[10, 20, 30]] * 2, smoothing=0.5, baseline=1)
    raw, smooth, _, base = found["series"]
    assert raw["data"] == [[10, 2.0], [20, 1.0], [30, 0.66667]]
    assert smooth["data"][0] == [10, 2.0]
    assert smooth["data"][2][1] > 0.66667
    assert base["name"] == "A (2), baseline"
    assert base["lineStyle"]["width"] == 4
