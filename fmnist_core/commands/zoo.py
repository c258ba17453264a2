"""Make shipped models: train one (validation only), evaluate it for its card, or time it."""

import argparse
from pathlib import Path
from typing import Any

from fmnist_core.commands.common import progress
from fmnist_core.commands.train import reporting
from fmnist_core.recipes.hyperparameters import PRECISIONS
from fmnist_core.release import zoo, zoo_cards
from fmnist_core.runs.rows import epoch_rows
from fmnist_core.runs.run import LITERT


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what to do and with which preset."""
    parser.add_argument("action", choices=("train", "evaluate", "time"))
    parser.add_argument("name", metavar="NAME", help="a name that `presets` lists, or segmentation")
    parser.add_argument("--epochs", metavar="N", type=int, help="other than the preset plans")
    parser.add_argument(
        "--precision", choices=tuple(PRECISIONS), help="other than the preset plans"
    )
    parser.add_argument(
        *("--real-pictures", "--field"),
        metavar="DIR",
        type=Path,
        help="evaluate: also measure on real pictures in this folder",
    )
    parser.add_argument(
        "--photos",
        metavar="DIR",
        type=Path,
        help="train: the real photos that field and segmentation learn from",
    )
    parser.add_argument(
        "--examples", metavar="N", type=int, help="time: other than the preset plans"
    )


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the run's validation figures, or the card with test figures and time."""
    if arguments.action == "time":
        progress(f"Timing two epochs of {arguments.name}")
        return zoo_cards.measure_time(arguments.name, examples=arguments.examples).to_json()
    if arguments.name == "segmentation":
        return _segmentation(arguments)
    run = zoo.open_run(arguments.name, epochs=arguments.epochs, precision=arguments.precision)
    if arguments.action == "evaluate":
        measured = _on_real_pictures(run.folder, arguments.real_pictures)
        return zoo_cards.evaluate(run, real_pictures=measured).to_json()
    done = run.status().epoch
    progress(f"Training {run.recipe.name} in {run.folder}, from epoch {done + 1}")
    with reporting(run):
        zoo.train(run, arguments.photos)
    status = run.status()
    epochs = epoch_rows(run.history()[0])
    best = max((row.val_accuracy or 0.0 for row in epochs), default=0.0)
    return {
        "name": run.folder.name,
        "title": run.recipe.name,
        "folder": str(run.folder),
        "status": status.status,
        "epochs": status.epoch,
        "best_epoch": status.best_epoch,
        "validation_accuracy": best,
        "parameters": run.recipe.parameters,
        "seconds": round(status.seconds, 3),
    }


def _segmentation(arguments: argparse.Namespace) -> dict[str, Any]:
    from fmnist_core.release import photos
    from fmnist_core.release.segmentation import training

    if arguments.action != "train":
        raise zoo.ZooError(f"segmentation has no {arguments.action}: expected train.")
    found = photos.read(arguments.photos)
    progress(f"Training the segmentation network on {len(found):,} photos")
    path = training.make(found, zoo.WORKSHOP / "segmentation")
    return {"file": str(path), "photos": len(found), "bytes": path.stat().st_size}


def _on_real_pictures(model: Path, pictures: Path | None) -> dict[str, float]:
    if pictures is None:
        return {}
    from fmnist_core.evaluation import real_pictures
    from fmnist_core.models.classifier import Classifier

    found = {}
    for name, score in real_pictures.measure(Classifier(model / LITERT), pictures).sets.items():
        shares = score.as_json()
        found[f"{name}, first answer"] = shares["top1"]
        found[f"{name}, first three"] = shares["top3"]
    return found


def show(result: dict[str, Any]) -> str:
    """Return one line of figures, with the test accuracy unless only trained."""
    if "file" in result:
        return (
            f"{result['file']}: {result['bytes']:,} bytes, learned from {result['photos']:,} photos"
        )
    if "test_accuracy" not in result:
        return (
            f"{result['title']}: {result['status']} after {result['epochs']} epochs, validation "
            f"{result['validation_accuracy']:.2%}, {result['seconds']:.0f} s"
        )
    low, high = result["test_interval"]
    return (
        f"{result['title']}: validation {result['validation_accuracy']:.2%}, test "
        f"{result['test_accuracy']:.2%} (95 % interval {low:.2%} to {high:.2%}); trained in "
        f"{result['seconds']:,.0f} s on {result['hardware']}"
    )
