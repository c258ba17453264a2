"""Recipe -> the Keras optimizer and loss that train it."""

from collections.abc import Callable
from typing import Any

from fmnist_core.recipes.hyperparameters import KERAS_OPTIMIZERS
from fmnist_core.recipes.recipe import Recipe


def optimizer(recipe: Recipe) -> Any:  # noqa: ANN401 - a Keras optimizer
    """Return the recipe's optimizer; its learning rate is a variable that the step assigns."""
    import keras

    common: dict[str, Any] = {
        "learning_rate": recipe.learning_rate,
        # AdamW and Muon refuse None, and mean 0.004 when told nothing.
        "weight_decay": recipe.weight_decay,
        "use_ema": recipe.weight_averaging > 0,
        "ema_momentum": recipe.weight_averaging or 0.99,
    }
    match recipe.optimizer:
        case "sgd":
            own = {"momentum": recipe.momentum, "nesterov": recipe.nesterov}
        case "rmsprop":
            own = {"momentum": recipe.momentum}
        case "muon":
            own = {"adam_weight_decay": recipe.weight_decay}
        case _:
            own = {}
    return getattr(keras.optimizers, KERAS_OPTIMIZERS[recipe.optimizer])(**common, **own)


def schedule(recipe: Recipe, total_steps: int) -> Callable[[Any], Any]:
    """Return a function: number of the batch -> learning rate, over a run of `total_steps`."""
    import keras

    rate = recipe.learning_rate
    if recipe.schedule == "cosine":
        return keras.optimizers.schedules.CosineDecay(rate, total_steps)
    if recipe.schedule == "one_cycle":
        climb = max(1, round(0.3 * total_steps))
        return keras.optimizers.schedules.CosineDecay(
            rate / 25, max(1, total_steps - climb), warmup_target=rate, warmup_steps=climb
        )
    return lambda _: rate


def loss(recipe: Recipe) -> Any:  # noqa: ANN401 - a Keras loss
    """Return the cross-entropy of each image, labels smoothed as the recipe says.

    Its labels are integers, or one-hot when the recipe smooths them.
    """
    import keras

    if not recipe.label_smoothing:
        return keras.losses.SparseCategoricalCrossentropy(
            from_logits=recipe.from_logits, reduction="none"
        )
    return keras.losses.CategoricalCrossentropy(
        from_logits=recipe.from_logits,
        label_smoothing=recipe.label_smoothing,
        reduction="none",
    )
