import errno
import itertools
import json
import math
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fmnist_core.data import examples
from fmnist_core.data.fashion_mnist import Images
from fmnist_core.recipes.layers import (
    BatchNormalization,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    GlobalAveragePooling2D,
)
from fmnist_core.recipes.presets import PRESETS
from fmnist_core.recipes.recipe import OPTIMIZERS, Augmentation, Recipe
from fmnist_core.runs import layer_statistics
from fmnist_core.runs.rows import batch_rows, epoch_rows
from fmnist_core.runs.run import Run
from fmnist_core.runs.store import RunStore
from fmnist_core.training import train as training
from fmnist_core.training.loop import Training
from fmnist_core.training.network import Network

DENSE = Recipe(
    name="Tiny",
    layers=(Flatten(), Dense(units=8), Dropout(rate=0.2), Dense(units=10, activation="softmax")),
    epochs=3,
    train_examples=70,  # with batches of 16: the last one is short
    validation_examples=30,
    batch_size=16,
    seed=7,
)
CONVOLUTIONS = DENSE.changed(
    layers=(
        Conv2D(filters=4, strides=4),
        BatchNormalization(),
        GlobalAveragePooling2D(),
        Dense(units=10, activation="linear"),
    ),
    epochs=2,
)


def _images(count: int, seed: int) -> Images:
    """Return images that a network can learn: a bright row tells the class."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 10, count).astype(np.uint8)
    images = rng.integers(0, 60, (count, 28, 28)).astype(np.uint8)
    images[np.arange(count), labels * 2 + 4] = 250
    return Images(images, labels)


TRAIN, TEST = _images(100, 1), _images(40, 2)


@pytest.fixture(autouse=True)
def no_files(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Skip the conversion to model files, half of a tiny run's time, unless a test marks it."""
    if "with_files" not in request.keywords:
        monkeypatch.setattr("fmnist_core.models.convert.save_model", lambda model, *_: model)


@pytest.fixture
def start(tmp_path: Path) -> Callable[[Recipe], Run]:
    """Return a function that makes a run and trains it."""
    store = RunStore(tmp_path / "store")

    def train(recipe: Recipe) -> Run:
        run = store.create(recipe, "visitor")
        training.train(run, TRAIN, TEST)
        return run

    return train


def curves(run: Run) -> list[tuple[float, ...]]:
    keys = ("epoch", "loss", "accuracy", "val_loss", "val_accuracy", "learning_rate")
    return [tuple(getattr(row, key) for key in keys) for row in epoch_rows(run.history()[0])]


def test_network_learns_and_the_folder_tells_it(start: Callable[[Recipe], Run]) -> None:
    run = start(DENSE.changed(epochs=12, learning_rate=0.02))
    status, validation, evaluation = run.status(), run.validation(), run.evaluation()
    rows = epoch_rows(run.history()[0])
    assert (status.status, status.epoch, status.batches) == ("finished", 12, 5)
    assert [row.epoch for row in rows] == list(range(1, 13))
    assert (rows[-1].val_accuracy or 0) > 0.5
    items = examples.prepared()
    assert items is not None
    assert {row.items for row in rows} == {len(items.labels)}
    assert all(row.item_accuracy is not None and 0 <= row.item_accuracy <= 1 for row in rows)
    assert validation is not None
    assert validation.confusion.sum() == 30
    assert list(validation.sample_indices) == list(range(70, 82))
    assert evaluation is not None
    assert evaluation.test_probabilities.shape == (40, 10)
    assert (evaluation.test_probabilities.argmax(1) == TEST.labels).mean() > 0.5


def test_best_epoch_is_the_first_highest_and_is_what_is_kept(
    start: Callable[[Recipe], Run],
) -> None:
    run = start(DENSE.changed(epochs=8, learning_rate=0.05))
    rows = curves(run)
    accuracies = [row[4] for row in rows]
    best = accuracies.index(max(accuracies)) + 1
    evaluation = run.evaluation()
    assert run.status().best_epoch == best
    assert evaluation is not None
    kept = (evaluation.validation_probabilities.argmax(1) == TRAIN.labels[70:]).mean()
    assert kept == pytest.approx(max(accuracies))


@pytest.mark.parametrize("recipe", [DENSE, CONVOLUTIONS.changed(precision="mixed_bfloat16")])
def test_same_recipe_and_seed_give_the_same_curves(
    start: Callable[[Recipe], Run], recipe: Recipe
) -> None:
    first, second = curves(start(recipe)), curves(start(recipe))
    assert first == second


def test_another_seed_gives_other_curves(start: Callable[[Recipe], Run]) -> None:
    assert curves(start(DENSE)) != curves(start(DENSE.changed(seed=8)))


def test_measuring_the_layers_changes_nothing_that_is_learned(
    start: Callable[[Recipe], Run], tmp_path: Path
) -> None:
    measured = RunStore(tmp_path / "measured").create(DENSE, "visitor")
    measured.measure_layers(True)
    training.train(measured, TRAIN, TEST)
    plain = start(DENSE)
    assert curves(measured) == curves(plain)
    assert layer_statistics.read(plain.folder) is None
    found = layer_statistics.read(measured.folder)
    assert found is not None
    assert (found.names, found.epochs, found.images) == (("1 Dense", "2 Dense"), (1, 2, 3), 70)


def test_the_sizes_of_a_layer_are_root_mean_squares() -> None:
    network = Network(DENSE.changed(layers=(Flatten(), DENSE.layers[3])), total_steps=1)
    kernel, bias = network.model.trainable_variables
    bias.assign(np.arange(10.0))
    names, weights, gradients = network.layer_sizes(TRAIN.images, TRAIN.labels)
    pixels = TRAIN.images.reshape(100, 784) / 255.0
    raw = np.exp(pixels @ kernel.numpy() + np.arange(10.0))
    errors = (raw / raw.sum(1, keepdims=True) - np.eye(10)[TRAIN.labels]) / 100
    wanted = np.concatenate([(pixels.T @ errors).ravel(), errors.sum(0)])
    assert names == ("1 Dense",)
    own = np.concatenate([kernel.numpy().ravel(), np.arange(10.0)])
    assert weights == pytest.approx([np.sqrt((own**2).mean())], rel=1e-5)
    assert gradients == pytest.approx([np.sqrt((wanted**2).mean())], rel=1e-4)


def test_first_epoch_matches_plain_keras(start: Callable[[Recipe], Run]) -> None:
    import keras

    from fmnist_core.models.build import build

    recipe = DENSE.changed(layers=(*DENSE.layers[:2], DENSE.layers[3]), epochs=1)
    model = build(recipe)
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    order = np.random.default_rng((recipe.seed, 0)).permutation(70)
    x, y = TRAIN.images[..., None].astype(np.float32) / 255, TRAIN.labels.astype(int)
    history: Any = model.fit(
        x[order],
        y[order],
        batch_size=16,
        shuffle=False,
        verbose=0,
        validation_data=(x[70:], y[70:]),
    ).history
    keras.utils.clear_session()
    ((_, loss, accuracy, val_loss, val_accuracy, _),) = curves(start(recipe))
    assert loss == pytest.approx(history["loss"][0], rel=1e-5)
    assert accuracy == pytest.approx(history["accuracy"][0])
    assert val_loss == pytest.approx(history["val_loss"][0], rel=1e-5)
    assert val_accuracy == pytest.approx(history["val_accuracy"][0])


def interrupt_after(monkeypatch: pytest.MonkeyPatch, batches: int, command: str) -> None:
    """Make a page ask for `command` after so many batches of the next run."""
    counter = itertools.count(1)

    def obey(self: Training) -> str:
        return command if next(counter) > batches else ""

    monkeypatch.setattr(Training, "_obey", obey)
    monkeypatch.setattr("fmnist_core.training.loop.LONGEST_CHUNK", 1)


RICH = DENSE.changed(
    schedule="cosine",
    weight_averaging=0.9,
    augmentation=Augmentation(flip=True, shift=2),
    optimizer="sgd",
    momentum=0.9,
    label_smoothing=0.1,
)


@pytest.mark.parametrize(("recipe", "batches"), [(RICH, 2), (RICH, 5), (CONVOLUTIONS, 7)])
def test_paused_run_goes_on_as_if_it_had_not_paused(
    start: Callable[[Recipe], Run], monkeypatch: pytest.MonkeyPatch, recipe: Recipe, batches: int
) -> None:
    expected = start(recipe)
    with monkeypatch.context() as patch:
        interrupt_after(patch, batches, "pause")
        run = start(recipe)
    assert run.status().status == "paused"
    training.train(run, TRAIN, TEST)
    assert run.status().status == "finished"
    np.testing.assert_allclose(curves(run), curves(expected), rtol=1e-6)
    one, two = run.evaluation(), expected.evaluation()
    assert one is not None
    assert two is not None
    np.testing.assert_allclose(one.test_probabilities, two.test_probabilities, atol=1e-5)


@pytest.mark.parametrize("name", ["dense-basics", "lightning", "compact", "300-100-with-sgd"])
def test_a_run_in_slices_learns_exactly_what_one_in_one_piece_does(
    start: Callable[[Recipe], Run], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    recipe = PRESETS[name].recipe.changed(
        epochs=2, train_examples=70, validation_examples=30, batch_size=16
    )
    expected = start(recipe)
    with monkeypatch.context() as patch:
        interrupt_after(patch, 3, "rest")
        run = start(recipe)
        assert (run.status().status, run.status().finished) == ("queued", None)
        interrupt_after(patch, 4, "rest")
        training.train(run, TRAIN, TEST)
        assert run.status().status == "queued"
    training.train(run, TRAIN, TEST)
    assert run.status().status == "finished"
    assert curves(run) == curves(expected)
    one, two = run.evaluation(), expected.evaluation()
    assert one is not None
    assert two is not None
    np.testing.assert_array_equal(one.test_probabilities, two.test_probabilities)


def test_a_run_rests_when_it_is_asked_to_but_pauses_rather(
    start: Callable[[Recipe], Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fmnist_core.training.progress.POLL_SECONDS", 0)
    asked: list[Callable[[Run], None]] = [Run.ask_to_rest, lambda run: run.request("pause", "So.")]
    for ask, state, reason in zip(asked, ("queued", "paused"), ("", "So."), strict=True):

        def restore(self: Training, ask: Callable[[Run], None] = ask) -> None:
            ask(self.run)

        with monkeypatch.context() as patch:
            patch.setattr(Training, "_restore", restore)
            run = start(DENSE)
        assert (run.status().status, run.status().reason) == (state, reason)


def test_a_run_whose_checkpoint_cannot_be_written_says_so_and_goes_on_from_the_one_before(
    start: Callable[[Recipe], Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    expected = start(DENSE)
    with monkeypatch.context() as patch:
        interrupt_after(patch, 3, "rest")
        run = start(DENSE)
        interrupt_after(patch, 4, "rest")
        patch.setattr("fmnist_core.training.checkpoint.save", full)
        training.train(run, TRAIN, TEST)
    assert run.status().status == "failed"
    assert "disk is full" in run.status().reason
    training.train(run, TRAIN, TEST)
    np.testing.assert_allclose(curves(run), curves(expected), rtol=1e-6)


@pytest.mark.with_files
def test_stopped_run_keeps_its_best_epoch_as_a_model(
    start: Callable[[Recipe], Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        interrupt_after(patch, 7, "stop")
        run = start(DENSE)
    status = run.status()
    assert (status.status, status.epoch, status.batch, status.best_epoch) == ("stopped", 1, 2, 1)
    assert run.evaluation() is not None
    assert (run.folder / "model.tflite").exists()


def test_run_stopped_before_its_first_batch_has_no_model(
    start: Callable[[Recipe], Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        interrupt_after(patch, 0, "stop")
        run = start(DENSE)
    assert run.status().status == "stopped"
    assert not (run.folder / "model.keras").exists()


def test_crash_loses_nothing_that_was_checkpointed(
    start: Callable[[Recipe], Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fmnist_core.training.loop.CHECKPOINT_SHARE", 1e9)  # at every epoch
    expected = start(DENSE)

    class Killed(BaseException):
        pass

    def die(self: Training) -> str:
        if self.at.epoch == 2 and self.at.batch > 1:
            raise Killed
        return ""

    with monkeypatch.context() as patch:
        patch.setattr(Training, "_obey", die)
        run = RunStore(expected.folder.parent).create(DENSE, "visitor")
        with pytest.raises(Killed):
            training.train(run, TRAIN, TEST)
    assert run.status().status == "interrupted"
    training.train(run, TRAIN, TEST)
    np.testing.assert_allclose(curves(run), curves(expected), rtol=1e-6)


def test_finished_run_can_be_trained_for_more_epochs(start: Callable[[Recipe], Run]) -> None:
    run, longer = start(DENSE), start(DENSE.changed(epochs=5))
    run.extend(5)
    training.train(run, TRAIN, TEST)
    assert run.status().epoch == 5
    # A constant learning rate does not know how long a run was meant to be.
    np.testing.assert_allclose(curves(run), curves(longer), rtol=1e-6)


def test_learning_rate_can_change_during_a_run(
    start: Callable[[Recipe], Run], tmp_path: Path
) -> None:
    run = RunStore(tmp_path / "store").create(DENSE.changed(schedule="cosine"), "visitor")
    run.set_learning_rate(0.5)
    training.train(run, TRAIN, TEST)
    rates = [row.learning_rate or 0.0 for row in batch_rows(run.history()[0])]
    # Asked before the first batch; the cosine goes on falling from the new rate.
    assert 0.4 < rates[0] < 0.5
    assert rates[-1] == pytest.approx(0, abs=1e-6)


def test_plateau_divides_the_learning_rate_by_five(start: Callable[[Recipe], Run]) -> None:
    slow = DENSE.changed(optimizer="sgd", learning_rate=1e-6, epochs=6)
    run = start(slow.changed(schedule="reduce_on_plateau"))
    rates = [row[-1] for row in curves(run)]
    # So small a rate never gains 0.0001, so the first two idle epochs lower it, and the next two.
    np.testing.assert_allclose(rates, np.array([5, 5, 5, 1, 1, 0.2]) * 2e-7, rtol=1e-4)


def test_early_stopping_ends_the_run_and_says_so(start: Callable[[Recipe], Run]) -> None:
    run = start(DENSE.changed(early_stopping=1, learning_rate=5.0, optimizer="sgd", epochs=50))
    assert run.status().status == "finished"
    assert run.status().epoch < 50
    assert "early" in run.status().reason


def test_infinite_loss_fails_in_one_sentence(start: Callable[[Recipe], Run]) -> None:
    # Without activations the layers feed each other's growth until float32 ends.
    layers = (Flatten(), *[Dense(units=64, activation="linear")] * 3, DENSE.layers[3])
    run = start(DENSE.changed(layers=layers, optimizer="sgd", learning_rate=10.0, epochs=30))
    status = run.status()
    assert status.status == "failed"
    assert "smaller learning rate" in status.reason
    assert all(math.isfinite(row[1]) for row in curves(run))


def test_unexpected_error_is_not_shown_to_the_visitor(
    start: Callable[[Recipe], Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    def explode(*_: object) -> None:
        raise ZeroDivisionError("secret path /home/x")

    monkeypatch.setattr(Training, "_epoch", explode)
    status = start(DENSE).status()
    assert status.status == "failed"
    assert "ZeroDivisionError" in status.reason
    assert "secret" not in status.reason


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_optimizer_learns(start: Callable[[Recipe], Run], optimizer: str) -> None:
    recipe = DENSE.changed(optimizer=optimizer, learning_rate=0.005, weight_decay=0.01)
    rows = curves(start(recipe.changed(layers=(Flatten(), DENSE.layers[3]))))
    assert rows[-1][1] < rows[0][1]


def test_one_cycle_climbs_then_falls_to_zero() -> None:
    from fmnist_core.training.network import schedule

    one_cycle = schedule(DENSE.changed(schedule="one_cycle", learning_rate=0.1), 100)
    rates = [float(one_cycle(step)) for step in (0, 15, 30, 65, 100)]
    np.testing.assert_allclose(rates, [0.004, 0.052, 0.1, 0.05, 0.0], atol=1e-6)


def test_without_validation_images_the_last_epoch_is_kept(start: Callable[[Recipe], Run]) -> None:
    run = start(DENSE.changed(validation_examples=0))
    evaluation = run.evaluation()
    assert run.status().best_epoch == 3
    assert curves(run)[0][3:5] == (None, None)
    assert run.validation() is None
    assert evaluation is not None
    assert evaluation.validation_probabilities.shape == (0, 10)


def test_damaged_checkpoint_fails_in_words(start: Callable[[Recipe], Run]) -> None:
    run = start(DENSE)
    (run.folder / "checkpoint.npz").write_bytes(b"PK\x03\x04nonsense")
    run.extend(4)
    training.train(run, TRAIN, TEST)
    assert run.status().status == "failed"
    assert "checkpoint" in run.status().reason


def test_importing_training_does_not_import_tensorflow() -> None:
    code = "import sys, fmnist_core.training.train, json; print(json.dumps(sorted(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout
    assert not {"tensorflow", "keras"} & set(json.loads(found))
