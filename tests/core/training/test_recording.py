"""A run keeps its moments while it trains: at every epoch, once, and also after a break."""

from pathlib import Path

import numpy as np
import pytest

from fmnist_core.models.build import build
from fmnist_core.recipes.layers import Conv2D, Dense, Flatten, MaxPooling2D
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.runs import replay
from fmnist_core.runs.replay import OwnItem
from fmnist_core.runs.rows import epoch_rows
from fmnist_core.runs.run import Run
from fmnist_core.runs.store import RunStore
from fmnist_core.training import train
from fmnist_core.training.loop import Training
from fmnist_core.training.recording import first_filters
from tests.core.training.test_train import DENSE, TEST, TRAIN, interrupt_after


@pytest.fixture(autouse=True)
def no_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fmnist_core.models.convert.save_model", lambda model, *_: model)


def trained(folder: Path, recipe: Recipe, own: OwnItem | None = None) -> Run:
    run = RunStore(folder).create(recipe, "visitor")
    if own is not None:
        replay.write_own_item(run.folder, own)
    train.train(run, TRAIN, TEST)
    return run


def places(run: Run) -> list[tuple[int, int]]:
    return list(replay.moment_files(run.folder))


def test_every_epoch_and_the_first_batch_are_kept_with_their_exact_accuracy(
    tmp_path: Path,
) -> None:
    run = trained(tmp_path, DENSE.changed(learning_rate=0.02))
    found = replay.read(run.folder)
    assert found is not None
    assert places(run) == [(0, 1), (1, 0), (2, 0), (3, 0)]
    assert sorted(found.indices) == list(range(70, 100))
    assert (found.labels == TRAIN.labels[found.indices]).all()
    rows = epoch_rows(run.history()[0])
    accuracies = [(each.answers == found.labels).mean() for each in found.moments[1:]]
    assert accuracies == pytest.approx([row.val_accuracy for row in rows])
    assert found.moments[1].filters.shape == (8, 28, 28)
    assert found.own_item is None
    assert found.moments[1].own is None


def test_the_own_item_gets_the_answers_of_each_moment(tmp_path: Path) -> None:
    # An image of the validation set, so that its answers are known.
    run = trained(tmp_path, DENSE, OwnItem(TRAIN.images[75], "your drawing"))
    found = replay.read(run.folder)
    assert found is not None
    at = found.indices.tolist().index(75)
    for each in found.moments:
        assert each.own is not None
        np.testing.assert_allclose(each.own, each.probabilities[at] / 255, atol=1 / 255)


def test_a_paused_run_keeps_the_same_moments_as_one_in_one_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = trained(tmp_path, DENSE)
    with monkeypatch.context() as patch:
        interrupt_after(patch, 7, "pause")
        run = trained(tmp_path, DENSE)
    assert places(run) == [(0, 1), (1, 0)]
    train.train(run, TRAIN, TEST)
    one, two = replay.read(run.folder), replay.read(expected.folder)
    assert one is not None
    assert two is not None
    assert [each.position for each in one.moments] == [each.position for each in two.moments]
    for mine, theirs in zip(one.moments, two.moments, strict=True):
        np.testing.assert_allclose(mine.filters, theirs.filters, atol=1e-4)


def test_moments_after_the_checkpoint_of_a_crash_are_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(self: Training) -> str:
        if self.at.epoch == 2 and self.at.batch > 1:
            raise Killed
        return ""

    # After the first epoch a checkpoint is written, and none before the crash.
    monkeypatch.setattr("fmnist_core.training.loop.CHECKPOINT_SHARE", 1e-9)
    with monkeypatch.context() as patch:
        patch.setattr(Training, "_obey", die)
        run = RunStore(tmp_path).create(DENSE, "visitor")
        with pytest.raises(Killed):
            train.train(run, TRAIN, TEST)
    assert places(run) == [(0, 1), (1, 0), (2, 0)]
    with monkeypatch.context() as patch:
        interrupt_after(patch, 2, "pause")
        train.train(run, TRAIN, TEST)
    assert places(run) == [(0, 1), (1, 0)]


def test_an_old_run_that_goes_on_is_kept_from_there(tmp_path: Path) -> None:
    run = trained(tmp_path, DENSE)
    for path in replay.moment_files(run.folder).values():
        path.unlink()
    run.extend(5)
    train.train(run, TRAIN, TEST)
    assert places(run) == [(4, 0), (5, 0)]


def test_a_long_run_stays_within_the_budget(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replay, "BUDGET", 60_000)
    run = trained(tmp_path, DENSE.changed(epochs=20))
    files = replay.moment_files(run.folder)
    assert sum(path.stat().st_size for path in files.values()) <= 60_000
    epochs = [epoch for epoch, batch in files if not batch]
    assert {1, 20, run.status().best_epoch} <= set(epochs)
    assert len(epochs) < 20


def test_without_validation_images_filters_and_own_item_are_kept(tmp_path: Path) -> None:
    own = OwnItem(TRAIN.images[75], "your drawing")
    run = trained(tmp_path, DENSE.changed(validation_examples=0, epochs=1), own)
    found = replay.read(run.folder)
    assert found is not None
    assert found.moments[-1].answers.shape == (0,)
    assert found.moments[-1].own is not None


def test_filters_are_the_weights_that_see_the_image() -> None:
    end = Dense(units=10, activation="softmax")
    dense = build(DENSE.changed(layers=(Flatten(), Dense(units=30), end)))
    np.testing.assert_array_equal(
        first_filters(dense)[5], dense.layers[2].get_weights()[0][:, 5].reshape(28, 28)
    )
    convolution = build(DENSE.changed(layers=(Conv2D(filters=4, kernel_size=5), Flatten(), end)))
    weights = convolution.layers[1].get_weights()[0]
    np.testing.assert_array_equal(first_filters(convolution)[3], weights[:, :, 0, 3])
    pooled = build(DENSE.changed(layers=(MaxPooling2D(), Flatten(), end)))
    assert first_filters(pooled).shape == (10, 14, 14)
