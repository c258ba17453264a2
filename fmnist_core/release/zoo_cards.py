"""Evaluates trained models for shipping and writes their cards; it alone reads the test images."""

import shutil
import tempfile
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from fmnist_core import files
from fmnist_core.data.fashion_mnist import CLASS_NAMES, Images, load
from fmnist_core.evaluation import metrics
from fmnist_core.models.card import Card
from fmnist_core.models.catalogue import DEFAULT_ROOT
from fmnist_core.models.classifier import Classifier
from fmnist_core.models.weaknesses import CALIBRATION, MISTAKE, STUDIO_ONLY, WEAKEST
from fmnist_core.recipes import presets
from fmnist_core.recipes.host import hardware
from fmnist_core.release.machine import Machine, watched
from fmnist_core.release.zoo import ZooError
from fmnist_core.runs.rows import CountingRow, batch_rows, epoch_rows, to_json
from fmnist_core.runs.run import EVALUATION, HISTORY, LITERT, MODEL, RECIPE, Run
from fmnist_core.runs.store import RunStore
from fmnist_core.translation import mark

LARGEST_FILE = 5_000_000  # bytes; a larger network ships its card without weights
MOST_BATCH_ROWS = 300
FILES = (MODEL, LITERT)

# What its maker adds to a model's weaknesses.
NOTES: Mapping[str, tuple[str, ...]] = {
    "lightning": (
        mark(
            "Its width was settled after a narrower version had missed 90% on the test set: read "
            "the figure as slightly optimistic."
        ),
    ),
    "best": (
        mark(
            "After the 90 epochs of its recipe it learned on for 90 more at a learning rate of "
            "0.04, the last 50 with the validation images too, and took the average of its "
            "weights; then for 30 more, without them, from what that average makes of each image "
            "and its mirror image, half of the images being badly lit or grainy. These weights are "
            "half way between both."
        ),
        mark(
            "So its validation figures are too good. The test images were read once for the "
            "average (95.28 %), once for the end of it all (94.85 %), and once for these."
        ),
    ),
    "compact": (
        mark(
            "After the 30 epochs of its recipe it learned for 60 more from what Best makes of each "
            "image and its mirror image."
        ),
        mark(
            "Best has learned the validation images, so the validation figures may be a little too "
            "good."
        ),
    ),
    "field": (
        mark(
            "It has learned from 2,992 real photos by 129 people, none of them of a bag, and from "
            "drawings made by program; it has seen no real drawing."
        ),
        mark(
            "On skirts, shorts, hats and bodysuits, which are no class, it is taught to be unsure."
        ),
        mark(
            "Its first 50 epochs are of an earlier recipe; the photos followed in two trainings, "
            "of 12 and 20 passes, whose weights were averaged. Training it anew gives other "
            "weights."
        ),
        mark(
            "Averaging was chosen by validation after the test images had been read for one of the "
            "two (92.95 %)."
        ),
    ),
}


def evaluate(
    run: Run,
    *,
    train_images: Images | None = None,
    test_images: Images | None = None,
    real_pictures: Mapping[str, float] | None = None,
    models: Path = DEFAULT_ROOT,
) -> Card:
    """Write the trained run as a shipped model into `models`, and return its card.

    The test images are read here, once. `real_pictures` holds accuracies on those, if measured.
    Raises ZooError when the run has no trained network.
    """
    if not all((run.folder / name).is_file() for name in FILES):
        raise ZooError(
            f"{run.recipe.name} is not trained to its end yet: run zoo train {run.folder.name}."
        )
    folder = models / run.folder.name
    folder.mkdir(parents=True, exist_ok=True)
    train_images, test_images = train_images or load("train"), test_images or load("test")
    classifier = Classifier(run.folder / LITERT)
    count = run.recipe.validation_examples
    labels = train_images.labels[len(train_images) - count :]
    probabilities = {
        "test_probabilities": _answers(classifier, test_images.images),
        "validation_probabilities": _answers(
            classifier, train_images.images[len(train_images) - count :]
        ),
    }
    found = metrics.evaluate(probabilities["test_probabilities"], test_images.labels)
    ships = all((run.folder / name).stat().st_size <= LARGEST_FILE for name in FILES)
    for name in FILES:
        if ships:
            shutil.copyfile(run.folder / name, folder / name)
        else:
            (folder / name).unlink(missing_ok=True)
    with files.replacing(folder / RECIPE) as stream:
        stream.write(run.recipe.to_json().encode())
    _write_history(run, folder)
    files.write_arrays(folder / EVALUATION, probabilities.items())
    right = probabilities["validation_probabilities"].argmax(1) == labels
    card = replace(
        _card(run, found),
        validation_accuracy=float(right.mean()) if count else 0.0,
        real_pictures=real_pictures or {},
        sha256={name: files.digest((folder / name).read_bytes()) for name in FILES if ships},
    )
    card.write(folder / "card.json")
    return card


def measure_time(
    name: str,
    *,
    examples: int | None = None,
    images: Images | None = None,
    models: Path = DEFAULT_ROOT,
) -> Card:
    """Train two epochs of a preset, and write how long all would take on its card in `models`.

    `examples` takes fewer training images, and what they take is multiplied. Nothing of the
    network is kept. Returns the new card. Raises RecipeError for an unknown name, CardError when
    there is no card, and ZooError when the machine has other work to do or training fails.
    """
    from fmnist_core.training.train import train

    preset = presets.find(name)
    path, recipe = models / preset.name / "card.json", preset.recipe
    card = Card.read(path)
    taken = min(examples or recipe.train_examples, recipe.train_examples)
    short = recipe.changed(epochs=2, train_examples=taken, early_stopping=0)
    with tempfile.TemporaryDirectory() as folder, watched() as machine:
        run = RunStore(Path(folder)).create(short, "timing")
        train(run, images or load("train"), blind=True)
        status, rows = run.status(), epoch_rows(run.history()[0])
    if len(rows) != short.epochs:
        raise ZooError(f"{card.title} is {status.status}: {status.reason}")
    if not machine.idle:
        raise ZooError(f"{card.title} was timed on {machine}: end that work and time it again.")
    first, second = (row.seconds or 0.0 for row in rows)  # the first one also compiles
    times = card.epochs * recipe.train_examples / taken
    card = replace(
        card,
        seconds=round(max(0.0, first - second) + times * second, 1),
        hardware=str(machine),
        timing=f"one epoch of {taken:,} images measured, times {times:,.0f}",
    )
    card.write(path)
    return card


def _answers(classifier: Classifier, images: np.ndarray) -> np.ndarray:
    if not len(images):
        return np.zeros((0, len(CLASS_NAMES)), np.float32)
    return classifier.probabilities(images)


def _card(run: Run, found: metrics.Evaluation) -> Card:
    """Return the card with all that the run and the test images tell."""
    recipe, status = run.recipe, run.status()
    return Card(
        name=run.folder.name,
        title=recipe.name,
        recipe=recipe.to_link(),
        seed=recipe.seed,
        train_examples=recipe.train_examples,
        epochs=status.epoch,
        best_epoch=status.best_epoch,
        parameters=recipe.parameters,
        multiply_adds=recipe.multiply_adds,
        file_bytes=(run.folder / MODEL).stat().st_size,
        hardware=str(Machine.of_run(run.folder) or hardware()),
        seconds=round(status.seconds, 1),
        date=datetime.fromtimestamp(status.finished or time.time(), UTC).date().isoformat(),
        validation_accuracy=0.0,
        validation_examples=recipe.validation_examples,
        test_accuracy=found.accuracy,
        test_loss=found.loss,
        test_examples=found.examples,
        test_interval=found.interval,
        calibration_error=found.calibration.ece,
        weaknesses=tuple(weaknesses(run, found)),
    )


def weaknesses(run: Run, found: metrics.Evaluation) -> list[str]:
    """Return what a user should know before trusting the model, in sentences."""
    recipe, status = run.recipe, run.status()
    worst = min(found.per_class, key=lambda score: score.recall)
    counts = found.confusion - np.diag(np.diag(found.confusion))
    truth, answer = np.unravel_index(counts.argmax(), counts.shape)
    sentences = [
        WEAKEST.format(share=f"{worst.recall:.0%}", name=worst.name),
        MISTAKE.format(
            truth=CLASS_NAMES[truth],
            answer=CLASS_NAMES[answer],
            count=int(counts[truth, answer]),
        ),
    ]
    if not recipe.augmentation.field:
        sentences.append(STUDIO_ONLY)
    planned = presets.PRESETS[run.folder.name].recipe.epochs
    if status.epoch < planned:
        done = f"{status.epoch} epoch{'s' * (status.epoch > 1)}"
        sentences.append(
            f"Trained for {done} where its preset plans {planned}: training on should make it "
            "better."
        )
    if found.calibration.ece > 0.01:
        sentences.append(CALIBRATION.format(error=f"{found.calibration.ece:.1%}"))
    return [*sentences, *NOTES.get(run.folder.name, ())]


def _write_history(run: Run, folder: Path) -> None:
    """Keep every epoch and evenly chosen batch rows: enough for the curves, small to ship."""
    rows, _ = run.history()
    batches = batch_rows(rows)
    step = -(-len(batches) // MOST_BATCH_ROWS) or 1
    kept: list[CountingRow] = [*epoch_rows(rows), *batches[::step]]
    kept.sort(key=lambda row: row.time or 0.0)
    (folder / HISTORY).unlink(missing_ok=True)
    for row in kept:
        files.append_line(folder / HISTORY, to_json(row))
