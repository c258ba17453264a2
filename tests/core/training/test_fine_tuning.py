"""A copy learns its owner's items, keeps the rest, and says what it cost."""

from pathlib import Path

import numpy as np
import pytest

from fmnist_core import files
from fmnist_core.data.fashion_mnist import Images
from fmnist_core.models import catalogue, convert
from fmnist_core.models.build import build
from fmnist_core.models.catalogue import Model
from fmnist_core.models.taught import TaughtCopies
from fmnist_core.models.voting import vote
from fmnist_core.recipes.layers import Dense, Flatten
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.runs.run import Run
from fmnist_core.runs.store import RunStore
from fmnist_core.training import fine_tuning
from fmnist_core.training.fine_tuning import Lesson, Outcome

ANNA = "A" * 22
RECIPE = Recipe(name="Tiny", layers=(Flatten(), Dense(units=10, activation="softmax")))


def rows(labels: np.ndarray) -> np.ndarray:
    """Return images of the classes: class n lights row 2 n."""
    images = np.zeros((len(labels), 28, 28), np.uint8)
    images[np.arange(len(labels)), 2 * labels, 4:24] = 255
    return images


@pytest.fixture(scope="module")
def train() -> Images:
    labels = np.arange(6000) % 10
    noise = np.random.default_rng(0).integers(0, 20, (6000, 28, 28), np.uint8)
    return Images(np.maximum(rows(labels), noise), labels.astype(np.uint8))


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Model:
    """A network that reads the rows: a run's, as visitors have them."""
    run = RunStore(tmp_path_factory.mktemp("runs")).create(RECIPE, ANNA)
    network = build(RECIPE)
    kernel = np.zeros((28, 28, 10), np.float32)
    for label in range(10):
        kernel[2 * label, 4:24, label] = 0.5
    network.set_weights([kernel.reshape(784, 10), np.zeros(10)])
    convert.save_model(network, RECIPE, run.folder)
    return catalogue.from_run(run)


def strange(label: int) -> Lesson:
    """An item that the network takes for class 0, and that its owner says is of another."""
    image = np.zeros((28, 28), np.uint8)
    image[0, 4:24] = 255
    image[20:27, 2:8] = 255
    return Lesson(np.stack([image, np.roll(image, 1, 0)]), label)


@pytest.fixture
def copy(runs_folder: Path, base: Model) -> Run:
    return TaughtCopies(runs_folder).create(base, ANNA)


@pytest.mark.with_files
def test_a_copy_learns_the_item_and_keeps_the_rest(copy: Run, base: Model, train: Images) -> None:
    untouched = base.keras_file.read_bytes(), base.tflite_file.read_bytes()
    fine_tuning.teach(str(copy.folder), base, [strange(7)], train)
    assert copy.status().status == "finished", copy.status().reason
    found = fine_tuning.read(copy.folder)
    assert found is not None
    assert found.before[0].argmax() == 0
    assert found.after[0].argmax() == 7
    assert found.clean_before == 1
    assert found.clean_after > 0.97
    assert found.clean_count == fine_tuning.CLEAN
    # What was measured is what the page answers with.
    readings = strange(7).readings
    answers = catalogue.from_run(copy).classifier().probabilities(readings)
    together = vote(answers, np.zeros(len(readings), int))[0]
    np.testing.assert_allclose(found.after[0], together, atol=1e-5)
    assert (base.keras_file.read_bytes(), base.tflite_file.read_bytes()) == untouched
    # The items themselves are nowhere on the disk.
    names = {path.name for path in copy.folder.iterdir()}
    assert names <= {
        "about.json", "recipe.json", "status.json", "control.json", "taught.json",
        "model.keras", "model.tflite",
    }  # fmt: skip


@pytest.mark.with_files
def test_a_copy_that_is_stopped_keeps_nothing(copy: Run, base: Model, train: Images) -> None:
    copy.request("pause")  # a waiting one ends at once
    fine_tuning.teach(str(copy.folder), base, [strange(3)], train)
    assert copy.status().status == "paused"
    copy.set_status("queued")
    fine_tuning.teach(str(copy.folder), base, [strange(3)], train)
    assert copy.status().status == "stopped"
    assert not (copy.folder / "model.keras").exists()
    assert fine_tuning.read(copy.folder) is None


def test_a_copy_thrown_away_while_it_waits_stays_away(
    copy: Run, base: Model, train: Images, runs_folder: Path
) -> None:
    TaughtCopies(runs_folder).discard(copy)
    fine_tuning.teach(str(copy.folder), base, [strange(3)], train)
    assert not copy.folder.exists()


def test_a_model_without_weights_is_named(
    copy: Run, base: Model, train: Images, tmp_path: Path
) -> None:
    empty = Model("id", "Nothing yet", tmp_path, RECIPE)
    fine_tuning.teach(str(copy.folder), empty, [strange(3)], train)
    assert copy.status().status == "failed"
    assert "Nothing yet has no finished network" in copy.status().reason


def test_every_lesson_brings_itself_and_varied_copies() -> None:
    lessons = [strange(7), Lesson(strange(7).readings[:1], 2)]
    readings, owners, labels = fine_tuning.varied(lessons, np.random.default_rng(0))
    assert len(readings) == len(owners) == 3 * fine_tuning.COPIES
    assert owners[:3].tolist() == [0, 0, 1]
    assert labels.tolist() == [7, 2]
    np.testing.assert_array_equal(readings[:2], strange(7).readings)
    assert not np.array_equal(readings[3:5], strange(7).readings)


@pytest.mark.parametrize(
    "content", [{}, {"labels": "x"}, {"labels": [1], "before": [], "after": []}, {"labels": [[1]]}]
)
def test_a_damaged_outcome_reads_as_none(tmp_path: Path, content: dict[str, object]) -> None:
    whole = Outcome(np.array([1]), np.ones((1, 10)), np.ones((1, 10)), 1, 1, 5, 3, 0.5).as_json()
    files.write_json(tmp_path / fine_tuning.FILE, {**whole, **content} if content else {})
    assert fine_tuning.read(tmp_path) is None
    files.write_json(tmp_path / fine_tuning.FILE, whole)
    found = fine_tuning.read(tmp_path)
    assert found is not None
    assert found.clean_count == 5
