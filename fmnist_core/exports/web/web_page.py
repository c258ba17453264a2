"""Writes the page: the model's weights, its layers, and the scripts beside this file."""

import base64
import html
import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from fmnist_core.data.fashion_mnist import CLASS_NAMES
from fmnist_core.exports.formats import ExportError
from fmnist_core.models import catalogue
from fmnist_core.models.catalogue import Model
from fmnist_core.recipes.recipe import INPUT_SHAPE, Recipe
from fmnist_core.shapes import CLASSES
from fmnist_core.translation import mark

# Written with values in it; pages translate it by `retold`.
TOO_LARGE = mark(
    "{title} has {count:,} parameters; a web page takes at most {most:,}, and needs a trained "
    "model."
)

HERE = Path(__file__).parent
SCRIPTS = ("network.js", "pictures.js", "preparation.js", "page.js")
MOST_PARAMETERS = 2_500_000  # with them the page has 13.4 MB
ELLIPSES = (1, 2, 3, 4, 5, 9, 15)  # pixels across: what the preparation thickens and closes with
_ROW = (
    '<li><span class="name"></span><span class="track"><span class="bar" style="display:block">'
    '</span></span><span class="share"></span></li>'
)


def web_page(folder: str, _changed: int = 0) -> bytes:
    """Return the page, HTML, of the model in a shipped model's or run's `folder`.

    `_changed` tells a run that was trained on from what it was before. Raises ExportError where
    there are no weights, or too many.
    """
    import keras

    model = catalogue.find(folder)
    if not fits(model):
        raise ExportError(
            TOO_LARGE.format(title=model.title, count=model.parameters, most=MOST_PARAMETERS)
        )
    trained = keras.models.load_model(model.keras_file)
    return page_of(model.title, model.recipe, *layers_of(model.recipe, trained))


def page_of(title: str, recipe: Recipe, layers: list[dict[str, Any]], weights: np.ndarray) -> bytes:
    """Return the page of a network's `layers` and `weights`, as `layers_of` gives them."""
    about = {
        "model": {"steps": layers, "logits": recipe.from_logits},
        "classes": CLASS_NAMES,
        "preparation": {"lightness": _lightness(), "ellipses": _ellipses()},
    }
    parts = {
        "title": html.escape(title),
        "words": "A neural network that was trained on 28×28 images of clothes.",
        "style": (HERE / "page.css").read_text(encoding="utf-8"),
        "rows": "\n".join([_ROW] * CLASSES),
        # The only letter that could end the element early.
        "about": json.dumps(about).replace("<", "\\u003c"),
        "weights": base64.b64encode(weights.tobytes()).decode(),
        "script": "\n".join((HERE / name).read_text(encoding="utf-8") for name in SCRIPTS),
    }
    text = (HERE / "page.html").read_text(encoding="utf-8")
    return re.sub(r"{{(\w+)}}", lambda found: parts[found[1]], text).encode()


def fits(model: Model) -> bool:
    """Whether a model has weights, and not too many for a page."""
    small = model.recipe.parameters <= MOST_PARAMETERS
    return small and model.ready and model.keras_file.is_file()


def layers_of(recipe: Recipe, trained: Any) -> tuple[list[dict[str, Any]], np.ndarray]:  # noqa: ANN401 - Keras
    """Return every Keras layer with its options and sizes of weights, and all weights, float32."""
    made = defaultdict(list)
    # Keras numbers the layers of each class in the order in which they are made; those of a loaded
    # network stand in another.
    for layer in sorted(trained.layers, key=lambda one: _number(one.name)):
        made[type(layer).__name__].append(layer)
    found: list[dict[str, Any]] = []
    weights: list[np.ndarray] = []
    shape: tuple[int, ...] = INPUT_SHAPE
    for layer in recipe.layers:
        for step in layer.steps(shape, recipe.initializer):
            own = made[step.layer].pop(0)
            values = [np.asarray(one, np.float32).ravel() for one in own.get_weights()]
            weights += values
            found.append(
                {
                    "layer": step.layer,
                    "target": step.target,
                    "inputs": step.inputs,
                    "options": {**step.arguments, "epsilon": getattr(own, "epsilon", 0)},
                    "sizes": [len(one) for one in values],
                }
            )
        shape = layer.output_shape(shape)
    return found, np.concatenate([np.zeros(0, np.float32), *weights])


def _number(name: str) -> int:
    """Return the number that Keras puts behind a name: conv2d, conv2d_1, conv2d_2, …"""
    found = re.search(r"_(\d+)$", name)
    return int(found[1]) if found else -1


def _lightness() -> list[int]:
    """Return OpenCV's CIELAB lightness, 0 to 255, of each of 256 greys."""
    greys = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, axis=2)
    return [int(one) for one in cv2.cvtColor(greys, cv2.COLOR_RGB2LAB)[0, :, 0]]


def _ellipses() -> dict[int, list[list[int]]]:
    return {
        size: cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)).tolist()
        for size in ELLIPSES
    }
