from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load, save

from fmnist_core.data.fashion_mnist import Images
from fmnist_core.models.build import build
from fmnist_core.recipes.layers import BatchNormalization, Dense, Flatten
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.runs.run import IMPORTED
from fmnist_core.runs.store import RunStore
from fmnist_core.training.progress import TrainingError
from fmnist_core.training.train import train
from fmnist_core.training.weights import load_safetensors, to_safetensors

RECIPE = Recipe(
    layers=(Flatten(), BatchNormalization(), Dense(units=10, activation="softmax")),
    epochs=3,
    train_examples=40,
    validation_examples=20,
)


def images(count: int) -> Images:
    rng = np.random.default_rng(0)
    return Images(
        rng.integers(0, 256, (count, 28, 28)).astype(np.uint8),
        np.arange(count, dtype=np.uint8) % 10,
    )


def test_weights_come_back_by_name(tmp_path: Path) -> None:
    one, other = build(RECIPE), build(RECIPE.changed(seed=1))
    (tmp_path / "w").write_bytes(to_safetensors(one))
    load_safetensors(tmp_path / "w", other)
    for first, second in zip(one.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(first, second)
    assert sorted(load(to_safetensors(one)))[:2] == ["000.gamma", "001.beta"]


@pytest.mark.parametrize("fault", ["missing", "shape", "type", "extra", "nan", "bytes"])
def test_weights_of_another_network_are_refused_in_words(tmp_path: Path, fault: str) -> None:
    model = build(RECIPE)
    arrays = load(to_safetensors(model))
    before = model.get_weights()
    match fault:
        case "missing":
            del arrays["000.gamma"]
        case "shape":
            arrays["000.gamma"] = arrays["000.gamma"][:-1].copy()
        case "type":
            arrays["000.gamma"] = arrays["000.gamma"].astype(np.float16)
        case "extra":
            arrays["zzz"] = arrays["000.gamma"]
        case "nan":
            arrays["000.gamma"] = arrays["000.gamma"] * np.nan
    (tmp_path / "w").write_bytes(b"x" if fault == "bytes" else save(arrays))
    with pytest.raises(TrainingError, match="weights"):
        load_safetensors(tmp_path / "w", model)
    for first, second in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(first, second)


@pytest.mark.with_files
def test_a_run_with_imported_weights_is_measured_and_can_be_trained_on(tmp_path: Path) -> None:
    run = RunStore(tmp_path).create(RECIPE, "visitor")
    model = build(RECIPE.changed(seed=7))
    (run.folder / IMPORTED).write_bytes(to_safetensors(model))
    train(run, images(60), images(30))
    status = run.status()
    assert (status.status, status.epoch, status.best_epoch) == ("finished", 3, 3)
    found = run.evaluation()
    assert found is not None
    inputs = images(30).images[..., None].astype(np.float32) / 255
    np.testing.assert_allclose(
        found.test_probabilities, model.predict(inputs, verbose=0), atol=1e-5
    )
    assert (run.folder / "model.tflite").exists()
    run.extend(4)
    train(run, images(60), images(30))
    assert run.status().epoch == 4
    assert len(run.history()[0]) >= 1


def test_a_run_with_weights_that_do_not_fit_fails_in_words(tmp_path: Path) -> None:
    run = RunStore(tmp_path).create(RECIPE, "visitor")
    (run.folder / IMPORTED).write_bytes(save({"a": np.zeros(3, np.float32)}))
    train(run, images(60), images(30))
    assert run.status().status == "failed"
    assert "lack 000.gamma" in run.status().reason
