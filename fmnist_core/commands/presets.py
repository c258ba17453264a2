"""List the named recipes with their sizes."""

import argparse
from typing import Any

from fmnist_core.recipes.presets import PRESETS


def arguments(parser: argparse.ArgumentParser) -> None:
    """Presets take no arguments."""


def run(arguments: argparse.Namespace) -> list[dict[str, Any]]:
    """Return name, title, parameters and multiply-adds of every preset."""
    return [
        {
            "name": name,
            "title": preset.title,
            "parameters": preset.recipe.parameters,
            "multiply_adds": preset.recipe.multiply_adds,
            "published_accuracy": preset.published,
            "description": preset.description,
        }
        for name, preset in PRESETS.items()
    ]


def show(result: list[dict[str, Any]]) -> str:
    """Return a line for each preset."""
    return "\n".join(
        f"{row['name']:<20} {row['parameters']:>12,} parameters "
        f"{row['multiply_adds']:>12,} multiply-adds  {row['description']}"
        for row in result
    )
