import base64
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image, ImageDraw

from fmnist_core import files
from fmnist_core.data.fashion_mnist import load
from fmnist_core.exports import bundle as bundles
from fmnist_core.exports import tensorboard
from fmnist_core.exports.bundle import bundle, check, write_golden
from fmnist_core.exports.card import model_card
from fmnist_core.exports.formats import FORMATS, ExportError, export
from fmnist_core.exports.preparation import preparation
from fmnist_core.models import catalogue
from fmnist_core.preprocessing.prepare import prepare
from fmnist_core.recipes.layers import Conv2D, Dense, Flatten
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.runs.rows import BatchRow, EpochRow
from fmnist_core.runs.store import RunStore
from fmnist_core.wording import percent
from tests.support.runs import finished_run, trained_run

LOGITS = Recipe(
    name="Mine *and* [yours](x)",
    layers=(Conv2D(filters=2, strides=4), Flatten(), Dense(units=10, activation="linear")),
    epochs=1,
)


@pytest.fixture
def model(runs_folder: Path) -> catalogue.Model:
    return catalogue.from_run(trained_run(LOGITS))


@pytest.mark.with_files
def test_every_format_answers_as_the_app_does_in_a_process_of_its_own(
    model: catalogue.Model, tmp_path: Path
) -> None:
    write_golden(model, tmp_path)
    for name, kind in FORMATS.items():
        (tmp_path / f"model{kind.ending}").write_bytes(export(model, name))
    said = check(tmp_path).splitlines()
    assert len(said) == len(FORMATS) - 1  # weights alone do not answer
    assert all("agrees" in line for line in said)
    small, large = (len(export(model, name)) for name in ("litert-int8", "litert"))
    assert small != large


@pytest.mark.with_files
def test_a_file_that_answers_otherwise_is_not_offered(
    model: catalogue.Model, tmp_path: Path, runs_folder: Path
) -> None:
    write_golden(model, tmp_path)
    other = catalogue.from_run(trained_run(LOGITS.changed(seed=1)))
    (tmp_path / "model.tflite").write_bytes(export(other, "litert"))
    with pytest.raises(ExportError, match=r"not offered: model.tflite: DOES NOT AGREE"):
        check(tmp_path)
    (tmp_path / "model.tflite").write_bytes(b"nothing")
    with pytest.raises(ExportError, match="not offered"):
        check(tmp_path)


@pytest.mark.with_files
def test_a_bundle_has_all_of_a_model_and_nothing_that_failed(
    model: catalogue.Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundles, "LOST_WITH_INT8", -2.0)  # whatever 8 bits lose is too much
    shares: list[float] = []
    monkeypatch.setattr(bundles, "step", lambda share, _words, **_: shares.append(share))
    with zipfile.ZipFile(io.BytesIO(bundle(str(model.folder)))) as archive:
        names = {Path(name).name for name in archive.namelist()}
        assert {Path(name).parts[0] for name in archive.namelist()} == {"mine-and-yours-x"}
    count = len(FORMATS)
    assert shares[: count + 1] == [at / (count + 1) for at in range(count + 1)]
    assert "mine-and-yours-x.onnx" in names
    assert "mine_and_yours_x.py" in names
    assert {"README.md", "mine-and-yours-x.html"} <= names
    assert {"golden.npz", "self_test.py", "preparation.py"} <= names
    assert {Path(name).suffix for name in names} >= {".keras", ".tflite", ".onnx", ".json", ".csv"}
    assert not any("int8" in name for name in names)
    assert sum(name.endswith(".png") for name in names) >= 5
    assert tensorboard.FILE in names


def test_a_preparation_that_does_otherwise_is_not_offered(
    model: catalogue.Model, tmp_path: Path
) -> None:
    write_golden(model, tmp_path)
    source = preparation()
    (tmp_path / "preparation.py").write_text(source, encoding="utf-8")
    assert "preparation.py: agrees, " in check(tmp_path)
    other = source.replace("return item.array", "return item.array + 1")
    (tmp_path / "preparation.py").write_text(other, encoding="utf-8")
    with pytest.raises(ExportError, match=r"preparation.py: DOES NOT AGREE, 0 of"):
        check(tmp_path)


def test_the_card_has_figures_and_shows_a_visitors_words_as_they_are(
    runs_folder: Path,
) -> None:
    run = finished_run(LOGITS, right=9000)
    (run.folder / "model.tflite").write_bytes(b"")
    found = model_card(catalogue.Model("x", LOGITS.name, run.folder, LOGITS), 0.8912)
    assert found.startswith("# Mine \\*and\\* \\[yours\\](x)\n")
    assert "90.00 % of 10,000 test images (95 % interval 89.40 % to 90.57 %)" in found
    assert "With 8 bits (`-int8.tflite`): 89.12 % of the test images." in found
    labels = load("test").labels
    boots = float((labels[:9000] == 9).sum() / (labels == 9).sum())
    assert f"| Ankle boot | {percent(boots)} |" in found


def test_a_model_that_was_judged_on_other_images_or_none_has_no_figures(
    runs_folder: Path,
) -> None:
    run = finished_run(LOGITS)
    path = run.folder / "evaluation.npz"
    files.write_arrays(
        path, ((name, np.full((7, 10), 0.1)) for name in files.read_arrays(path) or ())
    )
    for remove in (False, True):
        if remove:
            path.unlink()
        found = model_card(catalogue.Model("x", LOGITS.name, run.folder, LOGITS))
        assert "- Its accuracy on the test images was not measured.\n" in found
        assert "| class |" not in found


def test_a_network_of_8_bits_is_kept_if_it_loses_half_a_point_at_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    labels = load("test").labels
    right = {"whole": 9000, "just": 8951, "less": 8949}

    class Answers:
        def __init__(self, path: Path) -> None:
            self.right = right[path.name]

        def predict(self, images: np.ndarray) -> tuple[np.ndarray, None]:
            answers = np.where(np.arange(len(labels)) < self.right, labels, (labels + 1) % 10)
            return np.eye(10)[answers], None

    monkeypatch.setattr(bundles, "Classifier", Answers)
    model = cast("catalogue.Model", SimpleNamespace(tflite_file=tmp_path / "whole"))
    for name, expected in (("just", 0.8951), ("less", None)):
        (tmp_path / name).touch()
        assert bundles._kept_accuracy(model, tmp_path / name) == expected
        assert (tmp_path / name).exists() is (expected is not None)


def test_the_parts_of_the_preparation_have_a_fixed_time() -> None:
    # The same sources make the same file.
    text = preparation().split('_ARCHIVE = """')[1].split('"""')[0].replace("\n", "")
    with zipfile.ZipFile(io.BytesIO(base64.b85decode(text))) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2020, 1, 1, 0, 0, 0)}
        assert {entry.compress_type for entry in archive.infolist()} == {zipfile.ZIP_DEFLATED}
        assert "fmnist_core/preprocessing/prepare.py" in archive.namelist()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("a.keras: agrees, 100%\nb.onnx: DOES NOT AGREE\n", "not offered: b.onnx: DOES NOT AGREE"),
        ("", "not offered: they do not load"),
    ],
)
def test_the_first_file_that_does_not_agree_is_named(said: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "self_test.py").write_text(f"import sys; print({said!r}, end=''); sys.exit(1)")
    with pytest.raises(ExportError, match=words):
        check(tmp_path)


def test_a_test_that_does_not_end_is_cut_off_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundles, "TEST_SECONDS", 0.1)
    (tmp_path / "self_test.py").write_text("import time; time.sleep(60)")
    with pytest.raises(ExportError, match="did not answer in time"):
        check(tmp_path)


def test_a_model_without_weights_is_refused_in_words(tmp_path: Path) -> None:
    empty = catalogue.Model("x", "Nothing", tmp_path, LOGITS)
    with pytest.raises(ExportError, match="Nothing has no weights to export"):
        export(empty, "onnx")


def test_the_preparation_is_one_file_that_does_the_same_without_this_project(
    tmp_path: Path,
) -> None:
    picture = Image.new("RGB", (300, 300), "white")
    ImageDraw.Draw(picture).rectangle((80, 60, 220, 240), outline="black", width=12)
    picture.save(tmp_path / "drawing.png")
    (tmp_path / "preparation.py").write_text(preparation(), encoding="utf-8")
    code = (
        "import sys, json; sys.path.insert(0, '.'); from preparation import image_of; "
        "print(json.dumps(image_of('drawing.png').tolist()))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    np.testing.assert_array_equal(np.array(json.loads(done.stdout)), prepare(picture).array)


def test_curves_for_tensorboard_have_their_steps_times_and_values(runs_folder: Path) -> None:
    run = RunStore().create(LOGITS, "visitor")
    run.append(BatchRow(epoch=2, batch=3, batches=10, loss=0.5, time=1000.0))
    run.append(EpochRow(epoch=2, loss=0.25, val_accuracy=0.75, time=2000.0))
    path = runs_folder / "events"
    path.write_bytes(tensorboard.event_file(run))
    first, batch, epoch = tf.compat.v1.train.summary_iterator(str(path))
    assert first.file_version == "brain.Event:2"
    assert (batch.step, batch.wall_time) == (13, 1000.0)
    assert [(one.tag, one.simple_value) for one in batch.summary.value] == [("batch/loss", 0.5)]
    assert (epoch.step, epoch.wall_time) == (2, 2000.0)
    assert {one.tag: one.simple_value for one in epoch.summary.value} == {
        "epoch/loss": 0.25,
        "validation/accuracy": 0.75,
    }
