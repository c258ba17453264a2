"""Recipes in short texts: one in a line, several in a table of what differs."""

from collections.abc import Sequence
from typing import Any

from fmnist_core.recipes.layer import describe
from fmnist_core.recipes.layers import layer_to_dict
from fmnist_core.recipes.recipe import INPUT_SHAPE, Recipe
from fmnist_core.translation import digits, say


def differences(recipes: Sequence[Recipe]) -> dict[str, list[str]]:
    """Return each field that is not the same in all `recipes` with one text per recipe, in order.

    Augmentation counts field by field; `layers` reads as one line per layer. Names are left out.
    """
    columns = [flat(recipe) for recipe in recipes]
    return {
        key: [column[key] for column in columns]
        for key in (columns[0] if columns else {})
        if len({column[key] for column in columns}) > 1
    }


def flat(recipe: Recipe) -> dict[str, str]:
    """Return every field of a recipe but its name as a short text, in order.

    The fields have English names, the values are in the reader's language.
    """
    plain = recipe.to_dict()
    augmentation = plain.pop("augmentation")
    del plain["name"], plain["layers"]
    flat = plain | {f"augmentation: {key}": value for key, value in augmentation.items()}
    return {
        "layers": " → ".join(describe_layers(recipe)),
        "parameters": digits(recipe.parameters, ","),
        **{key.replace("_", " "): _short(value) for key, value in flat.items()},
    }


def describe_layers(recipe: Recipe) -> list[str]:
    """Return one short text per layer: its type and the options that are not the default."""
    lines = []
    for layer in recipe.layers:
        defaults = layer_to_dict(type(layer)())
        words = []
        for key, value in layer_to_dict(layer).items():
            if key in ("kind", "units", "filters", "pool_size"):
                words.append(_short(value))
            elif value != defaults[key]:
                name = "" if key == "activation" else f"{key.replace('_', ' ')} "
                words.append(f"{name}{_short(value)}")
        lines.append(", ".join(words).replace(", ", " ", 1))
    return lines


def summary(recipe: Recipe) -> str:
    """Return the network in one line of text, for readers who cannot see the drawing."""
    misfit = say("does not fit")
    steps = [
        f"{row.layer.label()} {describe(row.shape) if row.shape else misfit}"
        for row in (recipe.rows() if recipe.layers else ())
    ]
    return " → ".join([say("image {shape}", shape=describe(INPUT_SHAPE)), *steps])


def _short(value: Any) -> str:  # noqa: ANN401 - JSON values
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if isinstance(value, int):
        return digits(value, ",")
    return digits(value, "g") if isinstance(value, float) else str(value)
