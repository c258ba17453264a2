from pathlib import Path

import keras
import numpy as np
import pytest

from fmnist_core.data.fashion_mnist import Images
from fmnist_core.models.build import build
from fmnist_core.models.convert import save_model
from fmnist_core.recipes.layers import (
    BatchNormalization,
    Conv2D,
    Dense,
    GlobalAveragePooling2D,
)
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.release import weight_averaging
from fmnist_core.runs.run import MODEL, Run
from fmnist_core.runs.store import RunStore

RECIPE = Recipe(
    layers=(
        Conv2D(filters=2, strides=4),
        BatchNormalization(),
        GlobalAveragePooling2D(),
        Dense(units=10, activation="softmax"),
    ),
    train_examples=40,
    validation_examples=20,
    batch_size=16,
    optimizer="sgd",
)


def images() -> Images:
    rng = np.random.default_rng(0)
    return Images(
        rng.integers(0, 256, (60, 28, 28)).astype(np.uint8), np.arange(60, dtype=np.uint8) % 10
    )


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A run whose network is still as it was drawn, and few epochs to average."""
    monkeypatch.setattr(weight_averaging, "EPOCHS", 4)
    monkeypatch.setattr(weight_averaging, "JUDGED_EPOCHS", 2)
    monkeypatch.setattr(weight_averaging, "SKIPPED", 1)
    monkeypatch.setattr(weight_averaging, "SETTLING_BATCH", 1)
    found = RunStore(tmp_path).create(RECIPE, "visitor")
    save_model(build(RECIPE), RECIPE, found.folder)
    return found


def test_the_network_becomes_the_mean_of_its_weights_and_as_sure_as_it_was_right(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[np.ndarray]] = []
    counted = weight_averaging._State.count_in

    def count_in(self: weight_averaging._State, model: keras.Model) -> None:
        counted(self, model)
        seen.append(model.get_weights())

    monkeypatch.setattr(weight_averaging._State, "count_in", count_in)
    weight_averaging.average(run, images())
    found = keras.models.load_model(run.folder / MODEL)
    assert len(seen) == 4
    convolution = np.mean([weights[0] for weights in seen[1:]], axis=0)
    np.testing.assert_allclose(found.get_weights()[0], convolution, rtol=1e-5)
    state = np.load(run.folder / "averaging.npz")
    kernel = np.mean([weights[-2] for weights in seen[1:]], axis=0)
    np.testing.assert_allclose(found.get_weights()[-2], kernel * state["scale"], rtol=1e-4)
    assert not np.allclose(state["scale"], 1)


def test_an_interrupted_averaging_goes_on_from_its_last_epoch(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    epochs: list[int] = []
    original = weight_averaging.Feed.epoch

    def epoch(self: weight_averaging.Feed, number: int) -> object:
        epochs.append(number)
        if epochs == [0, 1, 2]:
            raise KeyboardInterrupt
        return original(self, number)

    monkeypatch.setattr(weight_averaging.Feed, "epoch", epoch)
    with pytest.raises(KeyboardInterrupt):
        weight_averaging.average(run, images())
    weight_averaging.average(run, images())
    assert epochs == [0, 1, 2, 2, 3]
    assert int(np.load(run.folder / "averaging.npz")["counted"]) == 3
