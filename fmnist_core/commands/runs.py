"""List all runs in the folder of runs, newest first."""

import argparse
from typing import Any

from fmnist_core.commands.common import add_runs
from fmnist_core.runs.status import summary
from fmnist_core.runs.store import RunStore


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add `--runs DIR`."""
    add_runs(parser)


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the folder and the status of every run in it."""
    store = RunStore(arguments.runs)
    found = sorted((run.status() for run in store.all()), key=lambda status: -status.created)
    return {"folder": str(store.root), "runs": [summary(status) for status in found]}


def show(result: dict[str, Any]) -> str:
    """Return a line for each run."""
    lines = [
        f"{row['id']}  {row['status']:<11}  epoch {row['epoch']}/{row['epochs']}  {row['name']}"
        for row in result["runs"]
    ]
    return "\n".join(lines) or f"There are no runs in {result['folder']}."
