"""What a bundle's own test accepts and refuses, beside answers that are made up."""

from pathlib import Path

import keras
import numpy as np
import pytest

from fmnist_core import files
from fmnist_core.exports import self_test

EXPECTED = np.full((20, 10), 0.05, np.float32)
EXPECTED[:, 3] = 0.55


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    images = np.full((20, 28, 28), 255, np.uint8)
    golden: list[tuple[str, np.ndarray]] = [("images", images), ("probabilities", EXPECTED)]
    files.write_arrays(tmp_path / "golden.npz", golden)
    monkeypatch.setattr(self_test, "HERE", tmp_path)
    return tmp_path


def answering(monkeypatch: pytest.MonkeyPatch, apart: float, others: int = 0) -> None:
    """Let every network be so far from what is expected, and give other answers to some."""

    def answers(path: Path, images: np.ndarray) -> np.ndarray:
        assert images.shape == (20, 28, 28, 1)
        assert images.dtype == np.float32
        assert images.max() == 1
        found = EXPECTED.astype(np.float64)
        found[0, 0] += apart
        found[:others, 7] = 0.9
        return found

    monkeypatch.setattr(self_test, "answers", answers)


@pytest.mark.parametrize(
    ("name", "apart", "others", "good"),
    [
        ("a.onnx", 0.9e-5, 0, True),
        ("a.onnx", 1.1e-5, 0, False),
        ("a.onnx", 0.009, 0, False),
        ("a-int8.tflite", 0.009, 0, True),
        ("a-int8.tflite", 0.3, 0, True),  # the same answers
        ("a-int8.tflite", 0.3, 1, True),  # 19 of 20 of them
        ("a-int8.tflite", 0.3, 2, False),
    ],
)
def test_a_network_agrees_to_the_last_digits_and_one_of_8_bits_nearly(
    name: str, apart: float, others: int, good: bool, request: pytest.FixtureRequest
) -> None:
    capsys: pytest.CaptureFixture[str] = request.getfixturevalue("capsys")
    answering(request.getfixturevalue("monkeypatch"), apart, others)
    assert self_test.tested(Path(name)) is good
    said = capsys.readouterr().out
    assert said.startswith(f"{name}: {'agrees' if good else 'DOES NOT AGREE'}, at most ")
    assert said.endswith(f"apart, {1 - others / 20:.0%} the same answer\n")


def test_an_8_bit_network_may_be_a_hundredth_apart_whatever_it_answers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    near = EXPECTED.copy()
    near[:, 3] = 0.055
    golden: list[tuple[str, np.ndarray]] = [
        ("images", np.zeros((20, 28, 28), np.uint8)),
        ("probabilities", near),
    ]
    files.write_arrays(self_test.HERE / "golden.npz", golden)
    found = near.copy()
    found[:, 7] += 0.009  # another answer everywhere
    monkeypatch.setattr(self_test, "answers", lambda *_: found)
    assert self_test.tested(Path("a-int8.tflite"))
    assert not self_test.tested(Path("a.tflite"))


def network(folder: Path, bias: list[float], activation: str) -> Path:
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Flatten(),
            keras.layers.Dense(10, activation=activation, kernel_initializer="zeros"),
        ]
    )
    model.layers[-1].set_weights([np.zeros((784, 10)), np.array(bias)])
    model.save(folder / "a.keras")
    return folder / "a.keras"


@pytest.mark.parametrize(
    ("bias", "activation"),
    [
        ([3.0, 1.0, *[0.5] * 8], "linear"),
        ([1.4, -0.4, *[0.0] * 8], "linear"),  # a sum of 1, but no probabilities
        ([2.5, 1.0, *[0.0] * 8], "softmax"),
    ],
    ids=["logits", "negative ones", "probabilities"],
)
def test_only_logits_become_probabilities(bias: list[float], activation: str, folder: Path) -> None:
    powers = np.exp(np.array(bias))
    images = np.zeros((2, 28, 28, 1), np.float32)
    found = self_test.answers(network(folder, bias, activation), images)
    assert found == pytest.approx(np.tile(powers / powers.sum(), (2, 1)), abs=1e-6)


def test_a_network_answers_as_it_does_after_training(folder: Path) -> None:
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Flatten(),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    model.save(folder / "a.keras")
    images = np.random.default_rng(0).random((2, 28, 28, 1), np.float32)
    found = self_test.answers(folder / "a.keras", images)
    assert found == pytest.approx(np.array(model(images, training=False)), abs=1e-6)


@pytest.mark.parametrize(("names", "status"), [([], 0), (["a.onnx"], 1)])
def test_a_missing_runtime_is_passed_over_unless_its_file_was_asked_for(
    names: list[str],
    status: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(self_test, "testable", lambda: ["a.onnx"])

    def answers(path: Path, images: np.ndarray) -> np.ndarray:
        raise ModuleNotFoundError(name="onnxruntime")

    monkeypatch.setattr(self_test, "answers", answers)
    assert self_test.main(names) == status
    assert capsys.readouterr().out == "a.onnx: not tested, onnxruntime is not installed\n"


@pytest.mark.parametrize(("second", "status"), [(0.0, 0), (0.5, 1)])
def test_one_that_does_not_agree_spoils_all_whatever_comes_after(
    second: float, status: int, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.onnx", "b.tflite", "c.keras", "notes.md"):
        (folder / name).write_bytes(b"")
    assert self_test.testable(folder) == ["a.onnx", "b.tflite", "c.keras"]
    monkeypatch.setattr(self_test, "testable", lambda: ["a.onnx", "b.tflite", "c.keras"])
    found = EXPECTED + np.float32(second)
    monkeypatch.setattr(
        self_test, "answers", lambda path, _: found if path.name == "b.tflite" else EXPECTED
    )
    assert self_test.main([]) == status


def test_pickled_answers_are_not_opened(folder: Path) -> None:
    np.savez(folder / "golden.npz", images=np.array([None]), probabilities=EXPECTED)
    with pytest.raises(ValueError, match="allow_pickle=False"):
        self_test.tested(folder / "a.onnx")
