"""`quarters.tflite`: the features are the means of the four 14x14 quarters (top left, top right,
bottom left, bottom right), and the logits of classes 0 to 3 are four times them, the others 0."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from fmnist_core.litert import InferenceError
from fmnist_core.models.classifier import Classifier, as_input
from fmnist_core.paths import ASSETS
from tests.support.models import FIXTURES, QUARTERS


def top_left_white() -> np.ndarray:
    image = np.zeros((28, 28), np.uint8)
    image[:14, :14] = 255
    return image


def test_probabilities_and_features_are_exactly_those_of_the_network() -> None:
    probabilities, features = Classifier(QUARTERS).predict(top_left_white())
    assert features.tolist() == [[1, 0, 0, 0]]
    expected = np.exp([4] + [0] * 9) / np.exp([4] + [0] * 9).sum()
    np.testing.assert_allclose(probabilities[0], expected, rtol=1e-5)
    assert probabilities.dtype == features.dtype == np.float32


def test_a_batch_gives_what_each_image_gives_alone() -> None:
    images = np.random.default_rng(0).integers(0, 256, (130, 28, 28), np.uint8)
    classifier = Classifier(QUARTERS)
    one_by_one = np.concatenate([classifier.probabilities(image) for image in images])
    np.testing.assert_allclose(classifier.probabilities(images), one_by_one, atol=1e-6)


def test_bytes_and_floats_mean_the_same_image() -> None:
    classifier = Classifier(QUARTERS)
    image = top_left_white()
    as_floats = classifier.features(image[..., None][None] / 255)
    assert as_floats.tolist() == classifier.features(image).tolist()


def test_threads_share_one_classifier() -> None:
    images = np.random.default_rng(1).integers(0, 256, (400, 28, 28), np.uint8)
    classifier = Classifier(QUARTERS)
    with ThreadPoolExecutor(8) as threads:
        parts = list(threads.map(classifier.features, np.split(images, 40)))
    assert np.concatenate(parts).tolist() == classifier.features(images).tolist()


def test_no_images_give_no_rows() -> None:
    assert Classifier(QUARTERS).probabilities(np.zeros((0, 28, 28), np.uint8)).shape == (0, 10)


@pytest.mark.parametrize(
    ("images", "words"),
    [
        (np.zeros((32, 32), np.uint8), "28"),
        (np.full((28, 28), 255.0), "255 to 255"),
        (np.full((28, 28), np.nan), "nan"),
        (np.full((28, 28), -0.1), "-0.1"),
    ],
)
def test_images_the_networks_do_not_take_are_refused_in_words(
    images: np.ndarray, words: str
) -> None:
    with pytest.raises(InferenceError, match=words):
        as_input(images)


def test_an_altered_file_is_refused_before_it_is_loaded(tmp_path: Path) -> None:
    good = hashlib.sha256(QUARTERS.read_bytes()).hexdigest()
    Classifier(QUARTERS, good)
    altered = tmp_path / "model.tflite"
    altered.write_bytes(QUARTERS.read_bytes()[:-1] + b"x")
    with pytest.raises(InferenceError, match=good):
        Classifier(altered, good)


@pytest.mark.parametrize("content", [b"", b"not a network"])
def test_a_file_that_is_no_network_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.tflite"
    path.write_bytes(content)
    with pytest.raises(InferenceError, match="not a LiteRT network"):
        Classifier(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InferenceError, match=r"model\.tflite cannot be read"):
        Classifier(tmp_path / "model.tflite")


@pytest.mark.parametrize(
    ("path", "classes"),
    [(FIXTURES / "one_output.tflite", 10), (QUARTERS, 2), (ASSETS / "segmentation.tflite", 10)],
)
def test_a_network_of_other_shapes_is_refused(path: Path, classes: int) -> None:
    with pytest.raises(InferenceError, match="probabilities and the features out"):
        Classifier(path, classes=classes)
