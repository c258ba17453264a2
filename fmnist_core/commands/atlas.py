"""Make the precomputed files of the map and of the label detective."""

import argparse
from pathlib import Path
from typing import Any

from fmnist_core.commands.common import progress
from fmnist_core.data.atlas import FOLDER
from fmnist_core.release.atlas import making


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what to make."""
    parser.add_argument("what", choices=(*making.MAKERS, "all"))
    parser.add_argument("--to", metavar="DIR", type=Path, default=FOLDER)


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return what is known of each file that was made."""
    wanted = making.MAKERS if arguments.what == "all" else [arguments.what]
    return making.make(wanted, arguments.to, progress)


def show(result: dict[str, Any]) -> str:
    """Return each file's facts, one a line."""
    return "\n".join(
        f"{name}: " + "; ".join(f"{key} {value}" for key, value in facts.items())
        for name, facts in result.items()
    )
