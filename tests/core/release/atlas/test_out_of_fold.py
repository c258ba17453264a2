from pathlib import Path

import numpy as np
import pytest

from fmnist_core.data.fashion_mnist import Images
from fmnist_core.release.atlas import out_of_fold


def test_every_class_is_spread_evenly_over_the_folds() -> None:
    labels = np.repeat(np.arange(10), 15)
    found = out_of_fold.assign(labels, 5, seed=3)
    for label in range(10):
        assert np.bincount(found[labels == label], minlength=5).tolist() == [3] * 5
    assert (found == out_of_fold.assign(labels, 5, seed=3)).all()
    assert (found != out_of_fold.assign(labels, 5, seed=4)).any()


def test_the_networks_are_lightning_on_all_images_they_get_and_differ_in_their_seed() -> None:
    first, second = out_of_fold.recipe(48_000, 0), out_of_fold.recipe(48_000, 1)
    assert (first.train_examples, first.validation_examples) == (48_000, 0)
    assert first.seed != second.seed
    assert first.layers == second.layers


class Marker:
    """A network that is sure of class 1 for images it was trained on, and of 0 for all others."""

    def __init__(self, images: Images) -> None:
        self.seen = set(images.images[:, 0, 0].tolist())

    def probabilities(self, images: np.ndarray) -> np.ndarray:
        return np.eye(10, dtype=np.float32)[[int(x in self.seen) for x in images[:, 0, 0]]]


def test_no_image_is_judged_by_a_network_that_was_trained_on_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folds: list[int] = []

    def trained(images: Images, fold: int, folder: Path) -> Marker:
        folds.append(fold)
        assert (len(images), folder) == (40, tmp_path)
        return Marker(images)

    monkeypatch.setattr(out_of_fold, "_trained", trained)
    images = np.zeros((60, 28, 28), np.uint8)
    images[:, 0, 0] = np.arange(60)  # the test images are those from 50 on
    labels = np.repeat(np.arange(10, dtype=np.uint8), 5)
    told: list[str] = []
    found = out_of_fold.judge(
        Images(images[:50], labels), Images(images[50:], labels[:10]), tmp_path, told.append
    )
    assert folds == [0, 1, 2, 3, 4]
    assert found.shape == (60, 10)
    assert found[:, 0] == pytest.approx(np.ones(60))
    assert told[0] == "fold 1 of 5: 10.00% of 10 right"
