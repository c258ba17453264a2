"""A run's folder as it was written before rows, states and file names had types."""

import csv
import io
from pathlib import Path

import pytest

from fmnist_core import files
from fmnist_core.runs.about import owner_of
from fmnist_core.runs.history import Curves, to_csv
from fmnist_core.runs.rows import valid_rows
from fmnist_core.runs.run import Run
from fmnist_core.runs.store import RunStore

FILES = {
    "about.json": '{"owner": "%s", "name": "Untitled", "created": 1795761151.9}',
    "status.json": '{"status": "paused", "reason": "", "updated": 1795761163.2, '
    '"started": 1795761152.5, "finished": 1795761163.2, '
    '"holder": {"host": "old", "pid": 29599, "since": 1795761154.8}, "epoch": 2, "batch": 5, '
    '"batches": 20, "best_epoch": 1, "images_per_second": 88471.9, "seconds": 1.4, '
    '"seconds_left": null}',
    "recipe.json": '{"name": "Untitled", "layers": [{"kind": "Flatten"}, {"kind": "Dense", '
    '"units": 10, "activation": "softmax"}], "initializer": "glorot_uniform", "optimizer": "adam", '
    '"learning_rate": 0.02, "momentum": 0.0, "nesterov": false, "weight_decay": 0.0, '
    '"schedule": "reduce_on_plateau", "batch_size": 50, "epochs": 6, "label_smoothing": 0.0, '
    '"train_examples": 1000, "validation_examples": 500, "early_stopping": 5, '
    '"weight_averaging": 0.0, "seed": 3, "precision": "float32", "augmentation": {"flip": false, '
    '"shift": 0, "rotate": 0, "zoom": 0.0, "erase": 0.0, "field": 0.0}}',
    "history.jsonl": """\
{"kind": "batch", "epoch": 1, "batch": 1, "batches": 20, "loss": 2.36, "accuracy": 0.06, \
"learning_rate": 0.02, "images_per_second": null, "time": 1795761153.1}
{"kind": "epoch", "epoch": 1, "loss": 1.98, "accuracy": 0.299, "val_loss": 1.55, \
"val_accuracy": 0.502, "field_accuracy": 0.357, "field_items": 70, "learning_rate": 0.02, \
"seconds": 0.59, "time": 1795761153.2}
{"kind": "batch", "epoch": 2, "batch": 20, "batches": 20, "loss": 1.49, "accuracy": 0.441, \
"learning_rate": 0.02, "images_per_second": 98913.7, "time": 1795761153.3}
{"kind": "epoch", "epoch": 2, "loss": 1.48, "accuracy": 0.44, "val_loss": 1.33, \
"val_accuracy": 0.464, "field_accuracy": 0.443, "field_items": 70, "learning_rate": 0.02, \
"seconds": 0.03, "time": 1795761153.4}
{"kind": "resume", "epoch": 2, "batch": 0}
{"kind": "epoch", "epoch": 2, "loss": 1.42, "accuracy": 0.434, "val_loss": null, \
"val_accuracy": null, "field_accuracy": null, "field_items": null, "learning_rate": 0.004, \
"seconds": 0.02, "time": 1795761153.5}
""",
    "control.json": '{"command": "pause", "learning_rate": 0.01, "asked": "c0ffee00"}',
}


@pytest.fixture
def run(tmp_path: Path) -> Run:
    folder = tmp_path / ("A" * 22)
    folder.mkdir()
    for name, content in FILES.items():
        (folder / name).write_text(content.replace("%s", owner_of("visitor")))
    return RunStore(tmp_path).get(folder.name)


def test_where_it_was_and_whose_it_is_are_read(run: Run) -> None:
    status = run.status()
    assert (status.status, status.epoch, status.batch, status.best_epoch) == ("paused", 2, 5, 1)
    assert (status.epochs, status.images_per_second, status.seconds_left) == (6, 88471.9, None)
    assert [found.id for found in RunStore(run.folder.parent).of("visitor")] == [run.id]
    assert run.control().learning_rate == 0.01


def test_its_curves_are_drawn_and_downloaded(run: Run) -> None:
    rows, end = run.history()
    assert end == (run.folder / "history.jsonl").stat().st_size
    curves = Curves.of(valid_rows(rows))
    assert curves.batch_x == [0.05]  # the batches of the second epoch were trained again
    assert (curves.batch["loss"], curves.batch["accuracy"]) == ([2.36], [0.06])
    assert (curves.epochs, curves.items, curves.best) == ([1, 2], 70, 0)
    assert curves.epoch == {
        "loss": [1.98, 1.42],
        "accuracy": [0.299, 0.434],
        "val_loss": [1.55, None],
        "val_accuracy": [0.502, None],
        "item_accuracy": [0.357, None],
        "learning_rate": [0.02, 0.004],
        "seconds": [0.59, 0.02],
    }
    table = list(csv.DictReader(io.StringIO(to_csv(valid_rows(rows)))))
    assert [(line["kind"], line["epoch"], line["loss"]) for line in table] == [
        ("batch", "1", "2.36"),
        ("epoch", "1", "1.98"),
        ("epoch", "2", "1.42"),
    ]


def test_it_goes_on_in_the_same_files(run: Run) -> None:
    run.clear_control()
    run.set_status("queued", finished=None)
    assert run.status().status == "queued"
    assert run.control().learning_rate == 0.01  # a wish for a rate outlives a pause
    assert {path.name for path in run.folder.iterdir()} == set(FILES)
    assert (files.read_json(run.folder / "status.json") or {})["seconds"] == 1.4
