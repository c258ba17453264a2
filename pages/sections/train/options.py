"""The controls for every option of a recipe but its layers, each with its one sentence."""

import math
from typing import Any

import streamlit as st

from fmnist_core.guide.glossary import explain, terms
from fmnist_core.recipes.host import has_bfloat16
from fmnist_core.recipes.hyperparameters import (
    INITIALIZERS,
    OPTIMIZERS,
    PRECISIONS,
    SCHEDULES,
    Augmentation,
)
from fmnist_core.recipes.options import Option, Options, RecipeError
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.translation import mark, say
from pages.sections.train import design
from pages.sections.train.expected import what_to_expect

BASIC = (
    "optimizer",
    "learning_rate",
    "batch_size",
    "epochs",
    "train_examples",
    "validation_examples",
    "seed",
)
STEPS = ("schedule", "weight_decay", "momentum", "nesterov", "initializer", "precision")
GENERALISING = ("label_smoothing", "early_stopping", "weight_averaging")

LABELS = {
    "optimizer": mark("Optimizer"),
    "learning_rate": mark("Learning rate"),
    "batch_size": mark("Batch size"),
    "epochs": mark("Epochs"),
    "train_examples": mark("Training images"),
    "validation_examples": mark("Validation images"),
    "seed": mark("Seed"),
    "schedule": mark("Schedule"),
    "weight_decay": mark("Weight decay"),
    "momentum": mark("Momentum"),
    "nesterov": mark("Nesterov momentum"),
    "initializer": mark("Initializer"),
    "precision": mark("Precision", "number format"),
    "label_smoothing": mark("Label smoothing"),
    "early_stopping": mark("Early stopping"),
    "weight_averaging": mark("Weight averaging"),
    "flip": mark("Flip"),
    "shift": mark("Shift"),
    "rotate": mark("Rotate"),
    "zoom": mark("Zoom"),
    "erase": mark("Erase"),
    "field": mark("Redrawn as drawings and photos, share"),
}
WORDS = {
    "sgd": "SGD",
    "adam": "Adam",
    "adamw": "AdamW",
    "nadam": "Nadam",
    "rmsprop": "RMSprop",
    "lion": "Lion",
    "muon": "Muon",
    "schedule_free_adamw": "Schedule-free AdamW",
    "mixed_bfloat16": "mixed bfloat16",
    "float32": "float32",
    "constant": mark("Constant"),
    "cosine": mark("Cosine"),
    "one_cycle": mark("One cycle"),
    "reduce_on_plateau": mark("Reduce on plateau"),
    "glorot_uniform": mark("Glorot uniform"),
    "glorot_normal": mark("Glorot normal"),
    "he_normal": mark("He normal"),
    "he_uniform": mark("He uniform"),
    "lecun_normal": mark("Lecun normal"),
    "orthogonal": mark("Orthogonal"),
}
# Options that the glossary knows under another word than their own.
TERMS = {
    "batch_size": "batch",
    "epochs": "epoch",
    "train_examples": "training-set",
    "validation_examples": "validation-set",
    "initializer": "initialisation",
    "precision": "mixed-precision",
    "erase": "random-erasing",
    "flip": "augmentation",
}
# What the chosen word means; the option's own sentence says what is being chosen.
MEANINGS = {
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
    "initializer": INITIALIZERS,
    "precision": PRECISIONS,
}
NO_BFLOAT16 = mark(
    "Mixed bfloat16 is not offered: this computer's processor cannot multiply such numbers "
    "itself, so it would be slower, not faster."
)


def hyperparameters(recipe: Recipe) -> None:
    """Show the options of `recipe` in groups; changes go to the design before the next run."""
    # Side by side: what is expected comes and goes, and no control may move under the pointer.
    controls, outlook = st.columns([3, 2], gap="medium")
    with controls:
        _group(recipe, BASIC)
    with outlook:
        what_to_expect(recipe)
    with st.expander(say("Steps: schedule, momentum, decay, start and precision")):
        _group(recipe, STEPS)
    with st.expander(say("Generalising: smoothing, early stopping, averaging")):
        _group(recipe, GENERALISING)


def augmentation_controls(augmentation: Augmentation) -> None:
    """Show the options of an augmentation; changes go to the design before the next run."""
    _group(augmentation, tuple(Augmentation.options()))


def _group(options: Options, names: tuple[str, ...]) -> None:
    grid = st.grid("auto", min_column_width=230, gap=("medium", "medium"))
    for name in names:
        with grid.cell(), st.container(gap="xsmall"):
            _control(options, name)


def _control(options: Options, name: str) -> None:
    option, value = options.options()[name], getattr(options, name)
    kind = type(options)
    key = f"{kind.label().lower()}_{name}"
    label = say(LABELS[name])
    # The recipe is the truth; the control shows it, whoever changed it last.
    st.session_state[key] = float(value) if option.kind == "real" else value
    common: dict[str, Any] = {
        "key": key,
        "disabled": not _matters(options, name),
        "on_change": _changed,
        "args": (kind, name, key),
        "help": _help(name),
    }
    if option.kind == "choice":
        words = _choices(name, option, value)
        st.selectbox(label, words, format_func=_word, **common)
    elif option.kind == "switch":
        st.toggle(label, **common)
    elif option.kind == "integer":
        step = int(_step(option, value))
        st.number_input(label, int(option.low), int(option.high), step=step, **common)
    else:
        low, high = float(option.low), float(option.high)
        st.number_input(label, low, high, step=float(_step(option, value)), format="%g", **common)
    st.caption(_sentence(name, option, value))


def _help(name: str) -> str | None:
    slug = TERMS.get(name, name.replace("_", "-"))
    return explain(slug) if slug in terms() else None


def _changed(kind: type[Options], name: str, key: str) -> None:
    value = st.session_state[key]
    if value is None:  # an emptied field: the recipe's value comes back
        return
    if kind is Augmentation:
        options = {**design.current().augmentation.to_dict(), name: value}
        try:
            design.change(augmentation=Augmentation.from_dict(options))
        except RecipeError as error:
            design.refuse(str(error))
    else:
        design.change(**{name: value})


def _matters(options: Options, name: str) -> bool:
    """Whether the option has any effect, given the others."""
    if not isinstance(options, Recipe):
        return True
    return {
        "momentum": options.optimizer in ("sgd", "rmsprop"),
        "nesterov": options.optimizer == "sgd" and options.momentum > 0,
    }.get(name, True)


def _choices(name: str, option: Option, value: str) -> list[str]:
    """Leave out what this processor is bad at, unless the recipe already asks for it."""
    return [
        word
        for word in option.choices
        if name != "precision" or word in ("float32", value) or has_bfloat16()
    ]


def _step(option: Option, value: float) -> float:
    """Return a step that fits the size of the value, so that 0.001 and 55,000 both feel right."""
    if option.kind == "integer":
        return 1 if option.high <= 1000 else 10 ** max(0, int(math.log10(max(value, 1))) - 1)
    if option.high <= 1 and option.low == 0:
        return 0.05 if value == 0 or value >= 0.1 else 10 ** math.floor(math.log10(value))
    return 10 ** math.floor(math.log10(value)) / 2 if value > 0 else 0.01


def _word(word: str) -> str:
    return say(WORDS[word])


def _sentence(name: str, option: Option, value: object) -> str:
    sentences = [say(option.help)]
    if name in MEANINGS:
        sentences.append(f"{_word(str(value))}: {say(MEANINGS[name][str(value)])}")
    if name == "precision" and not has_bfloat16():
        sentences.append(say(NO_BFLOAT16))
    return " ".join(sentences)
