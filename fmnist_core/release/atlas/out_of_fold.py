"""Probabilities from networks that never saw the image they judge: five networks, five folds."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from fmnist_core.data.fashion_mnist import CLASS_NAMES, Images
from fmnist_core.models.classifier import Classifier
from fmnist_core.recipes.presets import LIGHTNING
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.runs.run import ABOUT, LITERT, RECIPE, Run

FOLDS = 5
EPOCHS = 5


class FoldError(Exception):
    """A fold's network cannot be trained; the message says which and why."""


def assign(labels: np.ndarray, count: int = FOLDS, seed: int = 0) -> np.ndarray:
    """Return each image's fold, uint8 (n,), 0 to `count` - 1: every class spread evenly."""
    rng = np.random.default_rng(seed)
    folds = np.empty(len(labels), np.uint8)
    for label in range(len(CLASS_NAMES)):
        members = np.flatnonzero(labels == label)
        folds[rng.permutation(members)] = np.arange(len(members)) % count
    return folds


def recipe(examples: int, seed: int) -> Recipe:
    """Return the recipe of a fold's network: Lightning, trained a little longer, no validation."""
    return LIGHTNING.recipe.changed(
        name=f"Fold {seed + 1} of {FOLDS}",
        train_examples=examples,
        validation_examples=0,
        epochs=EPOCHS,
        seed=seed,
    )


def judge(
    train: Images, test: Images, folder: Path, report: Callable[[str], None] = lambda _: None
) -> np.ndarray:
    """Return float32 (n + m, 10): probabilities for all n training and m test images.

    A training image is judged by the one network that was not trained on it, a test image by the
    mean of all. The networks' runs lie in `folder`; one that is finished there is not trained
    again. Blocks. Raises FoldError.
    """
    folds = assign(train.labels)
    found = np.zeros((len(train) + len(test), len(CLASS_NAMES)), np.float32)
    for fold in range(FOLDS):
        kept = folds != fold
        network = _trained(Images(train.images[kept], train.labels[kept]), fold, folder)
        found[: len(train)][~kept] = network.probabilities(train.images[~kept])
        found[len(train) :] += network.probabilities(test.images) / FOLDS
        right = found[: len(train)][~kept].argmax(1) == train.labels[~kept]
        report(f"fold {fold + 1} of {FOLDS}: {right.mean():.2%} of {len(right):,} right")
    return found


def _trained(images: Images, fold: int, folder: Path) -> Classifier:
    from fmnist_core.training.train import train

    wanted = recipe(len(images), fold)
    run = Run(folder.absolute() / f"fold-{fold}")
    if not (run.folder / RECIPE).exists():
        run.folder.mkdir(parents=True, exist_ok=True)
        (run.folder / RECIPE).write_text(wanted.to_json(), encoding="utf-8")
        (run.folder / ABOUT).write_text(f'{{"name": "{wanted.name}"}}', encoding="utf-8")
        run.set_status("queued")
    if run.recipe != wanted:
        raise FoldError(f"{run.folder} was begun with another recipe: move it away to train anew.")
    if run.status().status != "finished":
        train(run, images, blind=True)
    status = run.status()
    if status.status != "finished":
        raise FoldError(f"{wanted.name} is {status.status}: {status.reason}")
    return Classifier(run.folder / LITERT)
