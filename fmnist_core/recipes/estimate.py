"""What a recipe will roughly cost on an ordinary processor, before anything is run."""

import math
from typing import NamedTuple

from fmnist_core.recipes.layers import ResidualBlock
from fmnist_core.recipes.recipe import Recipe

# Fitted to measurements on two cores (float32 images a second: three 64-filter convolutions 925 at
# batch 32, 300-100 30,000 at batch 256, 29 million parameters 195 at batch 32). Another machine
# differs by a factor; the range that is shown covers one of two.
SECONDS_A_STEP = 2.5e-3
SECONDS_A_PARAMETER = 4.8e-9
SECONDS_A_MULTIPLY_ADD = 2.6e-11
SECONDS_AN_ACTIVATION = 1.2e-9
VALIDATION_SHARE = 1 / 3  # of a training image's cost: no way back
BFLOAT16_SPEEDUP = 2.2


# Web process, Dask and a worker with TensorFlow, before any recipe.
APP_BYTES = 900_000_000


def app_bytes(recipe: Recipe) -> int:
    """Return roughly what the whole app takes while it trains `recipe`, in bytes."""
    return APP_BYTES + recipe.memory_bytes


class Seconds(NamedTuple):
    """A range of seconds that a fast and a slow ordinary computer would take."""

    low: float
    high: float


def training_seconds(recipe: Recipe) -> Seconds:
    """Return how long the whole run takes, as an honest range; (0, 0) for an invalid design."""
    rows = recipe.rows()
    if recipe.error:
        return Seconds(0, 0)
    activations = sum(
        math.prod(row.shape or ()) * (5 if isinstance(row.layer, ResidualBlock) else 1)
        for row in rows
    )
    image = recipe.multiply_adds * SECONDS_A_MULTIPLY_ADD + activations * SECONDS_AN_ACTIVATION
    if recipe.precision == "mixed_bfloat16":
        image /= BFLOAT16_SPEEDUP
    step = SECONDS_A_STEP + recipe.parameters * SECONDS_A_PARAMETER
    steps = -(-recipe.train_examples // recipe.batch_size)
    images = recipe.train_examples + recipe.validation_examples * VALIDATION_SHARE
    seconds = recipe.epochs * (images * image + steps * step)
    return Seconds(seconds / 1.6, seconds * 1.6)
