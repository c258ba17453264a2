import json
import shutil
import subprocess
import sys
import time
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from fmnist_core import commands
from fmnist_core.__main__ import main
from fmnist_core.commands.common import content_of
from fmnist_core.data import fashion_mnist
from fmnist_core.data.fashion_mnist import CLASS_NAMES, DatasetError
from fmnist_core.evaluation.real_pictures import Score
from fmnist_core.models.out_of_distribution import Verdict
from fmnist_core.recipes.layers import Dense, Flatten
from fmnist_core.recipes.presets import PRESETS
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.runs.rows import BatchRow, EpochRow
from fmnist_core.runs.run import Run
from fmnist_core.runs.store import RunStore
from fmnist_core.sweeps.trial import Trial
from fmnist_core.training import train
from tests.support.models import QUARTERS, ship


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one shipped model, *compact*, whose network answers by image quarters."""
    root = tmp_path / "models"
    ship(root, "compact")
    monkeypatch.setenv("FMNIST_MODELS", str(root))
    return root


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "boot.png"
    array = np.zeros((28, 28), np.uint8)
    array[4:24, 2:26] = 200
    Image.fromarray(array).save(path)
    return path


def output(capsys: pytest.CaptureFixture[str], *words: str | Path) -> list[dict[str, Any]]:
    assert main([str(word) for word in words]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def sentence(capsys: pytest.CaptureFixture[str], *words: str | Path) -> str:
    """The one line that a command which must fail prints."""
    assert main([str(word) for word in words]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    return captured.err.strip()


@pytest.mark.parametrize(
    "words",
    [("--json", "data", "verify"), ("data", "--json", "verify"), ("data", "verify", "--json")],
)
def test_json_may_stand_anywhere(capsys: pytest.CaptureFixture[str], words: tuple[str]) -> None:
    (result,) = output(capsys, *words)
    assert result["verified"] is True
    assert result["sha256"] == fashion_mnist.SHA256


def test_a_damaged_data_file_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def verify() -> None:
        raise DatasetError("train.gz is missing.\nRestore it.")

    monkeypatch.setattr(fashion_mnist, "verify", verify)
    assert sentence(capsys, "data", "verify") == "train.gz is missing. Restore it."


def test_presets_are_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    rows = output(capsys, "presets", "--json")
    assert [row["name"] for row in rows] == list(PRESETS)
    assert {row["name"]: row["parameters"] for row in rows}["wide-cnn-on-20000"] == 29_306_282
    assert all(row["multiply_adds"] > 100_000 for row in rows)


def test_evaluate_runs_the_network_on_all_test_images(
    capsys: pytest.CaptureFixture[str], shelf: Path
) -> None:
    begin = time.perf_counter()
    (result,) = output(capsys, "evaluate", "compact", "--json")
    assert result["seconds"] <= time.perf_counter() - begin
    assert result["test_examples"] == 10_000
    # The card claims 0.935; this network only adds up quarters and cannot know that.
    assert 0 < result["test_accuracy"] < 0.5
    assert result["test_loss"] > 0
    assert result["parameters"] == 7
    assert result["seconds"] > 0
    assert sum(result["recall"].values()) / 10 == pytest.approx(result["test_accuracy"])


def test_evaluate_says_that_a_model_comes_without_weights(
    capsys: pytest.CaptureFixture[str], shelf: Path
) -> None:
    (shelf / "compact" / "model.tflite").unlink()
    assert "without weights" in sentence(capsys, "evaluate", "compact", "--json")


def test_predict_answers_in_the_order_given(
    capsys: pytest.CaptureFixture[str], shelf: Path, picture: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.webp"
    Image.open(picture).rotate(90).convert("RGB").save(other)
    files = [str(other), str(picture), str(other)]
    (result,) = output(capsys, "predict", "compact", *files, "--kind", "dataset", "--json")
    assert [row["file"] for row in result["files"]] == files
    assert result["files"][0]["probabilities"] == result["files"][2]["probabilities"]
    for row in result["files"]:
        assert tuple(row["probabilities"]) == CLASS_NAMES
        assert sum(row["probabilities"].values()) == pytest.approx(1, abs=1e-5)
        assert row["probabilities"][row["label"]] == max(row["probabilities"].values())


def test_predict_warns_of_what_is_no_item_as_the_page_does(
    capsys: pytest.CaptureFixture[str], shelf: Path, picture: Path, tmp_path: Path
) -> None:
    noise = tmp_path / "noise.png"
    pixels = np.random.default_rng(3).integers(0, 256, (280, 280, 3), np.uint8)
    Image.fromarray(pixels).save(noise)
    (result,) = output(capsys, "predict", "compact", noise, picture, "--json")
    strange, known = result["files"]
    assert (strange["out_of_distribution"], strange["sure"]) == (True, False)
    assert strange["reason"].endswith(".")
    assert (known["out_of_distribution"], known["reason"]) == (False, "")
    assert main(["predict", "compact", str(noise)]) == 0
    words = capsys.readouterr().out
    assert f"{noise}: perhaps " in words
    assert "unlike all ten classes" in words


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize("strange", [False, True])
@pytest.mark.parametrize("likely", [0.49, 0.5])
def test_predict_is_sure_of_what_is_likely_and_like_an_item(
    capsys: pytest.CaptureFixture[str],
    picture: Path,
    monkeypatch: pytest.MonkeyPatch,
    likely: float,
    strange: bool,
) -> None:
    answers = np.full(10, (1 - likely) / 9)
    answers[8] = likely
    monkeypatch.setattr(commands.predict, "classify", lambda *_: (answers, []))
    monkeypatch.setattr(commands.predict, "judge", lambda _: Verdict(strange, "", 0.0))
    (result,) = output(capsys, "predict", "compact", picture, "--json")
    (row,) = result["files"]
    assert (row["label"], row["probabilities"]["Bag"]) == ("Bag", likely)
    assert row["sure"] is (likely >= 0.5 and not strange)


def test_predict_names_the_file_it_cannot_use(
    capsys: pytest.CaptureFixture[str], shelf: Path, picture: Path, tmp_path: Path
) -> None:
    cut = tmp_path / "cut.png"
    cut.write_bytes(picture.read_bytes()[:60])
    empty = tmp_path / "empty.png"
    Image.new("L", (28, 28)).save(empty)
    for bad in (cut, empty, tmp_path / "nowhere.png", tmp_path):
        assert sentence(capsys, "predict", "compact", picture, bad).startswith(str(bad))


def test_of_a_large_file_one_byte_more_is_read_than_may_be(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"abcde")
    assert [content_of(path, most) for most in (3, 4, 5)] == [b"abcd", b"abcde", b"abcde"]


def test_runs_lists_what_is_in_the_folder(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert output(capsys, "runs", "--json", "--runs", tmp_path / "none")[0]["runs"] == []
    run = RunStore(tmp_path).create(PRESETS["lightning"].recipe, "somebody")
    (result,) = output(capsys, "runs", "--json", "--runs", tmp_path)
    assert [(row["id"], row["status"]) for row in result["runs"]] == [(run.id, "queued")]
    assert "owner" not in result["runs"][0]
    assert "no finished network" in sentence(capsys, "evaluate", run.id, "--runs", tmp_path)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), "VERB"),
        (("fly",), "invalid choice: 'fly'"),
        (("data",), "verify"),
        (("train",), "--preset --recipe is required"),
        (("train", "--preset", "lightning", "--recipe", "x.json"), "not allowed with"),
        (("train", "--preset", "unheard-of"), "No preset is called 'unheard-of'"),
        (("train", "--preset", "lightning", "--epochs", "-1"), "epochs is -1"),
        (("train", "--preset", "lightning", "--epochs", "two"), "invalid int value: 'two'"),
        (("train", "--preset", "lightning", "--examples", "0"), "train_examples is 0"),
        (("train", "--preset", "lightning", "--examples", "70000"), "train_examples is 70"),
        (("train", "--recipe", "nowhere.json"), "nowhere.json cannot be read"),
        (("train", "--recipe", "/"), "Is a directory"),
        (("train", "--recipe", "/dev/zero"), "32,769 bytes"),
        (("train", "--recipe", "a\0b"), "null"),
        (("evaluate",), "MODEL"),
        (("evaluate", "unheard-of"), "'unheard-of' is the name of no model"),
        (("evaluate", "../../etc"), "is the name of no model"),
        (("predict", "compact"), "FILE"),
        (("predict", "compact", "x.png", "--kind", "hat"), "invalid choice: 'hat'"),
        (("predict", "compact", "a\0b"), "null"),
        (("predict", "unheard-of", "/dev/null"), "/dev/null: The file is empty"),
    ],
)
def test_a_mistake_gets_one_sentence(
    capsys: pytest.CaptureFixture[str], shelf: Path, words: tuple[str], expected: str
) -> None:
    assert expected in sentence(capsys, *words)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"hat": 1}', b"\xff\xfe", b"[" * 9999])
def test_a_bad_recipe_file_gets_one_sentence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "recipe.json"
    path.write_bytes(content)
    assert "ecipe" in sentence(capsys, "train", "--recipe", path)


def call(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "fmnist_core", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_as_a_program_it_answers_on_standard_output_and_fails_with_status_2(
    tmp_path: Path,
) -> None:
    good = call("runs", "--json", "--runs", tmp_path)
    assert (good.returncode, good.stderr) == (0, "")
    assert json.loads(good.stdout) == {"folder": str(tmp_path), "runs": []}
    bad = call("evaluate", "unheard-of", "--json")
    assert (bad.returncode, bad.stdout) == (2, "")
    assert bad.stderr.count("\n") == 1
    assert "Traceback" not in bad.stderr


def test_a_recipe_is_trained_evaluated_and_asked(tmp_path: Path, picture: Path) -> None:
    layers = (Flatten(), Dense(units=4), Dense(units=10, activation="softmax"))
    recipe = Recipe(name="Tiny", layers=layers, validation_examples=100)
    file = tmp_path / "recipe.json"
    file.write_text(recipe.to_json())
    words = ("--epochs", "2", "--examples", "320", "--runs", tmp_path / "runs", "--json")
    done = call("train", "--recipe", file, *words)
    assert done.returncode == 0, done.stderr
    trained = json.loads(done.stdout)
    assert (trained["status"], trained["epochs"], trained["parameters"]) == ("finished", 2, 3190)
    assert trained["seconds"] > 0
    lines = done.stderr.splitlines()
    assert [line.split(":")[0] for line in lines[1:]] == ["epoch 1/2", "epoch 2/2"]

    for model in (trained["run"], trained["folder"]):
        done = call("evaluate", model, "--runs", tmp_path / "runs", "--json")
        evaluated = json.loads(done.stdout)
        # The run was judged by Keras, this by LiteRT: the same function but for rounding.
        assert evaluated["test_accuracy"] == pytest.approx(trained["test_accuracy"], abs=5e-4)
        assert evaluated["test_loss"] == pytest.approx(trained["test_loss"], rel=1e-3)
    done = call("predict", trained["folder"], picture, "--json")
    assert json.loads(done.stdout)["files"][0]["label"] in CLASS_NAMES


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            EpochRow(epoch=2, accuracy=0.5, val_accuracy=0.25, seconds=1.26),
            "epoch 2/3: accuracy 0.5000, validation 0.2500, 1.3 s\n",
        ),
        (EpochRow(epoch=3), "epoch 3/3: accuracy 0.0000, 0.0 s\n"),
        (BatchRow(epoch=2, batch=1, batches=4), ""),  # nobody looks at a file while it is written
    ],
)
def test_training_tells_what_each_epoch_brought(
    capsys: pytest.CaptureFixture[str], row: BatchRow | EpochRow, said: str
) -> None:
    commands.train._report(row, 3)
    assert capsys.readouterr().err == said


def test_each_trial_of_a_sweep_is_told_once_when_it_ends(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands.sweep, "LOOK_EVERY_SECONDS", 0)
    first = Trial(1, {"seed": 3}, state="finished", accuracies=(0.5, 0.25))
    second = Trial(2, {"seed": 4})
    looks = iter([[second, first], [second, first], [replace(second, state="failed"), first]])
    active = iter([True, True, True, False])
    sweep: Any = SimpleNamespace(
        status=lambda: SimpleNamespace(active=next(active)), trials=lambda: next(looks)
    )
    commands.sweep._watch(sweep)
    assert capsys.readouterr().err.splitlines() == [
        "trial   1  50.00%  finished  seed 3",
        "trial   2    –     failed    seed 4",
    ]


def test_a_shipped_model_is_trained_from_where_it_was(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = RunStore(tmp_path).create(Recipe(name="Best"), "somebody")
    run.set_status("stopped", epoch=1, seconds=1.5)

    def train_on(_run: Run, photos: Path | None) -> None:
        assert photos is None
        for epoch, accuracy in enumerate((0.5, 0.75, 0.25), 1):
            run.append(EpochRow(epoch=epoch, val_accuracy=accuracy))
        run.set_status("finished", epoch=3, best_epoch=2, seconds=4.5)

    def open_run(name: str, epochs: int | None, precision: str | None) -> Run:
        assert (name, epochs, precision) == ("best", 3, None)
        return run

    monkeypatch.setattr(commands.zoo.zoo, "open_run", open_run)
    monkeypatch.setattr(commands.zoo.zoo, "train", train_on)
    monkeypatch.setattr(commands.zoo, "reporting", lambda _: nullcontext())
    assert main(["zoo", "train", "best", "--epochs", "3", "--json"]) == 0
    said = capsys.readouterr()
    assert said.err.endswith("from epoch 2\n")
    result = json.loads(said.out)
    assert (result["epochs"], result["best_epoch"], result["seconds"]) == (3, 2, 4.5)
    assert result["validation_accuracy"] == 0.75
    assert "has no evaluate" in sentence(capsys, "zoo", "evaluate", "segmentation")


def test_a_card_gets_the_shares_of_real_pictures_where_there_are_some(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = RunStore(tmp_path).create(Recipe(name="Best"), "somebody")
    shutil.copy(QUARTERS, run.folder / "model.tflite")
    monkeypatch.setattr(commands.zoo.zoo, "open_run", lambda *_, **__: run)
    monkeypatch.setattr(
        commands.zoo.zoo_cards,
        "evaluate",
        lambda run, real_pictures: SimpleNamespace(to_json=lambda: real_pictures),
    )
    words = ("zoo", "evaluate", "best", "--json")
    assert output(capsys, *words) == [{}]
    assert "manifest" in sentence(capsys, *words, "--real-pictures", tmp_path)
    report = SimpleNamespace(sets={"photos": Score(1, 2, 3)})
    monkeypatch.setattr("fmnist_core.evaluation.real_pictures.measure", lambda *_: report)
    assert output(capsys, *words, "--real-pictures", tmp_path) == [
        {"photos, first answer": 0.3333, "photos, first three": 0.6667}
    ]


@pytest.mark.parametrize(
    ("what", "made"), [("all", list(commands.atlas.making.MAKERS)), ("labels", ["labels"])]
)
def test_of_the_map_one_file_or_all_are_made(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, what: str, made: list[str]
) -> None:
    monkeypatch.setattr(
        commands.atlas.making, "make", lambda wanted, *_: {name: {} for name in wanted}
    )
    (result,) = output(capsys, "atlas", what, "--json")
    assert list(result) == made


def test_a_failed_training_gets_one_sentence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(run: Run, *_: object) -> None:
        run.set_status("failed", "The disk is full.")

    monkeypatch.setattr(train, "train", fail)
    assert main(["train", "--preset", "lightning", "--runs", str(tmp_path), "--json"]) == 2
    assert capsys.readouterr().err.splitlines()[-1].endswith("failed: The disk is full.")


def test_robustness_is_measured_on_a_sample_and_written_on_the_card(
    shelf: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--json", "robustness", "--examples", "20", "--seed", "3")
    (measured,) = output(capsys, *words)
    assert measured["model"] == "compact"
    assert (measured["examples"], measured["seed"]) == (20, 3)
    each = [share for shares in measured["by_corruption"].values() for share in shares]
    assert len(each) == 45
    assert measured["accuracy"] == pytest.approx(sum(each) / 45)
    card = json.loads((shelf / "compact" / "card.json").read_text())
    assert "robustness" not in card
    output(capsys, *words, "--write")
    card = json.loads((shelf / "compact" / "card.json").read_text())
    assert card["robustness"]["accuracy"] == measured["accuracy"]


def test_robustness_of_no_images_is_refused(
    shelf: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for count in ("1", "10001"):
        said = sentence(capsys, "robustness", "--examples", count)
        assert "expected a number from 2 to 10,000" in said
    for seed in ("-1", str(2**32)):
        assert "expected a number from 0 up" in sentence(capsys, "robustness", "--seed", seed)


def test_robustness_of_a_run_is_measured_but_has_no_card_to_be_written_on(
    shelf: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = RunStore(tmp_path).create(PRESETS["lightning"].recipe, "somebody")
    shutil.copy(QUARTERS, run.folder / "model.tflite")
    words = ("robustness", run.id, "--runs", tmp_path, "--examples", "2")
    assert output(capsys, *words, "--json")[0]["model"] == run.id
    assert "is a run and has no card to write on" in sentence(capsys, *words, "--write")


def test_on_the_command_line_a_card_and_a_script_are_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for wanted, file in (("card", "lightning.md"), ("script", "lightning.py")):
        words = ["--json", "export", "lightning", "--format", wanted, "--output", str(tmp_path)]
        assert main(words) == 0
        said = json.loads(capsys.readouterr().out)
        assert said["file"] == str(tmp_path / file)
        assert (tmp_path / file).stat().st_size == said["bytes"]
    assert main(["export", "lightning", "--format", "pickle"]) == 2


# What is told to people: the figures of the JSON, rounded and in columns.
FIGURES = {"test_accuracy": 0.91234, "test_interval": [0.9, 0.925], "test_loss": 0.25}
SCORE = {"count": 8, "top1": 0.625, "top3": 1.0}
PREDICTED = {
    "file": "boot.png",
    "kind": "photo",
    "probabilities": {"Bag": 0.125, "Sandal": 0.25, "Ankle boot": 0.625},
    "sure": True,
    "out_of_distribution": False,
    "reason": "",
    "notes": [],
}
TRIAL = {"number": 7, "values": {"seed": 3}, "accuracy": 0.875, "state": "finished"}
TRAINED = {"title": "Best", "status": "finished", "epochs": 3, "validation_accuracy": 0.9}


@pytest.mark.parametrize(
    ("verb", "result", "lines"),
    [
        (commands.data, {"sha256": {"a.gz": "0"}}, ["a.gz: as published"]),
        (
            commands.presets,
            [{"name": "dense", "parameters": 7850, "multiply_adds": 10**6, "description": "One."}],
            ["dense                       7,850 parameters    1,000,000 multiply-adds  One."],
        ),
        (
            commands.evaluate,
            {
                **FIGURES,
                **{"title": "Dense", "parameters": 7850, "test_examples": 10_000, "seconds": 1.26},
                "recall": {"Bag": 0.5, "Ankle boot": 1.0},
            },
            [
                "Dense, 7,850 parameters",
                "test accuracy 91.23% of 10,000 images (95 % interval 90.00% to 92.50%), "
                "loss 0.2500, 1.3 s",
                "Bag            50.0% found",
                "Ankle boot    100.0% found",
            ],
        ),
        (
            commands.predict,
            {
                "files": [
                    PREDICTED,
                    {**PREDICTED, "sure": False, "notes": ["Mirrored.", "White."]},
                    {**PREDICTED, "sure": False, "out_of_distribution": True, "reason": "noise."},
                ]
            },
            [
                "boot.png: Ankle boot 62.5%, Sandal 25.0% (read as photo)",
                "boot.png: perhaps Ankle boot 62.5%, Sandal 25.0% (read as photo)",
                "  Mirrored.",
                "  White.",
                "boot.png: perhaps Ankle boot 62.5%, Sandal 25.0% (read as photo)",
                "  This looks unlike all ten classes (out of distribution). "
                "The likeliest reason: noise.",
            ],
        ),
        (commands.export, {"file": "a/b.onnx", "bytes": 12_345}, ["a/b.onnx: 12,345 bytes"]),
        (
            commands.runs,
            {
                "runs": [
                    {"id": "A", "status": "queued", "epoch": 0, "epochs": 3, "name": "One"},
                    {"id": "B", "status": "interrupted", "epoch": 2, "epochs": 3, "name": "Two"},
                ]
            },
            ["A  queued       epoch 0/3  One", "B  interrupted  epoch 2/3  Two"],
        ),
        (commands.runs, {"runs": [], "folder": "here"}, ["There are no runs in here."]),
        (
            commands.real_pictures,
            {"model": "field", "sets": {"photos": {**SCORE, "classes": {"Bag": SCORE}}}},
            [
                "field                    items   top-1   top-3",
                "photos                       8   62.5%  100.0%",
                "  Bag                        8   62.5%  100.0%",
            ],
        ),
        (
            commands.robustness,
            [
                {
                    **{"title": "Best", "accuracy": 0.75, "interval": (0.7, 0.8), "clean": 0.9},
                    **{"examples": 1000, "by_corruption": {"noise": (0.5, 0.7), "blur": (0.9, 1)}},
                }
            ],
            [
                "Best                   75.00% of 1,000 spoilt test images (95 % interval 70.00% "
                "to 80.00%), unchanged 90.00%; noise 60.0%, blur 95.0%"
            ],
        ),
        (
            commands.sweep,
            {
                "trials": [TRIAL, {**TRIAL, "number": 12, "accuracy": None, "state": "failed"}],
                **{"reason": "All are done.", "seconds": 61.5, "folder": "here"},
            },
            [
                "trial   7  87.50%  finished  seed 3",
                "trial  12    –     failed    seed 3",
                "All are done. 62 s, here",
            ],
        ),
        (
            commands.train,
            {
                **FIGURES,
                **{"name": "Mine", "test_examples": 10_000, "seconds": 12.34},
                **{"run": "A", "folder": "runs/A"},
            },
            [
                "Mine: test accuracy 91.23% of 10,000 images, loss 0.2500, 12.3 s",
                "run A in runs/A",
            ],
        ),
        (
            commands.zoo,
            {**TRAINED, "seconds": 61.5},
            ["Best: finished after 3 epochs, validation 90.00%, 62 s"],
        ),
        (
            commands.zoo,
            {**TRAINED, **FIGURES, "seconds": 3600.0, "hardware": "two cores"},
            [
                "Best: validation 90.00%, test 91.23% (95 % interval 90.00% to 92.50%); trained in "
                "3,600 s on two cores"
            ],
        ),
        (
            commands.zoo,
            {"file": "net.tflite", "bytes": 99_000, "photos": 3430},
            ["net.tflite: 99,000 bytes, learned from 3,430 photos"],
        ),
        (
            commands.atlas,
            {"map.npz": {"items": 5, "bytes": 7}, "b": {"items": 1}},
            ["map.npz: items 5; bytes 7", "b: items 1"],
        ),
        (commands.expected_curves, {"runs": 90, "error": 0.5}, ["runs: 90", "error: 0.5"]),
    ],
)  # fmt: skip
def test_a_verb_tells_its_result_in_lines(verb: ModuleType, result: Any, lines: list[str]) -> None:  # noqa: ANN401
    assert verb.show(result).splitlines() == lines
