"""What is no item is told with a reason; items and data set images are answered."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from fmnist_core.data import fashion_mnist
from fmnist_core.litert import InferenceError
from fmnist_core.models import out_of_distribution
from fmnist_core.preprocessing.item import Item, Kind, Reading
from fmnist_core.preprocessing.prepare import prepare
from fmnist_core.release.ood.training import ALL


def test_at_most_two_in_a_hundred_test_images_are_out_of_distribution() -> None:
    scores = out_of_distribution.scores(fashion_mnist.load("test").images[:3000])
    assert (scores >= out_of_distribution.THRESHOLDS["dataset"]).mean() <= 0.02


def test_nine_in_ten_of_no_item_and_half_of_every_sort_are_out_of_distribution() -> None:
    rng = np.random.default_rng(11)
    refused = {
        name: np.mean(
            [out_of_distribution.judge(prepare(make(rng))).out_of_distribution for _ in range(8)]
        )
        for name, make in ALL.items()
    }
    assert np.mean(list(refused.values())) >= 0.9
    assert min(refused.values()) >= 0.5, refused


def test_one_reading_like_an_item_does_not_outvote_three_that_are_not() -> None:
    assert out_of_distribution.together(np.array([1.0, 1.0, 1.0, 0.07])) > 0.997
    assert out_of_distribution.together(np.array([0.2])) == pytest.approx(0.2)
    assert out_of_distribution.together(np.array([0.2, 0.8])) == pytest.approx(0.5)


@pytest.mark.parametrize("level", [0, 90, 255])
def test_a_blank_canvas_is_called_empty(level: int) -> None:
    verdict = out_of_distribution.judge(prepare(np.full((200, 200, 3), level, np.uint8)))
    assert verdict.out_of_distribution
    assert "empty" in verdict.reason


def test_fine_noise_is_out_of_distribution_at_any_size() -> None:
    rng = np.random.default_rng(3)
    for shape in ((28, 28), (280, 280, 3)):
        verdict = out_of_distribution.judge(prepare(rng.integers(0, 256, shape, np.uint8)))
        assert verdict.out_of_distribution
        assert verdict.reason.endswith(".")


def test_a_plainly_drawn_t_shirt_is_answered() -> None:
    points = np.array(
        [[70, 40], [130, 40], [185, 90], [165, 115], [140, 95], [140, 190], [60, 190], [60, 95],
         [35, 115], [15, 90]]
    )  # fmt: skip
    sheet = np.full((200, 200, 3), 255, np.uint8)
    verdict = out_of_distribution.judge(prepare(cv2.polylines(sheet, [points], True, (0, 0, 0), 4)))
    assert not verdict.out_of_distribution
    assert verdict.reason == ""


def of(array: np.ndarray, kind: Kind = "drawing", *notes: str) -> Item:
    return Item(kind, "", [], [Reading("plain", array)], list(notes))


def parts(*heights: int) -> np.ndarray:
    """Bars of these heights side by side, 3 pixels wide."""
    array = np.zeros((28, 28), np.uint8)
    for at, height in enumerate(heights):
        array[:height, 4 * at : 4 * at + 3] = 200
    return array


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (of(parts(20), "dataset"), "mostly noise"),
        (of(parts(20, 20)), "more than one item"),
        (of(parts(20, 6)), "more than one item"),
        (of(parts(20, 5)), "a scribble"),  # a quarter of the other is a part of it
        (of(parts(20, 20, 20, 20)), "more than one item"),
        (of(parts(20, 20, 20, 20, 20)), "a scribble"),
        (of(parts(20)), "a scribble"),
        (of(parts(20), "photo"), "background is busy"),
        (of(parts(20), "photo", "White clothes."), "white clothes"),
        (of(parts(20) // 7 + parts(20, 20) // 8), "a scribble"),  # too faint for a part
    ],
)
def test_the_likeliest_cause_is_told(item: Item, words: str) -> None:
    assert words in out_of_distribution._reason(item)


@pytest.mark.parametrize(("kind", "limit"), out_of_distribution.THRESHOLDS.items())
def test_a_picture_is_refused_from_its_kinds_threshold_on(
    kind: Kind, limit: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    for score, refused in ((limit - 1e-3, False), (limit + 1e-3, True)):
        monkeypatch.setattr(out_of_distribution, "scores", lambda _, score=score: np.array([score]))
        verdict = out_of_distribution.judge(of(parts(20), kind))
        assert verdict.out_of_distribution is refused
        assert verdict.score == pytest.approx(score)
        assert bool(verdict.reason) is refused


def test_an_altered_detector_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    network = out_of_distribution.NETWORK.read_bytes()
    monkeypatch.setattr(out_of_distribution, "NETWORK", tmp_path / "detector.tflite")
    out_of_distribution.write(network)
    blank = np.zeros((1, 28, 28), np.uint8)
    assert out_of_distribution.scores(blank).shape == (1,)
    try:
        out_of_distribution.NETWORK.write_bytes(network + b"x")
        out_of_distribution._network.cache_clear()
        with pytest.raises(InferenceError, match="SHA-256"):
            out_of_distribution.scores(blank)
    finally:
        out_of_distribution._network.cache_clear()
