"""What the models make of a picture: ten probabilities each, side by side, and the top in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fmnist_core.data.fashion_mnist import CLASS_NAMES
from fmnist_core.figures.colors import CLASS_COLORS
from fmnist_core.models.catalogue import Model
from fmnist_core.models.taught import is_copy
from fmnist_core.models.voting import UNSURE
from fmnist_core.translation import ENGLISH, language, say
from fmnist_core.wording import percent, short
from pages.components.encoding import png
from pages.components.register import register

_component = register(__file__)


@dataclass(frozen=True)
class Opinion:
    """One model's float32 (10,) probabilities for a picture; None while there is no picture."""

    model: Model
    probabilities: np.ndarray | None


def answer(
    opinions: Sequence[Opinion],
    array: np.ndarray | None,
    *,
    key: str,
    warning: tuple[str, str] | None = None,
    message: str = "",
    truth: int | None = None,
    number: int = 0,
) -> None:
    """Show the models' opinions on `array`, the uint8 (28, 28) that they got.

    `warning` says that it is out of distribution, and why: it stands in the answer's place and
    dims the rest; `message` stands below. `truth` is the true label, where it is known; `number`
    says which drawing this answers.
    """
    _component(
        key=key,
        data={
            "number": number,
            "picture": None if array is None else png(array),
            "columns": [_column(opinion) for opinion in opinions],
            "classes": [
                {"name": say(name), "color": color}
                for name, color in zip(CLASS_NAMES, CLASS_COLORS, strict=True)
            ],
            "warning": warning,
            "message": message,
            "truth": truth,
        },
    )


def _column(opinion: Opinion) -> dict[str, Any]:
    values = opinion.probabilities
    column: dict[str, Any] = {"title": opinion.model.title, "facts": facts(opinion.model)}
    if values is None:
        return {**column, "words": [], "percents": [], "winner": None}
    return {
        **column,
        "words": words(values),
        "percents": [[round(float(value), 4), percent(float(value))] for value in values],
        "winner": int(values.argmax()),
    }


def words(probabilities: np.ndarray) -> tuple[str, str]:
    """Return the three likeliest classes in words: the first, and what follows it."""
    first, second, third = (int(label) for label in np.argsort(-probabilities, kind="stable")[:3])
    after, last = (f"{say(CLASS_NAMES[i])} {_percent(probabilities[i])}" for i in (second, third))
    name, share = say(CLASS_NAMES[first]), _percent(probabilities[first])
    then = say(" then {second} and {third}", second=after, third=last)
    if probabilities[first] >= UNSURE:
        return f"{name}, {share}", then
    # Only the first letter of an English sentence is a capital, except in T-shirt.
    if language() == ENGLISH and not name.startswith("T-"):
        name = name[0].lower() + name[1:]
    return say("Perhaps {label}, {share}", label=name, share=share), then


def _percent(value: float) -> str:
    # A line never breaks between the number and its sign.
    return percent(float(value)).replace(" ", "\N{NO-BREAK SPACE}")


def facts(model: Model) -> str:
    """Return what is known of a model in one line, with the sample size of its accuracy."""
    size = say("{count} weights", count=short(model.parameters))
    size = size.replace(" ", "\N{NO-BREAK SPACE}")
    if is_copy(model):
        return say("a copy that you taught, {size}.", size=size)
    if model.card is None:
        return say("a training run, {size}.", size=size)
    card = model.card
    low, high = (_percent(side) for side in card.test_interval)
    return say(
        "{share} of {count:,} test images right (95 % interval {low} to {high}), precomputed; "
        "{size}.",
        share=_percent(card.test_accuracy),
        count=card.test_examples,
        low=low,
        high=high,
        size=size,
    )
