from pathlib import Path

import keras
import numpy as np
import pytest

from fmnist_core.data.fashion_mnist import Images
from fmnist_core.models.build import build
from fmnist_core.models.convert import save_model
from fmnist_core.recipes.layers import Dense, Flatten
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.release import distillation
from fmnist_core.runs.run import MODEL, Run
from fmnist_core.runs.store import RunStore
from fmnist_core.training.batches import Chunk

RECIPE = Recipe(
    layers=(Flatten(), Dense(units=10, activation="softmax")),
    train_examples=60,
    validation_examples=0,
    batch_size=20,
    optimizer="sgd",
    label_smoothing=0.1,
)


def images() -> Images:
    rng = np.random.default_rng(0)
    return Images(
        rng.integers(0, 256, (60, 28, 28)).astype(np.uint8), np.arange(60, dtype=np.uint8) % 10
    )


def teacher() -> keras.Model:
    """A network that is sure of class 3, except where the left half is black."""
    inputs = keras.Input((28, 28, 1))
    left = keras.layers.Lambda(lambda x: keras.ops.max(x[:, :, :14], (1, 2)))(inputs)
    certain = keras.layers.Dense(10, use_bias=False)
    model = keras.Model(inputs, keras.layers.Softmax()(certain(left)))
    certain.set_weights([100 * np.eye(10, dtype=np.float32)[3:4]])
    return model


@pytest.fixture
def run(tmp_path: Path) -> Run:
    found = RunStore(tmp_path).create(RECIPE, "visitor")
    save_model(build(RECIPE), RECIPE, found.folder)
    return found


def test_targets_are_labels_mixed_with_what_the_teacher_makes_of_both_sides() -> None:
    student = distillation.Student(RECIPE, 1, teacher())
    half = np.full((1, 28, 28), 255, np.uint8)
    half[:, :, :14] = 0
    weights = student.model.get_weights()
    loss, _ = student.train(Chunk(half, np.array([5], np.int32), 1))
    logits = half.reshape(1, 784) / 255 @ weights[0] + weights[1]
    answers = np.exp(logits) / np.exp(logits).sum()
    # The plain half is undecided, its mirror image is surely 3.
    target = np.full(10, 0.7 * 0.5 * 0.1)
    target[3] += 0.7 * 0.5
    target[5] += 0.3
    assert loss == pytest.approx(-(target * np.log(answers[0])).sum(), rel=1e-4)


def test_half_of_the_images_are_seen_in_bad_light_and_half_of_them_grainy() -> None:
    image = np.zeros((28, 28, 1), np.float32)
    image[7:21, 7:21] = 0.5
    found = distillation.spoilt(np.repeat(image[None], 1000, 0), (0, 1)).numpy()
    assert found.min() >= 0
    assert found.max() <= 1
    inside, outside = found[:, 8:20, 8:20, 0], found[:, :7, :, 0]
    grainy = inside.std((1, 2)) > 1e-3
    differences = inside.mean((1, 2)) - outside.mean((1, 2))
    lit = ~np.isclose(differences, 0.5, atol=1e-3)
    assert 0.4 < grainy.mean() < 0.6
    assert 0.4 < lit[~grainy].mean() < 0.6
    # By up to ten times flatter, and nothing turned to its negative.
    assert 0.04 < differences[lit & ~grainy].min() < 0.1
    again = distillation.spoilt(image[None], (0, 1)).numpy()
    assert (again == distillation.spoilt(image[None], (0, 1)).numpy()).all()
    assert (again != distillation.spoilt(image[None], (0, 2)).numpy()).any()


def test_a_network_comes_to_believe_its_teacher(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distillation, "EPOCHS", 15)
    monkeypatch.setattr(distillation, "BELIEVED", 1.0)
    monkeypatch.setattr(distillation, "AVERAGING", 0.0)
    distillation.distil(run, images(), teacher())
    found = keras.models.load_model(run.folder / MODEL)
    answers = found.predict(images().images[..., None] / np.float32(255), verbose=0)
    assert (answers.argmax(1) == 3).all()


def test_interrupted_it_goes_on_from_its_last_epoch(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(distillation, "EPOCHS", 4)
    epochs: list[int] = []
    original = distillation.Feed.epoch

    def epoch(self: distillation.Feed, number: int) -> object:
        epochs.append(number)
        if epochs == [0, 1, 2]:
            raise KeyboardInterrupt
        return original(self, number)

    monkeypatch.setattr(distillation.Feed, "epoch", epoch)
    with pytest.raises(KeyboardInterrupt):
        distillation.distil(run, images(), teacher())
    distillation.distil(run, images(), teacher())
    assert epochs == [0, 1, 2, 2, 3]


def test_a_network_that_is_its_own_teacher_goes_half_of_the_way(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(distillation, "TEACHER", run.folder.name)
    monkeypatch.setattr(distillation, "OWN_EPOCHS", 2)
    monkeypatch.setattr(distillation, "AVERAGING", 0.0)
    before = keras.models.load_model(run.folder / MODEL).get_weights()
    distillation.distil(run, images(), teacher())
    found = keras.models.load_model(run.folder / MODEL).get_weights()
    end = np.load(run.folder / "distillation.npz")
    arrays = [end[name] for name in end.files if end[name].shape == before[0].shape]
    half = (before[0] + arrays[0]) / 2
    assert not np.allclose(arrays[0], before[0])
    np.testing.assert_allclose(found[0], half, rtol=1e-5, atol=1e-7)
