"""Write a model in another format, or everything of it as a bundle that tests itself."""

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from fmnist_core import files
from fmnist_core.commands.common import (
    CommandError,
    add_model,
    import_tensorflow,
    open_model,
    progress,
)
from fmnist_core.exports.bundle import bundle
from fmnist_core.exports.card import model_card
from fmnist_core.exports.formats import FORMATS, export
from fmnist_core.exports.notebook import notebook
from fmnist_core.exports.tensorboard import FILE, event_file
from fmnist_core.exports.web.web_page import web_page
from fmnist_core.models.catalogue import Model
from fmnist_core.recipes.presets import slug
from fmnist_core.runs.run import Run
from fmnist_core.training.script import script


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add MODEL, `--format` and `--output DIR`."""
    add_model(parser)
    names = (*FORMATS, "script", "card", "tensorboard", "notebook", "web", "bundle")
    parser.add_argument("--format", choices=names, default="bundle", help="default: bundle")
    parser.add_argument(
        "--output", metavar="DIR", type=Path, default=Path(), help="default: this folder"
    )


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the file that was written and its size in bytes."""
    model, _ = open_model(arguments)
    progress(f"Exporting {model.title} as {arguments.format}")
    name, content = _made(model, arguments.format)
    path = arguments.output / name
    try:
        arguments.output.mkdir(parents=True, exist_ok=True)
        with files.replacing(path) as stream:
            stream.write(content)
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}.") from None
    return {"file": str(path), "bytes": len(content), "format": arguments.format}


def _made(model: Model, wanted: str) -> tuple[str, bytes]:
    name = slug(model.title) or "model"
    folder = str(model.folder)
    plain: dict[str, tuple[str, Callable[[], bytes]]] = {
        "script": (f"{name.replace('-', '_')}.py", lambda: script(model.recipe).encode()),
        "card": (f"{name}.md", lambda: model_card(model).encode()),
    }
    heavy: dict[str, tuple[str, Callable[[], bytes]]] = {
        "tensorboard": (FILE, lambda: event_file(Run(model.folder))),
        "notebook": (f"{name}.ipynb", lambda: notebook(folder)),
        "web": (f"{name}.html", lambda: web_page(folder)),
        "bundle": (f"{name}.zip", lambda: bundle(folder)),
    }
    if wanted not in plain:
        import_tensorflow()
    formats = {
        key: (f"{name}{one.ending}", partial(export, model, key)) for key, one in FORMATS.items()
    }
    file, make = (plain | heavy | formats)[wanted]
    return file, make()


def show(result: dict[str, Any]) -> str:
    """Return the file's name and size."""
    return f"{result['file']}: {result['bytes']:,} bytes"
