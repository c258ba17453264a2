"""Write a model in another format, or everything of it as a bundle that tests itself."""

import argparse
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
from fmnist_core.exports.tensorboard import FILE, event_file
from fmnist_core.exports.web.web_page import web_page
from fmnist_core.models.catalogue import Model
from fmnist_core.recipes.presets import slug
from fmnist_core.runs.run import Run
from fmnist_core.training.script import script


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add MODEL, `--format` and `--output DIR`."""
    add_model(parser)
    names = (*FORMATS, "script", "card", "tensorboard", "web", "bundle")
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
    if wanted == "script":
        return f"{name.replace('-', '_')}.py", script(model.recipe).encode()
    if wanted == "card":
        return f"{name}.md", model_card(model).encode()
    import_tensorflow()
    if wanted == "tensorboard":
        return FILE, event_file(Run(model.folder))
    if wanted == "web":
        return f"{name}.html", web_page(str(model.folder))
    if wanted == "bundle":
        return f"{name}.zip", bundle(str(model.folder))
    return f"{name}{FORMATS[wanted].ending}", export(model, wanted)


def show(result: dict[str, Any]) -> str:
    """Return the file's name and size."""
    return f"{result['file']}: {result['bytes']:,} bytes"
