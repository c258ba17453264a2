"""Recipe -> a stand-alone Keras script that does the same, written to be read."""

import textwrap
from typing import Any

from fmnist_core.recipes.comparison import summary
from fmnist_core.recipes.hyperparameters import KERAS_OPTIMIZERS
from fmnist_core.recipes.layer import Step
from fmnist_core.recipes.layers import ResidualBlock
from fmnist_core.recipes.options import RecipeError
from fmnist_core.recipes.presets import slug
from fmnist_core.recipes.recipe import INPUT_SHAPE, Recipe
from fmnist_core.training import script_text as text
from fmnist_core.training.script_augmentation import augmentation_source
from fmnist_core.translation import speak_english

# What Keras assumes anyway is left out, as one would when writing by hand.
KERAS_DEFAULTS: dict[str, Any] = {
    "strides": 1,
    "padding": "valid",
    "use_bias": True,
    "activation": "linear",
    "kernel_initializer": "glorot_uniform",
    "depthwise_initializer": "glorot_uniform",
    "pointwise_initializer": "glorot_uniform",
}
# These need no name: Dense(128), Conv2D(32, 3, ...).
FIRST = ("units", "filters", "kernel_size", "pool_size", "rate")
LINE = 100  # columns


def script(recipe: Recipe) -> str:
    """Return a Python script that trains `recipe` without this package.

    It needs Keras, NumPy and, for some augmentation, OpenCV; `--data FOLDER` reads the four IDX
    files from there instead of downloading them. Same seed, same first weights, same order of
    images. Raises RecipeError for an architecture that cannot be built.
    """
    if recipe.error:
        raise RecipeError(recipe.error)
    augmentation = augmentation_source(recipe.augmentation) if recipe.augmentation else ""
    body = [text.LOAD_DATA, _build_model(recipe), augmentation, _batches(recipe), _train(recipe)]
    with speak_english():
        head = _head(recipe, "\n".join(body))
    parts = [head, *filter(None, body), text.MAIN]
    return "\n\n\n".join(part.strip("\n") for part in parts) + "\n"


def _head(recipe: Recipe, body: str) -> str:
    # A visitor's text inside a docstring: what could end it is taken out.
    name = recipe.name.replace("\\", " ").replace('"', "'")
    constants = {
        "SEED": recipe.seed,
        "EPOCHS": recipe.epochs,
        "BATCH_SIZE": recipe.batch_size,
        "TRAIN_EXAMPLES": recipe.train_examples,
        "VALIDATION_EXAMPLES": recipe.validation_examples,
    }
    return text.HEAD.format(
        name=name,
        parameters=f"{recipe.parameters:,}",
        summary=summary(recipe).replace(" → ", "\n    → "),
        file=f"{slug(recipe.name) or 'network'}.py",
        packages="keras tensorflow" + (" opencv-python-headless" if "cv2." in body else ""),
        collections="from collections.abc import Callable, Sequence\n"
        if "Sequence[" in body
        else "",
        typing="from typing import NamedTuple\n" if "(NamedTuple)" in body else "",
        cv2="import cv2\n" if "cv2." in body else "",
        constants="\n".join(f"{key} = {value}" for key, value in constants.items()),
    )


def _build_model(recipe: Recipe) -> str:
    lines = ["keras.utils.set_random_seed(SEED)"]
    if recipe.precision != "float32":
        lines.append(f'keras.config.set_dtype_policy("{recipe.precision}")')
    lines.append(f"image = x = keras.Input({INPUT_SHAPE})")
    shape, blocks = INPUT_SHAPE, False
    for position, layer in enumerate(recipe.layers, start=1):
        if isinstance(layer, ResidualBlock):
            lines.append(_residual_block(layer))
            blocks = True
        else:
            # Softmax in half precision loses digits that the loss needs.
            float32 = position == len(recipe.layers) and recipe.precision != "float32"
            lines += [_line(step, float32) for step in layer.steps(shape, recipe.initializer)]
        shape = layer.output_shape(shape)
    lines.append("return keras.Model(image, x)")
    code = text.BUILD_MODEL + textwrap.indent("\n".join(lines), "    ")
    start = text.RESIDUAL_BLOCK.format(initializer=recipe.initializer) if blocks else ""
    return start + code


def _residual_block(block: ResidualBlock) -> str:
    plain = ResidualBlock(filters=block.filters)
    changed = [
        f"{name}={_literal(value)}"
        for name, value in block.to_dict().items()
        if name != "filters" and value != getattr(plain, name)
    ]
    return f"x = residual_block({', '.join(['x', str(block.filters), *changed])})"


def _line(step: Step, float32: bool) -> str:
    first, named = [], []
    for name, value in step.arguments.items():
        if name in FIRST or step.layer == "Activation":
            first.append(_literal(value))
        elif KERAS_DEFAULTS.get(name) != value:
            named.append(f"{name}={_literal(value)}")
    if float32:
        named.append('dtype="float32"')
    return _call(f"{step.target} = layers.{step.layer}", [*first, *named], f"({step.inputs[0]})")


def _call(start: str, arguments: list[str], end: str = "", indent: int = 4) -> str:
    """Return `start(arguments)end`, broken into lines the way formatters do when it is long.

    `indent` is how far the caller will indent the text.
    """
    joined = ", ".join(arguments)
    if len(start) + len(joined) + len(end) + indent + 2 <= LINE:
        return f"{start}({joined}){end}"
    if len(joined) + indent + 4 <= LINE:
        return f"{start}(\n    {joined}\n){end}"
    return f"{start}(\n" + "".join(f"    {argument},\n" for argument in arguments) + f"){end}"


def _literal(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)


def _batches(recipe: Recipe) -> str:
    passage = text.VARIED_BATCHES if recipe.augmentation else text.BATCHES
    return passage.format(labels=text.ONE_HOT if recipe.label_smoothing else "labels[chosen]")


def _train(recipe: Recipe) -> str:
    rate, before = _rate(recipe)
    arguments = [f"learning_rate={rate}"]
    # AdamW and Muon mean 0.004 when told nothing.
    if recipe.weight_decay or recipe.optimizer in ("adamw", "muon"):
        arguments.append(f"weight_decay={recipe.weight_decay}")
    if recipe.optimizer == "muon":
        arguments.append(f"adam_weight_decay={recipe.weight_decay}")
    if recipe.optimizer in ("sgd", "rmsprop") and recipe.momentum:
        arguments.append(f"momentum={recipe.momentum}")
    if recipe.nesterov:
        arguments.append("nesterov=True")
    if recipe.weight_averaging:
        arguments += ["use_ema=True", f"ema_momentum={recipe.weight_averaging}"]
    smoothing = recipe.label_smoothing
    loss = "CategoricalCrossentropy" if smoothing else "SparseCategoricalCrossentropy"
    words = [f"label_smoothing={smoothing}"] if smoothing else []
    words += ["from_logits=True"] if recipe.from_logits else []
    optimizer = _call(
        f"optimizer=keras.optimizers.{KERAS_OPTIMIZERS[recipe.optimizer]}", arguments, ",", 8
    )
    fit = [
        "batches(images[:TRAIN_EXAMPLES], labels[:TRAIN_EXAMPLES])",
        "steps_per_epoch=steps",
        "shuffle=False",
        "epochs=epochs",
        "verbose=2",
        "callbacks=callbacks",
    ]
    if recipe.validation_examples:
        fit.append("validation_data=held_out")
    return text.TRAIN.format(
        before=before,
        optimizer=textwrap.indent(optimizer, " " * 8),
        loss=f"keras.losses.{loss}({', '.join(words)})",
        callbacks=_callbacks(recipe),
        validation=text.VALIDATION if recipe.validation_examples else "",
        fit=textwrap.indent(_call("history = model.fit", fit), "    "),
        one_hot=text.ONE_HOT_VALIDATION if smoothing and recipe.validation_examples else "",
        restore=text.RESTORE if recipe.validation_examples else "",
    )


def _rate(recipe: Recipe) -> tuple[str, str]:
    """Return the expression for the learning rate, and the lines that it needs before it."""
    rate = repr(float(recipe.learning_rate))
    if recipe.schedule == "cosine":
        return "rate", text.COSINE.format(rate=rate)
    if recipe.schedule == "one_cycle":
        return "rate", text.ONE_CYCLE.format(rate=rate)
    return rate, ""


def _callbacks(recipe: Recipe) -> str:
    lines = []
    if recipe.weight_averaging and recipe.validation_examples:
        lines.append(text.SWAP)
    if recipe.validation_examples:
        lines.append(text.CHECKPOINT)
    if recipe.schedule == "reduce_on_plateau":
        monitor = "val_loss" if recipe.validation_examples else "loss"
        lines.append(text.PLATEAU.format(monitor=_literal(monitor)))
    if recipe.early_stopping:
        lines.append(text.EARLY_STOPPING.format(patience=recipe.early_stopping))
    # Each passage starts and ends with a line break, so that an empty list stays [].
    joined = "".join(lines).replace("\n\n", "\n")
    return f"{joined}    " if joined else ""
