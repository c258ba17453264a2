"""Recipe -> Keras model; the only module besides training that speaks Keras."""

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from fmnist_core.recipes.recipe import INPUT_SHAPE, Recipe, RecipeError

if TYPE_CHECKING:
    import keras

# Keras draws first weights from random numbers that all threads share. While a run's network is
# built, nothing else may draw, or the same seed would no longer give the same weights.
BUILDING = threading.Lock()


def build(recipe: Recipe, kinds: "Mapping[str, type[keras.Layer]] | None" = None) -> "keras.Model":
    """Return the recipe's network with fresh weights drawn from its seed, not yet compiled.

    `kinds` stand in for Keras's own layers of these names.

    Its input is float32 of shape (batch, 28, 28, 1) in 0 to 1; its output has shape (batch, 10),
    probabilities or logits as `recipe.from_logits` says, always float32. Raises RecipeError when
    the architecture is invalid.
    """
    if recipe.error:
        raise RecipeError(recipe.error)
    with BUILDING:
        return _build(recipe, kinds or {})


def _build(recipe: Recipe, kinds: Mapping[str, Any]) -> "keras.Model":
    import keras

    keras.utils.set_random_seed(recipe.seed)
    policy = recipe.precision
    inputs = keras.Input(INPUT_SHAPE, name="image")
    values = {"x": inputs}
    shape = INPUT_SHAPE
    for position, layer in enumerate(recipe.layers, start=1):
        # Softmax in half precision loses digits that the loss needs.
        dtype = "float32" if position == len(recipe.layers) else policy
        for step in layer.steps(shape, recipe.initializer):
            kind = kinds.get(step.layer) or getattr(keras.layers, step.layer)
            keras_layer = kind(**step.arguments, dtype=dtype)
            sources = [values[name] for name in step.inputs]
            values[step.target] = keras_layer(sources if len(sources) > 1 else sources[0])
        shape = layer.output_shape(shape)
    return keras.Model(inputs, values["x"], name="network")
