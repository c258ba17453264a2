"""What a sweep varies: the hyperparameters of a recipe by name, and the values each may take."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from fmnist_core.recipes.options import Option, RecipeError
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.translation import digits, mark, say

Value = bool | int | float | str
MOST_CHOICES = 50
# What hyperparameters are called: their keys with spaces.
_NAMES = (
    mark("activation"),
    mark("augmentation: erase"),
    mark("augmentation: field"),
    mark("augmentation: flip"),
    mark("augmentation: rotate"),
    mark("augmentation: shift"),
    mark("augmentation: zoom"),
    mark("batch size"),
    mark("dropout"),
    mark("early stopping"),
    mark("epochs"),
    mark("filters"),
    mark("initializer"),
    mark("kernel size"),
    mark("label smoothing"),
    mark("learning rate"),
    mark("momentum"),
    mark("nesterov"),
    mark("optimizer"),
    mark("padding"),
    mark("pool size"),
    mark("precision"),
    mark("rate"),
    mark("schedule"),
    mark("seed"),
    mark("strides"),
    mark("train examples"),
    mark("units"),
    mark("use bias"),
    mark("validation examples"),
    mark("weight averaging"),
    mark("weight decay"),
)


class SweepError(Exception):
    """A sweep cannot be planned or carried out; the message is one sentence for the visitor."""


@dataclass(frozen=True)
class Range:
    """The values that one hyperparameter may take: `choices`, or numbers from `low` to `high`.

    Numbers are whole where the hyperparameter is; `log` draws them evenly on a logarithmic scale.
    """

    choices: tuple[Value, ...] = ()
    low: float = 0.0
    high: float = 0.0
    log: bool = False

    @classmethod
    def from_data(cls, key: str, data: object) -> "Range":
        """Return the range in TOML or JSON data; raises SweepError, naming `key`."""
        if isinstance(data, list):
            if not 0 < len(data) <= MOST_CHOICES or len({repr(one) for one in data}) < len(data):
                raise SweepError(
                    say(
                        "{key} needs 1 to {most} different values; it has {count}.",
                        key=key,
                        most=MOST_CHOICES,
                        count=len(data),
                    )
                )
            return cls(choices=tuple(data))
        if not isinstance(data, dict) or not {"low", "high"} <= set(data) <= {"low", "high", "log"}:
            raise SweepError(
                say("{key} must be a list of values, or low, high and perhaps log = true.", key=key)
            )
        low, high, log = data["low"], data["high"], data.get("log", False)
        numbers = all(
            isinstance(one, int | float) and not isinstance(one, bool) and abs(one) < 1e15
            for one in (low, high)
        )
        if not numbers or not isinstance(log, bool):
            raise SweepError(
                say("{key}: low and high must be numbers, and log true or false.", key=key)
            )
        if not low < high or (log and low <= 0):
            rule = (
                mark(
                    "{key} goes from {low:g} to {high:g}; low must be below high and low above 0 "
                    "on a logarithmic scale."
                )
                if log
                else mark("{key} goes from {low:g} to {high:g}; low must be below high.")
            )
            raise SweepError(say(rule, key=key, low=low, high=high))
        return cls(low=low, high=high, log=log)

    def to_data(self) -> list[Value] | dict[str, Any]:
        """Return the range as TOML or JSON data."""
        if self.choices:
            return list(self.choices)
        return {"low": self.low, "high": self.high, **({"log": True} if self.log else {})}

    @property
    def ends(self) -> tuple[Value, ...]:
        """The values that stand for all: every choice, or the lowest and the highest number."""
        return self.choices or (self.low, self.high)


def searchable(recipe: Recipe) -> dict[str, Option]:
    """Return what can be varied by its name, such as `learning_rate` or `augmentation.shift`.

    Layers are counted from 1: `layers.2.units`.
    """
    found = {key: one for key, one in recipe.options().items() if one.kind != "text"}
    found |= {
        f"augmentation.{key}": option for key, option in recipe.augmentation.options().items()
    }
    for number, layer in enumerate(recipe.layers, 1):
        found |= {f"layers.{number}.{key}": option for key, option in layer.options().items()}
    return found


def in_words(key: str) -> str:
    """Return what people call a hyperparameter: `learning rate`, `layer 2: units`."""
    name = key.replace("_", " ")
    room, _, rest = name.partition(".")
    if room == "layers":
        number, _, option = rest.partition(".")
        return say("layer {number}: {option}", number=number, option=say(option))
    return say(f"{room}: {rest}" if rest else room)


def capital(words: str) -> str:
    """Return words with a capital first and all else as it is, such as German nouns."""
    return words[:1].upper() + words[1:]


def with_values(recipe: Recipe, values: Mapping[str, Value]) -> Recipe:
    """Return the recipe with other values, by the names that `searchable` has.

    What they make meaningless is switched off rather than refused. Raises RecipeError for a value
    that does not fit, and SweepError for an unknown name.
    """
    known = searchable(recipe)
    plain: dict[str, Any] = {}
    augmentation: dict[str, Any] = {}
    layers = list(recipe.layers)
    for key, value in values.items():
        if key not in known:
            raise SweepError(say("{key} is nothing that this recipe has.", key=key))
        room, _, rest = key.partition(".")
        if not rest:
            plain[key] = value
        elif room == "augmentation":
            augmentation[rest] = value
        else:
            number, _, name = rest.partition(".")
            layers[int(number) - 1] = replace(layers[int(number) - 1], **{name: value})
    optimizer = plain.get("optimizer", recipe.optimizer)
    if optimizer != "sgd" or not plain.get("momentum", recipe.momentum):
        plain["nesterov"] = False
    varied = replace(recipe.augmentation, **augmentation)
    return recipe.changed(**plain, augmentation=varied, layers=tuple(layers))


def check(recipe: Recipe, ranges: Mapping[str, Range]) -> None:
    """Raise SweepError unless every end of every range alone makes a recipe that can be built."""
    known = searchable(recipe)
    for key, found in ranges.items():
        if key not in known:
            raise SweepError(
                say(
                    "{key} cannot be varied: this recipe has {known} and so on; its layers are "
                    "layers.1.units and the like.",
                    key=key,
                    known=", ".join(list(known)[:12]),
                )
            )
        if not found.choices and known[key].kind not in ("integer", "real"):
            raise SweepError(say("{key} is no number; give a list of values.", key=key))
        for value in found.ends:
            try:
                varied = with_values(recipe, {key: value})
            except RecipeError as error:
                words = say("{key} cannot be {value}. {error}", key=key, value=value, error=error)
                raise SweepError(words) from None
            if varied.error:
                raise SweepError(
                    say(
                        "With {key} {value} there is no network: {error}",
                        key=key,
                        value=value,
                        error=varied.error,
                    )
                )


def short(value: Value) -> str:
    """Return a value in few characters."""
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    return digits(value, ".3g") if isinstance(value, float) else str(value)
