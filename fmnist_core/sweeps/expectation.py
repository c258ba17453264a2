"""What a recipe will do before it is trained: expected from some hundreds of short runs.

The runs come from `release/expected_curves.py`, in families: a preset whose most common
hyperparameters vary. Between the runs of a family a smooth surface is laid through the logits of
their validation accuracies (radial basis functions, thin plate splines: Duchon 1977). Its error is
measured on runs left out, one after another. Outside of what the runs cover nothing is said.
"""

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np

from fmnist_core.paths import ASSETS
from fmnist_core.recipes.options import RecipeError
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.sweeps.plan import Plan
from fmnist_core.sweeps.ranges import Range, Value, in_words, short
from fmnist_core.translation import say

FILE = ASSETS / "expected_curves.json"
SMOOTHING = 0.1  # chance moves each point by some tenths of one per cent
NEIGHBOURS = 12  # runs whose errors say how sure the surface is near a recipe
NINE_OF_TEN = 90
LOWEST, HIGHEST = 0.02, 0.995  # accuracies whose logits are still of an ordinary size

Surface = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Expectation:
    """The expected validation accuracy, 0 to 1, after each of the first epochs.

    Nine of ten runs left out nearby were within `margin` of what was expected of them.
    """

    family: str
    runs: int
    accuracies: tuple[float, ...]
    margin: float

    @property
    def epochs(self) -> list[int]:
        """The epochs, from 1."""
        return list(range(1, len(self.accuracies) + 1))

    @property
    def low(self) -> list[float]:
        """The lower edge of what nine of ten runs reach after each epoch."""
        return [max(0.0, one - self.margin) for one in self.accuracies]

    @property
    def high(self) -> list[float]:
        """The upper edge."""
        return [min(1.0, one + self.margin) for one in self.accuracies]


class ExpectationError(Exception):
    """Nothing can be expected of this recipe; the message says why, in one sentence."""


class Family:
    """The runs of one plan: `values` and `accuracies` have a row a run.

    `errors` are measured if they are not given, which takes a second.
    """

    def __init__(
        self,
        plan: Plan,
        values: Sequence[Sequence[Value]],
        accuracies: Sequence[Sequence[float]],
        errors: Sequence[float] | None = None,
    ) -> None:
        self.plan, self.name = plan, plan.recipe.name
        self._accuracies, self._errors = accuracies, errors
        self._points = np.array(
            [self._point(dict(zip(plan.ranges, row, strict=True))) for row in values]
        )

    def expect(self, recipe: Recipe) -> Expectation:
        """Return what to expect; raises ExpectationError where the runs do not cover the recipe."""
        values = {key: getattr(recipe, key) for key in self.plan.ranges}
        for key, one in self.plan.ranges.items():
            if not one.low <= values[key] <= one.high:
                raise ExpectationError(
                    say(
                        "The short runs of {name} cover a {key} from {low} to {high}; yours is "
                        "{value}.",
                        name=self.name,
                        key=in_words(key),
                        low=short(one.low),
                        high=short(one.high),
                        value=short(values[key]),
                    )
                )
        point = self._point(values)
        last = min(recipe.epochs, self.plan.recipe.epochs) if self._steady else recipe.epochs
        found = _accuracies(self._surface(self._curve(point, last)))
        distances = np.linalg.norm(self._points - point, axis=1)
        near = self.errors[np.argsort(distances, kind="stable")[:NEIGHBOURS]]
        margin = float(np.percentile(near, NINE_OF_TEN))
        return Expectation(self.name, len(self._points), tuple(found.tolist()), margin)

    def is_of(self, recipe: Recipe) -> bool:
        """Whether the recipe is this family's but for what varies, its name and its seed."""
        free = {*self.plan.ranges, "name", "seed", "validation_examples"}
        free |= {"epochs"} if self._steady else set()
        own = self.plan.recipe
        try:
            return recipe.changed(**{key: getattr(own, key) for key in free}) == own
        except RecipeError:
            return False

    @cached_property
    def errors(self) -> np.ndarray:
        """Each run's error when it is left out: the mean distance over its epochs, (runs,)."""
        if self._errors is not None:
            return np.array(self._errors)
        everything = range(len(self._points))
        return np.array(
            [
                np.abs(
                    _accuracies(
                        self._fitted([one for one in everything if one != left])(
                            self._curve(self._points[left], len(self._accuracies[left]))
                        )
                    )
                    - self._accuracies[left]
                ).mean()
                for left in everything
            ]
        )

    @property
    def error_in_words(self) -> str:
        """The errors on runs left out, in points of accuracy."""
        half, most = np.percentile(100 * self.errors, [50, NINE_OF_TEN])
        return say(
            "half within {half:.1f} points, nine of ten within {most:.1f}",
            half=float(half),
            most=float(most),
        )

    @property
    def _steady(self) -> bool:
        """Whether the first epochs do not depend on how many there will be."""
        return "epochs" not in self.plan.ranges

    @cached_property
    def _surface(self) -> Surface:
        return self._fitted(range(len(self._points)))

    def _fitted(self, runs: Sequence[int]) -> Surface:
        from scipy.interpolate import RBFInterpolator  # a tenth of a second that only Train needs

        curves = [self._curve(self._points[one], len(self._accuracies[one])) for one in runs]
        seen = np.concatenate([self._accuracies[one] for one in runs]).clip(LOWEST, HIGHEST)
        logits = np.log(seen / (1 - seen))
        return RBFInterpolator(np.concatenate(curves), logits, smoothing=SMOOTHING)

    def _curve(self, point: np.ndarray, epochs: int) -> np.ndarray:
        """Return the inputs of the surface for each epoch, (epochs, values + 1)."""
        done = np.arange(1, epochs + 1)
        most = self.plan.recipe.epochs
        time = np.log(done) / math.log(max(most, 2)) if self._steady else done / epochs
        return np.column_stack([np.tile(point, (epochs, 1)), time])

    def _point(self, values: dict[str, Any]) -> np.ndarray:
        return np.array([_share(one, values[key]) for key, one in self.plan.ranges.items()])


@dataclass(frozen=True)
class Table:
    """All families, when and on what their runs were made."""

    made: str
    hardware: str
    families: tuple[Family, ...]

    def expect(self, recipe: Recipe) -> Expectation:
        """Return what to expect of a recipe; raises ExpectationError."""
        for family in self.families:
            if family.is_of(recipe):
                return family.expect(recipe)
        names = ", ".join(family.name for family in self.families)
        raise ExpectationError(
            say(
                "There are short runs of {names}, with other learning rates, batch sizes and "
                "numbers of images; none of a design like this.",
                names=names,
            )
        )


@cache
def table(path: Path = FILE) -> Table:
    """Return the shipped table."""
    data = json.loads(path.read_text())
    families = tuple(_family(one) for one in data["families"])
    return Table(data["made"], data["hardware"], families)


def _family(data: dict[str, Any]) -> Family:
    plan, rows = Plan.from_dict(data["plan"]), data["runs"]
    columns = ([row[key] for row in rows] for key in ("values", "accuracies", "error"))
    return Family(plan, *columns)


def _share(one: Range, value: float) -> float:
    """Return where a value lies in its range, 0 to 1."""
    if one.log:
        return math.log(value / one.low) / math.log(one.high / one.low)
    return (value - one.low) / (one.high - one.low)


def _accuracies(logits: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-logits))
