import json
from pathlib import Path

import numpy as np
import pytest

from fmnist_core.data.fashion_mnist import Images, load
from fmnist_core.evaluation import robustness
from fmnist_core.evaluation.corruptions import CORRUPTIONS, spoil
from fmnist_core.evaluation.robustness import (
    Network,
    first_flip,
    measure,
    sample,
    severity_curve,
    write_on_card,
)
from fmnist_core.models.card import Card
from fmnist_core.models.classifier import Classifier
from fmnist_core.models.keras_models import Weights
from tests.support import models

FEW = Images(load("test").images[:8], np.array([3, 3, 3, 3, 3, 3, 5, 5], np.uint8))


def always_three(images: np.ndarray) -> np.ndarray:
    """Return certainty of class 3 for every image."""
    return np.eye(10)[np.full(len(images), 3)]


def bright_or_dark(images: np.ndarray) -> np.ndarray:
    """Return class 1 for images with a mean of at least 100, else class 0."""
    return np.eye(10)[(images.mean(axis=(1, 2)) >= 100).astype(int)]


def test_what_no_corruption_changes_has_the_accuracy_of_the_unchanged_images() -> None:
    found = measure(always_three, FEW)
    assert found.clean == found.accuracy == 0.75
    assert set(found.by_corruption) == set(CORRUPTIONS)
    assert all(values == (0.75,) * 5 for values in found.by_corruption.values())
    # Six ones and two zeros: standard deviation 0.4629, over the root of 8, times 1.96.
    assert found.interval == pytest.approx((0.75 - 0.32078, 1.0), abs=1e-4)
    assert (found.examples, found.seed) == (8, 0)


def test_a_brightness_detector_is_broken_by_brightness_alone() -> None:
    grey = Images(np.full((2, 28, 28), 60, np.uint8), np.zeros(2, np.uint8))
    found = measure(bright_or_dark, grey)
    # 60 + 45 and more is bright.
    assert found.by_corruption["brightness"] == (1, 1, 0, 0, 0)
    assert found.by_corruption["contrast"] == (1,) * 5


def test_a_flip_is_the_smallest_amount_tried_with_another_answer() -> None:
    image = np.full((28, 28), 60, np.uint8)
    found = first_flip(bright_or_dark, image, CORRUPTIONS["brightness"], steps=15)
    assert found is not None
    assert (found.amount, found.answer) == (40, 1)
    assert (found.image == spoil(image[None], "brightness", 40, 0)[0]).all()
    assert first_flip(bright_or_dark, image, CORRUPTIONS["contrast"]) is None


def test_a_sample_is_drawn_without_repetition_and_by_its_seed() -> None:
    first = sample(200, 0)
    assert len(set(first.tolist())) == 200
    assert (first == np.sort(first)).all()
    assert (first == sample(200, 0)).all()
    assert (first != sample(200, 1)).any()


def test_a_curve_begins_with_the_unchanged_images() -> None:
    network = Network(str(models.QUARTERS), 0, None, None)
    right = severity_curve(network, "noise", 20, 4)
    test, indices = load("test"), sample(20, 4)
    expected = Classifier(models.QUARTERS).probabilities(test.images[indices]).argmax(1)
    assert right.shape == (6, 20)
    assert (right[0] == (expected == test.labels[indices])).all()


def test_the_number_stands_on_the_card_and_can_be_written_again(tmp_path: Path) -> None:
    folder = models.ship(tmp_path, "compact")
    assert Card.read(folder / "card.json").robustness is None
    write_on_card(folder, measure(always_three, FEW))
    write_on_card(folder, found := measure(always_three, FEW, seed=7))
    card = Card.read(folder / "card.json")
    assert card.robustness == found
    assert card.title == "Compact"
    # Nothing else on the card has changed.
    before = models.card()
    after = json.loads((folder / "card.json").read_text())
    assert {key: after[key] for key in before} == before


def test_the_amounts_tried_go_both_ways_and_the_smaller_one_wins() -> None:
    dark = np.full((28, 28), 130, np.uint8)
    # 30 less is dark, and no more is ever bright enough to be otherwise.
    found = first_flip(bright_or_dark, dark, CORRUPTIONS["brightness"], steps=15)
    assert found is not None
    assert (found.amount, found.answer) == (-40, 0)
    # Steps of 10 grey levels: 100 is still bright.
    assert first_flip(bright_or_dark, dark, CORRUPTIONS["brightness"], steps=3) is not None
    many = first_flip(bright_or_dark, dark, CORRUPTIONS["brightness"], steps=150)
    assert many is not None
    assert many.amount == -31


def test_an_interval_ends_at_certainty() -> None:
    labels = np.array([3, 3, 3, 5], np.uint8)
    found = measure(always_three, Images(FEW.images[:4], labels))
    assert found.accuracy == 0.75
    assert found.interval[1] == 1.0
    rare = measure(always_three, Images(FEW.images[:4], np.array([5, 5, 5, 3], np.uint8)))
    assert rare.interval[0] == 0.0


def test_an_attack_is_made_on_the_networks_weights_and_judged_by_its_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[object] = []
    said: list[float] = []

    def attacked(
        weights: Weights, images: np.ndarray, labels: np.ndarray, method: str, seed: int
    ) -> np.ndarray:
        asked.extend([weights, len(images), method, seed])
        return np.stack([images, *[np.zeros_like(images)] * 5])

    monkeypatch.setattr(robustness.attacks, "attacked", attacked)
    monkeypatch.setattr(robustness, "step", lambda done, _: said.append(done))
    weights = Weights("folder", 0)
    network = Network(str(models.QUARTERS), 0, None, weights)
    for method in ("fgsm", "pgd"):
        right = severity_curve(network, method, 20, 4)
        assert asked[-4:] == [weights, 20, method, 4]
        assert (right[1] == right[5]).all()
    assert said == pytest.approx([at / 6 for at in range(6)] * 2)
