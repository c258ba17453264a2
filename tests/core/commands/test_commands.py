import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from fmnist_core.__main__ import main
from fmnist_core.data import fashion_mnist
from fmnist_core.data.fashion_mnist import CLASS_NAMES, DatasetError
from fmnist_core.recipes.layers import Dense, Flatten
from fmnist_core.recipes.presets import PRESETS
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.runs.run import Run
from fmnist_core.runs.store import RunStore
from fmnist_core.training import train
from tests.support.models import ship


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
    (result,) = output(capsys, "evaluate", "compact", "--json")
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


def test_predict_names_the_file_it_cannot_use(
    capsys: pytest.CaptureFixture[str], shelf: Path, picture: Path, tmp_path: Path
) -> None:
    cut = tmp_path / "cut.png"
    cut.write_bytes(picture.read_bytes()[:60])
    empty = tmp_path / "empty.png"
    Image.new("L", (28, 28)).save(empty)
    for bad in (cut, empty, tmp_path / "nowhere.png", tmp_path):
        assert sentence(capsys, "predict", "compact", picture, bad).startswith(str(bad))


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
    said = sentence(capsys, "robustness", "--examples", "1")
    assert "expected a number from 2 to 10,000" in said
