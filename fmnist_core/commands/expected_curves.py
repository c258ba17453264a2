"""Make the table of short runs from which the Train page expects curves, anew; resumable."""

import argparse
from pathlib import Path
from typing import Any

from fmnist_core.commands.common import add_runs, progress
from fmnist_core.release import expected_curves
from fmnist_core.runs.store import RunStore
from fmnist_core.sweeps.expectation import FILE


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add `--to FILE` and `--runs DIR`."""
    parser.add_argument("--to", metavar="FILE", type=Path, default=FILE)
    add_runs(parser)


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the table's facts and each family's error on runs left out."""
    return expected_curves.make(RunStore(arguments.runs), arguments.to, progress)


def show(result: dict[str, Any]) -> str:
    """Return the facts, one a line."""
    return "\n".join(f"{name}: {value}" for name, value in result.items())
