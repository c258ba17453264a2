"""Distance to training items, exactly computed on features that are easy to see."""

from pathlib import Path

import numpy as np
import pytest

from fmnist_core.data.fashion_mnist import load
from fmnist_core.models import catalogue, typicality
from tests.support.models import ship


def angle(image: np.ndarray) -> np.ndarray:
    """Features of images whose first pixel is an angle in degrees."""
    degrees = np.deg2rad(image[:, 0, 0].astype(float))
    return np.stack([np.cos(degrees), np.sin(degrees)], 1).astype(np.float32) * 7


def images_at(*degrees: int) -> np.ndarray:
    images = np.zeros((len(degrees), 28, 28), np.uint8)
    images[:, 0, 0] = degrees
    return images


@pytest.fixture
def reference() -> typicality.Reference:
    images = images_at(*range(10), *range(80, 90), 200)
    labels = np.r_[np.zeros(10), np.ones(11)].astype(np.uint8)
    held_out = images_at(*range(0, 12), *range(78, 92))
    return typicality.build(angle, images, labels, held_out, per_class=10)


def test_the_nearest_training_images_are_named_by_their_places(
    reference: typicality.Reference,
) -> None:
    assert list(reference.nearest(angle(images_at(85)), 1)[0]) == [15]
    assert set(reference.nearest(angle(images_at(2)), 3)[0]) == {1, 2, 3}


def test_only_so_many_of_each_class_are_kept(reference: typicality.Reference) -> None:
    assert list(reference.indices) == list(range(20))


def test_typical_images_score_high_and_strange_ones_zero(
    reference: typicality.Reference,
) -> None:
    inside, edge, outside = reference.percentile(angle(images_at(84, 12, 45)))
    assert inside > 60
    assert 0 <= edge < 25
    assert outside == 0


def test_only_the_features_that_vary_most_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typicality, "WIDEST", 2)

    def padded(image: np.ndarray) -> np.ndarray:
        found = angle(image)
        return np.stack([np.full(len(found), 9, np.float32), found[:, 0], found[:, 1]], 1)

    images = images_at(*range(10), *range(80, 90))
    labels = np.r_[np.zeros(10), np.ones(10)].astype(np.uint8)
    reference = typicality.build(padded, images, labels, images_at(3, 84), per_class=10)
    assert list(reference.columns) == [1, 2]
    assert list(reference.nearest(padded(images_at(85)), 1)[0]) == [15]


def test_a_model_is_measured_on_images_it_can_show(tmp_path: Path) -> None:
    model = catalogue.find(str(ship(tmp_path, "compact")))
    reference = typicality.of_model(model)
    train = load("train")
    assert len(reference.indices) == 10 * typicality.PER_CLASS
    assert reference.indices.max() < len(train) - typicality.HELD_OUT
    nearest = reference.nearest(model.classifier().features(train.images[:1]), 1)[0, 0]
    # Training image 0 is itself a reference.
    assert nearest == 0
    middle = reference.percentile(model.classifier().features(train.images[-2000:]))
    assert 45 < np.median(middle) < 55


def test_the_distance_is_the_mean_to_the_five_nearest(reference: typicality.Reference) -> None:
    (found,) = reference.distance(angle(images_at(40)))
    # The nearest lie at 5 to 9 degrees: 31 to 35 away, one less the cosine each.
    assert found == pytest.approx(np.mean(1 - np.cos(np.deg2rad(range(31, 36)))), rel=1e-4)


def test_the_middle_of_what_was_held_out_is_half_way(reference: typicality.Reference) -> None:
    assert reference.distances.shape == (101,)
    assert (np.diff(reference.distances) >= 0).all()
    assert reference.nearest(angle(images_at(3))).shape == (1, 6)


def test_the_first_of_each_of_three_classes_are_kept() -> None:
    images, labels = images_at(*range(9)), np.array([0, 0, 1, 2, 1, 0, 2, 2, 1], np.uint8)
    found = typicality.build(angle, images, labels, images_at(1, 2), per_class=2)
    assert found.indices.tolist() == [0, 1, 2, 3, 4, 6]
