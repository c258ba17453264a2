"""Measure models on spoilt test images: nine corruptions, five severities; --write keeps it."""

import argparse
from dataclasses import asdict
from typing import Any

from fmnist_core.commands.common import CommandError, add_runs, progress
from fmnist_core.data.fashion_mnist import Images, load
from fmnist_core.evaluation import robustness
from fmnist_core.models import catalogue
from fmnist_core.models.catalogue import Model, find
from fmnist_core.runs.store import RunStore


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add models, sample and whether to write."""
    parser.add_argument(
        "models",
        metavar="MODEL",
        nargs="*",
        help="shipped models, runs' ids or folders (default: every shipped model with weights)",
    )
    parser.add_argument(
        "--examples",
        metavar="N",
        type=int,
        default=robustness.SAMPLE,
        help=f"how many test images, drawn by chance (default: {robustness.SAMPLE})",
    )
    parser.add_argument(
        "--seed",
        metavar="N",
        type=int,
        default=robustness.SEED,
        help=f"decides the sample and the corruptions (default: {robustness.SEED})",
    )
    parser.add_argument(
        "--write", action="store_true", help="write it on the cards of the shipped models"
    )
    add_runs(parser)


def run(arguments: argparse.Namespace) -> list[dict[str, Any]]:
    """Return for each model its mean accuracy with interval, and each corruption's five."""
    test = load("test")
    if not 2 <= arguments.examples <= len(test):
        raise CommandError(
            f"--examples is {arguments.examples}; expected a number from 2 to {len(test):,}."
        )
    if not 0 <= arguments.seed < 2**32:
        raise CommandError(f"--seed is {arguments.seed}; expected a number from 0 up.")
    chosen = _chosen(arguments)
    indices = robustness.sample(arguments.examples, arguments.seed)
    sample = Images(test.images[indices], test.labels[indices])
    results = []
    for model in chosen:
        found = robustness.measure(
            model.classifier().probabilities,
            sample,
            arguments.seed,
            lambda title, model=model: progress(f"{model.title}: {title}"),  # type: ignore[misc]
        )
        if arguments.write:
            robustness.write_on_card(model.folder, found)
        results.append({"model": model.name, "title": model.title, **asdict(found)})
    return results


def _chosen(arguments: argparse.Namespace) -> list[Model]:
    if not arguments.models:
        return [model for model in catalogue.shipped().values() if model.ready]
    store = RunStore(arguments.runs)
    chosen = [find(name, store) for name in arguments.models]
    for model in chosen:
        if arguments.write and model.card is None:
            raise CommandError(f"{model.title} is a run and has no card to write on; omit --write.")
    return chosen


def show(result: list[dict[str, Any]]) -> str:
    """Return a line for each model, then the weakest and the strongest corruption."""
    lines = []
    for row in result:
        low, high = row["interval"]
        means = {name: sum(values) / len(values) for name, values in row["by_corruption"].items()}
        worst, best = min(means, key=means.__getitem__), max(means, key=means.__getitem__)
        lines.append(
            f"{row['title']:22} {row['accuracy']:.2%} of {row['examples']:,} spoilt test images "
            f"(95 % interval {low:.2%} to {high:.2%}), unchanged {row['clean']:.2%}; "
            f"{worst} {means[worst]:.1%}, {best} {means[best]:.1%}"
        )
    return "\n".join(lines)
