"""Recipe -> Keras model; the only module besides training that speaks Keras."""

import random
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from fmnist_core.recipes.recipe import INPUT_SHAPE, Recipe, RecipeError

if TYPE_CHECKING:
    import keras

_LARGEST_SEED = 10**9  # as Keras draws them


def build(recipe: Recipe, kinds: "Mapping[str, type[keras.Layer]] | None" = None) -> "keras.Model":
    """Return the recipe's network with fresh weights drawn from its seed, not yet compiled.

    `kinds` stand in for Keras's own layers of these names.

    Its input is float32 of shape (batch, 28, 28, 1) in 0 to 1; its output has shape (batch, 10),
    probabilities or logits as `recipe.from_logits` says, always float32. The weights are those that
    a script gets after `keras.utils.set_random_seed`. Raises RecipeError when the architecture is
    invalid.
    """
    if recipe.error:
        raise RecipeError(recipe.error)
    import keras

    # Keras would draw from Python's own numbers, which all threads share: Dask takes some when it
    # likes, and one run in a hundred began with other weights than its seed's.
    seeds = random.Random(recipe.seed)
    inputs = keras.Input(INPUT_SHAPE, name="image")
    values = {"x": inputs}
    shape = INPUT_SHAPE
    for position, layer in enumerate(recipe.layers, start=1):
        # Softmax in half precision loses digits that the loss needs.
        dtype = "float32" if position == len(recipe.layers) else recipe.precision
        for step in layer.steps(shape, recipe.initializer):
            kind = (kinds or {}).get(step.layer) or getattr(keras.layers, step.layer)
            keras_layer = kind(**_seeded(step.arguments, seeds), dtype=dtype)
            sources = [values[name] for name in step.inputs]
            values[step.target] = keras_layer(sources if len(sources) > 1 else sources[0])
        shape = layer.output_shape(shape)
    return keras.Model(inputs, values["x"], name="network")


def _seeded(arguments: Mapping[str, Any], seeds: random.Random) -> dict[str, Any]:
    """Return a layer's arguments with a seed for all that is drawn, in Keras's order."""
    import keras

    found = dict(arguments)
    for name, value in arguments.items():
        if name.endswith("_initializer"):
            config = {"seed": seeds.randint(1, _LARGEST_SEED)}
            found[name] = keras.initializers.get({"class_name": value, "config": config})
    if arguments.get("rate"):  # a dropout of nothing draws nothing
        found["seed"] = seeds.randint(1, _LARGEST_SEED)
    return found
