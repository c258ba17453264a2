"""A sweep's plan: a recipe, ranges, how they are searched, and what it may cost. Frozen; TOML."""

import itertools
import json
import math
import tomllib
from dataclasses import dataclass, field, replace
from typing import Any

from fmnist_core.recipes import presets
from fmnist_core.recipes.estimate import Seconds, training_seconds
from fmnist_core.recipes.host import LOCAL, Limits
from fmnist_core.recipes.options import RecipeError
from fmnist_core.recipes.recipe import LONGEST_JSON, Recipe
from fmnist_core.sweeps.ranges import Range, SweepError, Value, check, in_words, short, with_values
from fmnist_core.translation import mark, say

METHODS = {
    "grid": mark("Every combination of the values, in order."),
    "random": mark(
        "Every trial draws each value by chance: covers more of many ranges than a grid."
    ),
    "tpe": mark(
        "Draws where earlier trials were good (tree-structured Parzen estimator): finds most with "
        "few trials."
    ),
}
LONGEST_TOML = LONGEST_JSON
MOST_SEEDS = 20
_KEYS = ("name", "method", "trials", "seed", "pruning", "minutes", "images")


@dataclass(frozen=True)
class Plan:
    """What a sweep tries.

    `trials` is how many at most, `minutes` how long new ones are begun, and `images` how many
    training images all may see together; 0 is no bound. With `pruning`, a trial that is worse
    after an epoch than half of the earlier ones were ends there.
    """

    recipe: Recipe
    ranges: dict[str, Range] = field(hash=False)
    name: str = "Sweep"
    method: str = "tpe"
    trials: int = 12
    seed: int = 0
    pruning: bool = True
    minutes: int = 0
    images: int = 0

    def check(self, limits: Limits = LOCAL) -> None:
        """Raise SweepError when the plan makes no sense or is beyond `limits`."""
        if not (
            isinstance(self.name, str) and 0 < len(self.name) <= 60 and self.name.isprintable()
        ):
            raise SweepError(say("A sweep's name has 1 to 60 printable characters."))
        if not isinstance(self.method, str) or self.method not in METHODS:
            raise SweepError(
                say(
                    "method is {method}; expected one of {known}.",
                    method=repr(str(self.method)[:40]),
                    known=", ".join(METHODS),
                )
            )
        for key, low, high in (
            ("trials", 1, limits.trials),
            ("seed", 0, 2**31 - 1),
            ("minutes", 0, 10_000),
            ("images", 0, 10**12),
        ):
            value = getattr(self, key)
            if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
                raise SweepError(
                    say(
                        "{key} is {value}; {host} takes a whole number from {low} to {high:,}.",
                        key=key,
                        value=str(value)[:40],
                        host=say(limits.name),
                        low=low,
                        high=high,
                    )
                )
        if not isinstance(self.pruning, bool):
            raise SweepError(say("pruning must be true or false."))
        if not self.ranges:
            raise SweepError(say("Nothing varies: give at least one hyperparameter a range."))
        if not self.recipe.validation_examples:
            raise SweepError(
                say("Trials are judged on validation images: set validation_examples above 0.")
            )
        try:
            self.recipe.check(limits)
        except RecipeError as error:
            raise SweepError(str(error)) from None
        check(self.recipe, self.ranges)
        if self.method == "grid":
            if continuous := [key for key, one in self.ranges.items() if not one.choices]:
                raise SweepError(say("A grid needs a list of values for {key}.", key=continuous[0]))
            if (size := self.size) > limits.trials:
                raise SweepError(
                    say(
                        "The grid has {size:,} combinations; {host} takes {most:,}.",
                        size=size,
                        host=say(limits.name),
                        most=limits.trials,
                    )
                )

    @property
    def size(self) -> int:
        """How many trials there are at most."""
        if self.method != "grid":
            return self.trials
        return math.prod(len(one.choices) for one in self.ranges.values())

    def grid(self) -> list[dict[str, Value]]:
        """Return the values of every trial of a grid, in order; the last name varies fastest."""
        columns = [one.choices for one in self.ranges.values()]
        return [dict(zip(self.ranges, row, strict=True)) for row in itertools.product(*columns)]

    def recipe_of(self, values: dict[str, Value]) -> Recipe:
        """Return a trial's recipe, named after its values; raises RecipeError if they clash."""
        words = ", ".join(f"{in_words(key)} {short(value)}" for key, value in values.items())
        changed = with_values(self.recipe, values)
        return changed.changed(name="".join(c for c in words if c.isprintable())[:60] or "Trial")

    @property
    def seeds_only(self) -> bool:
        """Whether it is the same recipe again and again, by other chance."""
        return set(self.ranges) == {"seed"} and self.method == "grid"

    def estimate(self, slots: int = 1) -> Seconds:
        """Return how long all trials take on `slots` workers, none being pruned: a wide range."""
        # The ends of every range, one at a time, stand for the trials.
        samples = [
            training_seconds(self.recipe_of({key: value}))
            for key, one in self.ranges.items()
            for value in one.ends
        ]
        factor = self.size / max(1, slots)
        low = factor * sum(one.low for one in samples) / len(samples)
        high = factor * sum(one.high for one in samples) / len(samples)
        most = 60.0 * self.minutes or math.inf
        return Seconds(min(low, most), min(high, most))

    def changed(self, **changes: Any) -> "Plan":  # noqa: ANN401 - the fields' own types
        """Return a copy with some fields changed; unchecked."""
        return replace(self, **changes)

    # JSON and TOML

    def to_dict(self) -> dict[str, Any]:
        """Return the plan as JSON data."""
        return {
            **{key: getattr(self, key) for key in _KEYS},
            "recipe": self.recipe.to_dict(),
            "ranges": {key: one.to_data() for key, one in self.ranges.items()},
        }

    @classmethod
    def from_dict(cls, data: object) -> "Plan":
        """Return the plan in JSON or TOML data, unchecked but for its form; raises SweepError.

        The recipe is `preset`, a shipped one's name, with what `recipe` changes, or `recipe` alone.
        """
        if not isinstance(data, dict):
            raise SweepError(say("A sweep is a table with a recipe and ranges."))
        known = {*_KEYS, "preset", "recipe", "ranges"}
        if unknown := [str(key) for key in data if key not in known]:
            raise SweepError(
                say(
                    "{key} is unknown; known are {known}.",
                    key=unknown[0][:40],
                    known=", ".join(sorted(known)),
                )
            )
        own, ranges = data.get("recipe", {}), data.get("ranges", {})
        if not isinstance(own, dict) or not isinstance(ranges, dict):
            raise SweepError(say("recipe and ranges must be tables."))
        try:
            start = presets.find(str(data["preset"])).recipe.to_dict() if "preset" in data else {}
            recipe = Recipe.from_dict({**start, **own})
        except RecipeError as error:
            raise SweepError(str(error)) from None
        return cls(
            recipe,
            {str(key): Range.from_data(str(key), one) for key, one in ranges.items()},
            **{key: data[key] for key in _KEYS if key in data},
        )

    def to_toml(self) -> str:
        """Return the plan as a TOML file that `from_toml` and the command line read."""
        import tomli_w

        return tomli_w.dumps(self.to_dict())

    @classmethod
    def from_toml(cls, source: bytes) -> "Plan":
        """Return the plan in a TOML file, unchecked but for its form; raises SweepError."""
        if len(source) > LONGEST_TOML:
            raise SweepError(
                say(
                    "The file has {size:,} bytes; at most {most:,} are read.",
                    size=len(source),
                    most=LONGEST_TOML,
                )
            )
        # The time for a.a.a… = 1 grows with the square of its points; 50 values in a line have 50.
        if any(line.count(b".") > 200 for line in source.splitlines()):
            raise SweepError(
                say("The file has a line with more than 200 points; a sweep needs few.")
            )
        try:
            # By way of JSON, which has neither dates nor numbers that Python does not print.
            data = json.loads(json.dumps(tomllib.loads(source.decode())))
        except (ValueError, TypeError, RecursionError) as error:
            raise SweepError(
                say("The file is not TOML: {error}.", error=str(error)[:100])
            ) from None
        return cls.from_dict(data)


def of_seeds(recipe: Recipe, count: int) -> Plan:
    """Return the plan that trains a recipe `count` times, with seeds from its own upwards."""
    seeds = tuple(range(recipe.seed, recipe.seed + count))
    name = say("{name}, {count} seeds", name=recipe.name, count=count)[:60]
    return Plan(recipe, {"seed": Range(choices=seeds)}, name, "grid", count, pruning=False)
