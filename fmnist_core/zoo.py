"""Trains the shipped models and writes their cards; `evaluate` alone reads the test images."""

import json
import os
import platform
import shutil
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from fmnist_core import evaluation, presets, run_files
from fmnist_core.dataset import CLASS_NAMES, Images, load
from fmnist_core.inference import Classifier
from fmnist_core.models import DEFAULT_ROOT
from fmnist_core.runs import Run, RunRow, valid_rows

WORKSHOP = Path(__file__).parents[1] / "build" / "zoo"
LARGEST_FILE = 5_000_000  # bytes; a larger network ships its card without weights
MOST_BATCH_ROWS = 300
FILES = ("model.keras", "model.tflite")

NOTES: Mapping[str, tuple[str, ...]] = {
    "field": (
        "Three in five of its training images were redrawn as drawings and photos might look; it "
        "has seen no real drawing or photo.",
        "Flip-flops and shoes seen from above or from the front are unlike anything in the data.",
    ),
}
STUDIO_ONLY = (
    "Knows only the data set's studio pictures: for drawings and photos of your own use Field."
)


class ZooError(Exception):
    """A shipped model cannot be made; the message says what is missing and what to do."""


def open_run(
    name: str,
    workshop: Path | None = None,
    epochs: int | None = None,
    precision: str | None = None,
) -> Run:
    """Return the run that trains the preset of that name, made when there is none yet.

    A new run has the preset's `epochs` and `precision`, unless told otherwise. It lies in
    `workshop`, by default where FMNIST_ZOO says, else in build/zoo. Raises RecipeError for an
    unknown name and ZooError when the run there is of another recipe.
    """
    preset = presets.find(name)
    root = workshop or Path(os.environ.get("FMNIST_ZOO") or WORKSHOP)
    run = Run(root.absolute() / preset.name)
    if not (run.folder / "recipe.json").exists():
        recipe = preset.recipe.changed(
            epochs=epochs or preset.recipe.epochs, precision=precision or preset.recipe.precision
        )
        run.folder.mkdir(parents=True, exist_ok=True)
        with run_files.replacing(run.folder / "recipe.json") as stream:
            stream.write(recipe.to_json().encode())
        run_files.write_json(run.folder / "about.json", {"name": preset.title})
        run.set_status("queued")
    found = run.recipe
    wanted = preset.recipe.changed(
        epochs=epochs or found.epochs, precision=precision or found.precision
    )
    if found != wanted:
        raise ZooError(
            f"{run.folder} was begun with another recipe than the preset {preset.title} has now. "
            "Move the folder away to train anew."
        )
    return run


def train(run: Run) -> None:
    """Train from the run's checkpoint, or from the start, to the end; look at validation only.

    Blocks. Raises ZooError with the reason when it does not reach its end.
    """
    from fmnist_core import training

    training.train(run, load("train"), blind=True)
    status = run.status()
    if status.status not in ("finished", "stopped"):
        raise ZooError(f"{status.name} is {status.status}: {status.reason}")
    if run.recipe.label_smoothing:
        calibrate(run, load("train"))


def calibrate(run: Run, images: Images) -> None:
    """Rescale the outputs of the last layer so that confidence fits validation.

    Label smoothing leaves a network wrongly sure. A few answers may change. `images` are the
    training images; their last ones are for validation.
    """
    import keras

    from fmnist_core import calibration, conversion

    count = run.recipe.validation_examples
    if not count:
        return
    model = keras.models.load_model(run.folder / "model.keras")
    kernel, bias = model.layers[-1].get_weights()
    features = keras.Model(model.inputs, model.layers[-1].input)
    inputs = images.images[-count:, ..., None].astype(np.float32) / 255
    logits = features.predict(inputs, verbose=0) @ kernel + bias
    scale, shift = calibration.fit(logits, images.labels[-count:])
    model.layers[-1].set_weights([kernel * scale, bias * scale + shift])
    conversion.save_model(model, run.recipe, run.folder)


def evaluate(
    run: Run,
    *,
    train_images: Images | None = None,
    test_images: Images | None = None,
    field: Mapping[str, float] | None = None,
    models: Path = DEFAULT_ROOT,
) -> dict[str, Any]:
    """Write the trained run as a shipped model into `models`, and return its card.

    The test images are read here, once. `field` holds accuracies on real pictures, if measured.
    Raises ZooError when the run has no trained network.
    """
    if not all((run.folder / name).is_file() for name in FILES):
        raise ZooError(
            f"{run.recipe.name} is not trained to its end yet: run zoo train {run.folder.name}."
        )
    folder = models / run.folder.name
    folder.mkdir(parents=True, exist_ok=True)
    train_images, test_images = train_images or load("train"), test_images or load("test")
    classifier = Classifier(run.folder / "model.tflite")
    count = run.recipe.validation_examples
    labels = train_images.labels[len(train_images) - count :]
    probabilities = {
        "test_probabilities": _answers(classifier, test_images.images),
        "validation_probabilities": _answers(
            classifier, train_images.images[len(train_images) - count :]
        ),
    }
    found = evaluation.evaluate(probabilities["test_probabilities"], test_images.labels)
    ships = all((run.folder / name).stat().st_size <= LARGEST_FILE for name in FILES)
    for name in FILES:
        if ships:
            shutil.copyfile(run.folder / name, folder / name)
        else:
            (folder / name).unlink(missing_ok=True)
    with run_files.replacing(folder / "recipe.json") as stream:
        stream.write(run.recipe.to_json().encode())
    _write_history(run, folder)
    run_files.write_arrays(folder / "evaluation.npz", probabilities.items())
    card = _card(run, found, field or {})
    card["validation_accuracy"] = (
        float((probabilities["validation_probabilities"].argmax(1) == labels).mean())
        if count
        else 0.0
    )
    card["sha256"] = {
        name: sha256((folder / name).read_bytes()).hexdigest() for name in FILES if ships
    }
    with run_files.replacing(folder / "card.json") as stream:
        stream.write(json.dumps(card, indent=2, ensure_ascii=False).encode() + b"\n")
    return card


def _answers(classifier: Classifier, images: np.ndarray) -> np.ndarray:
    if not len(images):
        return np.zeros((0, len(CLASS_NAMES)), np.float32)
    return classifier.probabilities(images)


def _card(run: Run, found: evaluation.Evaluation, field: Mapping[str, float]) -> dict[str, Any]:
    recipe, status = run.recipe, run.status()
    return {
        "name": run.folder.name,
        "title": recipe.name,
        "recipe": recipe.to_link(),
        "seed": recipe.seed,
        "train_examples": recipe.train_examples,
        "epochs": status.epoch,
        "best_epoch": status.best_epoch,
        "parameters": recipe.parameters,
        "multiply_adds": recipe.multiply_adds,
        "file_bytes": (run.folder / "model.keras").stat().st_size,
        "hardware": hardware(),
        "seconds": round(status.seconds, 1),
        "date": datetime.fromtimestamp(status.finished or time.time(), UTC).date().isoformat(),
        "validation_examples": recipe.validation_examples,
        "test_accuracy": found.accuracy,
        "test_loss": found.loss,
        "test_examples": found.examples,
        "test_interval": list(found.interval),
        "calibration_error": found.calibration.ece,
        "field": dict(field),
        "weaknesses": weaknesses(run, found),
        "precomputed": True,
    }


def weaknesses(run: Run, found: evaluation.Evaluation) -> list[str]:
    """Return what a user should know before trusting the model, in sentences."""
    recipe, status = run.recipe, run.status()
    worst = min(found.per_class, key=lambda score: score.recall)
    counts = found.confusion - np.diag(np.diag(found.confusion))
    truth, answer = np.unravel_index(counts.argmax(), counts.shape)
    sentences = [
        f"Weakest class: it finds {worst.recall:.0%} of the test images of {worst.name}.",
        f"Commonest mistake: {CLASS_NAMES[truth]} taken for {CLASS_NAMES[answer]}, "
        f"{int(counts[truth, answer])} times.",
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
        sentences.append(
            f"Its confidence is off by {found.calibration.ece:.1%} on average (expected "
            "calibration error)."
        )
    return [*sentences, *NOTES.get(run.folder.name, ())]


def _write_history(run: Run, folder: Path) -> None:
    """Keep every epoch and evenly chosen batch rows: enough for the curves, small to ship."""
    rows, _ = run.history()
    epochs = valid_rows(rows, "epoch")
    batches = valid_rows(rows, "batch")
    step = -(-len(batches) // MOST_BATCH_ROWS) or 1
    kept: list[RunRow] = [*epochs, *batches[::step]]
    kept.sort(key=lambda row: row.get("time", 0.0))
    (folder / "history.jsonl").unlink(missing_ok=True)
    for row in kept:
        run_files.append_line(folder / "history.jsonl", row)


def hardware() -> str:
    """Return this computer's processor and how many of its cores there are, in words."""
    model = platform.processor() or platform.machine()
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    except OSError:
        pass
    count = os.cpu_count() or 1
    return f"{count} core{'s' if count > 1 else ''} of {model}, no GPU, shared with other work"
