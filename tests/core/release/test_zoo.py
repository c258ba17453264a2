import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from fmnist_core.data import fashion_mnist
from fmnist_core.models import calibration, convert
from fmnist_core.models.build import build
from fmnist_core.models.card import Card
from fmnist_core.models.catalogue import shipped
from fmnist_core.recipes import presets
from fmnist_core.recipes.layers import Dense, Flatten
from fmnist_core.recipes.presets import Preset
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.release import zoo, zoo_cards
from fmnist_core.release.machine import Machine, watched
from fmnist_core.runs.run import Run
from tests.support.models import ship

TINY = Recipe(
    name="Tiny",
    layers=(Flatten(), Dense(units=10, activation="softmax")),
    train_examples=320,
    validation_examples=100,
    epochs=2,
    label_smoothing=0.1,
)


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(presets.PRESETS, "tiny", Preset(TINY, "For tests."))


def few(split: fashion_mnist.Split) -> fashion_mnist.Images:
    images = fashion_mnist.load(split)
    return fashion_mnist.Images(images.images[:150], images.labels[:150])


def trained(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A run trained without a look at the test images."""
    asked: list[fashion_mnist.Split] = []

    def load(split: fashion_mnist.Split) -> fashion_mnist.Images:
        asked.append(split)
        return fashion_mnist.load(split)

    monkeypatch.setattr("fmnist_core.training.judging.load", load)
    monkeypatch.setattr(zoo, "load", load)
    run = zoo.open_run("tiny", folder)
    zoo.train(run)
    assert set(asked) == {"train"}
    return run


@pytest.mark.usefixtures("tiny")
def test_training_never_reads_the_test_images_and_evaluation_writes_a_complete_card(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = trained(tmp_path / "work", monkeypatch)
    models = tmp_path / "models"
    test, real = few("test"), {"drawings, first answer": 0.5}
    zoo_cards.evaluate(run, test_images=test, real_pictures=real, models=models)

    card = Card.read(models / "tiny" / "card.json")
    assert (card.title, card.epochs, card.parameters) == ("Tiny", 2, 7850)
    assert (card.test_examples, card.validation_examples) == (150, 100)
    assert card.test_interval[0] < card.test_accuracy < card.test_interval[1]
    assert card.real_pictures == real
    assert Recipe.from_link(card.recipe) == TINY
    assert "cores of" in card.hardware or "core of" in card.hardware
    assert "idle" in card.hardware or "other work took" in card.hardware

    # The shipped weights pass their own check and give the accuracy that the card states.
    found = shipped(models)["tiny"].classifier().probabilities(test.images)
    assert (found.argmax(1) == test.labels).mean() == card.test_accuracy
    with np.load(models / "tiny" / "evaluation.npz", allow_pickle=False) as arrays:
        assert np.array_equal(arrays["test_probabilities"], found)
        judged = arrays["validation_probabilities"].argmax(1)
        labels = fashion_mnist.load("train").labels[-100:]
        assert card.validation_accuracy == (judged == labels).mean()

    # A network too large to ship keeps its card, history and evaluation only.
    monkeypatch.setattr(zoo_cards, "LARGEST_FILE", 1000)
    zoo_cards.evaluate(run, test_images=test, models=models)
    assert sorted(path.name for path in (models / "tiny").iterdir()) == [
        "card.json",
        "evaluation.npz",
        "history.jsonl",
        "recipe.json",
    ]
    assert not shipped(models)["tiny"].ready


@pytest.mark.usefixtures("tiny")
@pytest.mark.parametrize("others", [0.0, 0.5])
def test_two_epochs_on_an_idle_machine_give_the_time_on_the_card(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, others: float
) -> None:
    @contextmanager
    def watched() -> Iterator[Machine]:
        yield Machine(1.0, others)

    monkeypatch.setattr(zoo_cards, "watched", watched)
    took = [SimpleNamespace(seconds=5.0), SimpleNamespace(seconds=2.0)]
    monkeypatch.setattr(zoo_cards, "epoch_rows", lambda _: took)
    ship(tmp_path, "tiny", epochs=4)
    before = Card.read(tmp_path / "tiny" / "card.json")
    if others:
        with pytest.raises(zoo.ZooError, match="other work took 50%"):
            zoo_cards.measure_time("tiny", models=tmp_path)
    else:
        zoo_cards.measure_time("tiny", examples=160, models=tmp_path)
    after = Card.read(tmp_path / "tiny" / "card.json")
    if others:
        assert after == before
    else:
        # 3 s to compile, then four epochs of twice the images that take 2 s.
        assert after.seconds == 3 + 4 * 2 * 2
        assert after.timing == "one epoch of 160 images measured, times 8"
        assert "otherwise idle" in after.hardware
        assert replace(after, seconds=before.seconds, timing="", hardware="2 cores") == before


def test_what_others_did_is_weighed_by_the_length_of_each_part_of_a_run(tmp_path: Path) -> None:
    Machine(10.0, 0.0).add_to(tmp_path)
    Machine(30.0, 0.4).add_to(tmp_path)
    found = Machine.of_run(tmp_path)
    assert found is not None
    assert (found.seconds, found.others) == (40.0, pytest.approx(0.3))
    assert str(found).endswith("of which other work took 30%")


def test_work_of_other_processes_is_seen() -> None:
    spin = [sys.executable, "-c", "import time; [None for _ in iter(time.process_time, 60.0)]"]
    with watched() as machine:
        others = [subprocess.Popen(spin) for _ in range(os.cpu_count() or 1)]
        time.sleep(1.0)
        for process in others:
            process.kill()
            process.wait()
    assert not machine.idle


@pytest.mark.usefixtures("tiny")
def test_an_untrained_model_is_not_evaluated(tmp_path: Path) -> None:
    with pytest.raises(zoo.ZooError, match="zoo train tiny"):
        zoo_cards.evaluate(zoo.open_run("tiny", tmp_path), models=tmp_path / "models")


@pytest.mark.usefixtures("tiny")
def test_a_run_of_another_recipe_is_not_continued(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert zoo.open_run("tiny", tmp_path).folder == zoo.open_run("Tiny", tmp_path).folder
    changed = Preset(TINY.changed(batch_size=16), "For tests.")
    monkeypatch.setitem(presets.PRESETS, "tiny", changed)
    with pytest.raises(zoo.ZooError, match="another recipe"):
        zoo.open_run("tiny", tmp_path)


@pytest.mark.usefixtures("tiny")
def test_a_shorter_run_than_planned_is_continued_as_begun(tmp_path: Path) -> None:
    assert zoo.open_run("tiny", tmp_path, epochs=1).recipe.epochs == 1
    assert zoo.open_run("tiny", tmp_path).recipe.epochs == 1
    with pytest.raises(zoo.ZooError, match="another recipe"):
        zoo.open_run("tiny", tmp_path, epochs=2)


@pytest.mark.usefixtures("tiny")
def test_confidence_is_fitted_to_the_last_images_as_the_network_sees_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved: list[Any] = []
    monkeypatch.setattr(convert, "save_model", lambda network, *_: saved.append(network))
    run = zoo.open_run("tiny", tmp_path)
    network = build(TINY)
    kernel = np.random.default_rng(0).normal(0, 0.1, (784, 10)).astype(np.float32)
    network.set_weights([kernel, np.zeros(10, np.float32)])
    network.save(run.folder / "model.keras")
    images = few("train")
    zoo.calibrate(run, images)
    # The recipe keeps 100 for validation.
    logits = images.images[-100:].reshape(100, -1) / 255 @ kernel
    scale, shift = calibration.fit(logits, images.labels[-100:])
    found, bias = saved[0].get_weights()
    assert found == pytest.approx(kernel * scale, rel=1e-4)
    assert bias == pytest.approx(shift, abs=1e-4)
