"""Train a preset or a recipe on this machine, in this process."""

import argparse
import secrets
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fmnist_core.commands.common import (
    CommandError,
    add_runs,
    content_of,
    import_tensorflow,
    progress,
)
from fmnist_core.data.fashion_mnist import load
from fmnist_core.evaluation import metrics
from fmnist_core.recipes import presets
from fmnist_core.recipes.recipe import LONGEST_JSON, Recipe
from fmnist_core.runs.rows import BatchRow, EpochRow, Row
from fmnist_core.runs.run import Run
from fmnist_core.runs.store import RunStore

LOOK_EVERY_SECONDS = 0.5


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the source of the recipe, what to change in it, and `--runs DIR`."""
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--preset", metavar="NAME", help="a name that `presets` lists")
    source.add_argument("--recipe", metavar="FILE", type=Path, help="a recipe as JSON")
    parser.add_argument("--epochs", metavar="N", type=int, help="passes over the images")
    parser.add_argument("--examples", metavar="N", type=int, help="the first N training images")
    add_runs(parser)


def _recipe(arguments: argparse.Namespace) -> Recipe:
    if arguments.preset is not None:
        recipe = presets.find(arguments.preset).recipe
    else:
        recipe = Recipe.from_json(content_of(arguments.recipe, LONGEST_JSON))
    wishes = {"epochs": arguments.epochs, "train_examples": arguments.examples}
    recipe = recipe.changed(**{key: value for key, value in wishes.items() if value is not None})
    recipe.check()
    return recipe


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the run's id and folder, and the test figures of its best epoch."""
    recipe = _recipe(arguments)
    train, test = load("train"), load("test")
    # Its owner is a visitor nobody is: on a shared server the run is seen by its link only.
    run = RunStore(arguments.runs).create(recipe, secrets.token_urlsafe(16))
    progress(f"Training {recipe.name}, {recipe.parameters:,} parameters, in {run.folder}")
    from fmnist_core.training import train as training

    with reporting(run):
        training.train(run, train, test)
    status, found = run.status(), run.evaluation()
    if found is None:
        raise CommandError(f"Training ended as {status.status}: {status.reason or 'no reason'}")
    figures = metrics.evaluate(found.test_probabilities, test.labels)
    return {
        "run": run.id,
        "folder": str(run.folder),
        "name": recipe.name,
        "status": status.status,
        "test_accuracy": figures.accuracy,
        "test_interval": list(figures.interval),
        "test_loss": figures.loss,
        "test_examples": figures.examples,
        "parameters": recipe.parameters,
        "epochs": status.epoch,
        "best_epoch": status.best_epoch,
        "seconds": round(status.seconds, 3),
    }


@contextmanager
def reporting(run: Run) -> Iterator[None]:
    """Print the run's progress from its folder, as any page would, while the block works."""
    done = threading.Event()

    def watch() -> None:
        offset = 0
        while True:
            last = done.wait(LOOK_EVERY_SECONDS)
            rows, offset = run.history(offset)
            for row in rows:
                _report(row, run.recipe.epochs)
            if last:
                return

    import_tensorflow()
    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _report(row: Row, epochs: int) -> None:
    if isinstance(row, EpochRow):
        validation = "" if row.val_accuracy is None else f"validation {row.val_accuracy:.4f}, "
        progress(
            f"epoch {row.epoch}/{epochs}: accuracy {row.accuracy or 0:.4f}, "
            f"{validation}{row.seconds or 0:.1f} s"
        )
    elif isinstance(row, BatchRow) and sys.stderr.isatty():
        at = f"epoch {row.epoch}/{epochs}, batch {row.batch}/{row.batches}"
        sys.stderr.write(f"\r{at}: {row.images_per_second or 0:,.0f} images/s\033[K\r")


def show(result: dict[str, Any]) -> str:
    """Return the test figures and where the run is."""
    return (
        f"{result['name']}: test accuracy {result['test_accuracy']:.2%} of "
        f"{result['test_examples']:,} images, loss {result['test_loss']:.4f}, "
        f"{result['seconds']:.1f} s\nrun {result['run']} in {result['folder']}"
    )
