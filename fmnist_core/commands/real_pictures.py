"""Measure a model on real drawings and photos, per set and class: first answer and first three."""

import argparse
from pathlib import Path
from typing import Any

from fmnist_core.commands.common import add_runs, progress
from fmnist_core.evaluation import real_pictures
from fmnist_core.models.catalogue import find
from fmnist_core.runs.store import RunStore


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add DIR, `--model NAME` and `--runs DIR`."""
    parser.add_argument(
        "folder", metavar="DIR", type=Path, help="holds photos/ and drawings/ with manifest.csv"
    )
    parser.add_argument(
        "--model", metavar="NAME", default="field", help="a model's name, run id or run folder"
    )
    add_runs(parser)


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return counts and shares, 0 to 1, by set and by class name."""
    model = find(arguments.model, RunStore(arguments.runs))
    files = real_pictures.read(arguments.folder)
    progress(f"Preparing and classifying {len(files)} pictures")
    report = real_pictures.measure(model.classifier(), arguments.folder)
    return {"model": model.name, "sets": report.as_json()}


def show(result: dict[str, Any]) -> str:
    """Return a table with a line for each set, its classes indented below."""
    lines = [f"{result['model']:24}{'items':>6}{'top-1':>8}{'top-3':>8}"]
    for name, total in result["sets"].items():
        lines.append(_line(name, total))
        lines += [_line("  " + key, score) for key, score in total["classes"].items()]
    return "\n".join(lines)


def _line(name: str, score: dict[str, Any]) -> str:
    return f"{name:24}{score['count']:6}{score['top1']:8.1%}{score['top3']:8.1%}"
