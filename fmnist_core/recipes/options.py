"""Dataclass fields that know their range and their one-sentence help, checked in words."""

import dataclasses
from dataclasses import dataclass, field
from typing import Any, Self

from fmnist_core.translation import mark, say


class RecipeError(ValueError):
    """A recipe is refused; the message says what came, what was expected and how to mend it."""


@dataclass(frozen=True)
class Option:
    """What a field accepts: a number from `low` to `high`, one of `choices`, or a switch."""

    kind: str  # "integer", "real", "choice", "switch" or "text"
    help: str
    low: float = 0
    high: float = 0
    choices: tuple[str, ...] = ()

    def check(self, where: str, value: object) -> None:
        """Raise RecipeError, naming `where`, unless `value` is acceptable."""
        match self.kind:
            case "integer":
                valid = isinstance(value, int) and not isinstance(value, bool)
                refusal = mark(
                    "{where} is {value}, but it must be a whole number from {low:,} to {high:,}."
                )
            case "real":
                valid = isinstance(value, (int, float)) and not isinstance(value, bool)
                refusal = mark(
                    "{where} is {value}, but it must be a number from {low:g} to {high:g}."
                )
            case "choice":
                valid = isinstance(value, str) and value in self.choices
                refusal = mark("{where} is {value}, but it must be one of {choices}.")
            case "switch":
                valid = isinstance(value, bool)
                refusal = mark("{where} is {value}, but it must be true or false.")
            case _:
                valid = isinstance(value, str) and len(value) <= self.high and value.isprintable()
                refusal = mark(
                    "{where} is {value}, but it must be printable text of at most {high:g} "
                    "characters."
                )
        if valid and self.kind in ("integer", "real"):
            # Nothing but a comparison: other questions raise an error for an integer of 400 digits.
            valid = self.low <= value <= self.high  # type: ignore[operator]
        if not valid:
            raise RecipeError(
                say(
                    refusal,
                    where=where,
                    value=_shorten(value),
                    low=self.low,
                    high=self.high,
                    choices=", ".join(self.choices),
                )
            )


def _shorten(value: object) -> str:
    # What is nested as deep as JSON may be cannot be printed any more.
    if isinstance(value, list | dict):
        return say("a list") if isinstance(value, list) else say("an object")
    # A hostile integer can have more digits than Python agrees to print.
    if isinstance(value, int) and abs(value) >= 10**18:
        return say("a huge number")
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "…"


def integer(default: int, low: int, high: int, help: str) -> Any:
    """Return a field for a whole number from `low` to `high`."""
    return field(default=default, metadata={"option": Option("integer", help, low, high)})


def real(default: float, low: float, high: float, help: str) -> Any:
    """Return a field for a finite number from `low` to `high`."""
    return field(default=default, metadata={"option": Option("real", help, low, high)})


def choice(default: str, choices: tuple[str, ...], help: str) -> Any:
    """Return a field for one of `choices`."""
    return field(default=default, metadata={"option": Option("choice", help, choices=choices)})


def switch(default: bool, help: str) -> Any:
    """Return a field that is on or off."""
    return field(default=default, metadata={"option": Option("switch", help)})


def text(default: str, longest: int, help: str) -> Any:
    """Return a field for printable text of at most `longest` characters."""
    return field(default=default, metadata={"option": Option("text", help, high=longest)})


@dataclass(frozen=True)
class Options:
    """A frozen dataclass whose fields with an Option are checked when it is made."""

    def __post_init__(self) -> None:
        for name, option in self.options().items():
            option.check(f"{self.label()}: {name}", getattr(self, name))

    @classmethod
    def label(cls) -> str:
        """Return what messages call this thing."""
        return cls.__name__

    @classmethod
    def options(cls) -> dict[str, Option]:
        """Return the option of each field by the field's name, in order."""
        return {
            item.name: item.metadata["option"]
            for item in dataclasses.fields(cls)
            if "option" in item.metadata
        }

    @classmethod
    def from_dict(cls, data: object) -> Self:
        """Return an instance from JSON data; missing fields take their default.

        Raises RecipeError for unknown keys, wrong types and values out of range.
        """
        if not isinstance(data, dict):
            raise RecipeError(
                say(
                    "{thing} is {value}, but it must be a JSON object.",
                    thing=cls.label(),
                    value=_shorten(data),
                )
            )
        known = [item.name for item in dataclasses.fields(cls)]
        for key in data:
            if key not in known:
                raise RecipeError(
                    say(
                        "{thing} has the unknown key {key}; known keys are {known}.",
                        thing=cls.label(),
                        key=_shorten(key),
                        known=", ".join(known) or say("none"),
                    )
                )
        return cls(**data)

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as JSON data."""
        return {name: getattr(self, name) for name in self.options()}
