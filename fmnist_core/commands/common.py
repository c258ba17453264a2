"""What several verbs need: arguments, progress on standard error, one-sentence errors."""

import argparse
import os
import sys
from pathlib import Path
from typing import NoReturn

from fmnist_core.models.catalogue import Model, find
from fmnist_core.models.classifier import Classifier
from fmnist_core.runs.store import RunStore


class CommandError(Exception):
    """The command cannot do what was asked; the message is one sentence saying why."""


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one sentence, without the usage above it."""

    def error(self, message: str) -> NoReturn:
        """Raise CommandError with argparse's message."""
        raise CommandError(f"{message}; {self.prog} --help shows what is possible.")


def add_json(parser: argparse.ArgumentParser) -> None:
    """Let `--json` also stand behind this verb."""
    # Without the default, a verb would switch off what stood before it.
    parser.add_argument(
        "--json", action="store_true", default=argparse.SUPPRESS, help="print JSON, one object"
    )


def add_runs(parser: argparse.ArgumentParser) -> None:
    """Add `--runs DIR`."""
    parser.add_argument(
        "--runs",
        metavar="DIR",
        type=Path,
        help="the folder of runs (default: environment variable FMNIST_RUNS, else runs/)",
    )


def add_model(parser: argparse.ArgumentParser) -> None:
    """Add MODEL and `--runs DIR`, which `open_model` reads."""
    parser.add_argument("model", metavar="MODEL", help="a shipped model, a run's id or its folder")
    add_runs(parser)


def open_model(arguments: argparse.Namespace) -> tuple[Model, Classifier]:
    """Return the chosen model, opened; raises ModelError."""
    model = find(arguments.model, RunStore(arguments.runs))
    return model, model.classifier()


def content_of(path: Path, most: int) -> bytes:
    """Return a file's bytes, of a larger one `most` and one more; raises CommandError."""
    try:
        with path.open("rb") as stream:
            return stream.read(most + 1)
    except (OSError, ValueError) as error:  # ValueError: a name with a NUL in it
        reason = getattr(error, "strerror", None) or error
        raise CommandError(f"{path} cannot be read: {reason}.") from None


def progress(text: str) -> None:
    """Print one line on standard error."""
    print(text, file=sys.stderr)  # noqa: T201 - printing is what this is for


def import_tensorflow() -> None:
    """Import TensorFlow without its greetings on standard error.

    Its C++ code writes them before it reads any setting, on processors with wide vectors only.
    """
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        import tensorflow  # noqa: F401
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
