"""The card of a shipped model: what it is, how it was made and how good it is, all precomputed."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, asdict, dataclass, field, fields, is_dataclass
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, NamedTuple, Self, get_args, get_origin, get_type_hints

from fmnist_core import files

_SHA256 = re.compile(r"[0-9a-f]{64}")


class CardError(Exception):
    """A card cannot be read; the message names file and key, what came and what is expected."""


class Rule(NamedTuple):
    """What a value on a card must be, in words, and whether it is."""

    expected: str
    holds: Callable[[Any], bool]


def _number(value: object) -> bool:
    return files.number({"": value}, "") is not None


Text = Annotated[str, Rule("text", lambda value: isinstance(value, str) and value != "")]
Digest = Annotated[
    str, Rule("a SHA-256", lambda value: isinstance(value, str) and bool(_SHA256.fullmatch(value)))
]
Count = Annotated[
    int, Rule("a whole number from 0 up", lambda value: type(value) is int and value >= 0)
]
Number = Annotated[float, Rule("a number from 0 up", lambda value: _number(value) and value >= 0)]
Share = Annotated[
    float, Rule("a number from 0 to 1", lambda value: _number(value) and 0 <= value <= 1)
]
Five = Annotated[
    tuple[float, ...],
    Rule(
        "a list of 5 numbers",
        lambda value: isinstance(value, list) and len(value) == 5 and all(map(_number, value)),
    ),
]


@dataclass(frozen=True)
class Robustness:
    """A model's accuracy on spoilt test images; shares are 0 to 1.

    `accuracy` is the mean over nine corruptions and five severities, `interval` its 95 % interval
    (over the choice of the images, each of which counts with its mean over all 45), `clean` the
    accuracy on the same images unchanged, `by_corruption` the five accuracies, mildest first, by
    name. `examples` images were drawn with `seed`, which decided all other chance too.
    """

    accuracy: Share
    interval: tuple[Share, Share]
    clean: Share
    by_corruption: Mapping[str, Five]
    examples: Count
    seed: Count


@dataclass(frozen=True)
class Card:
    """What is known of a shipped model; counts are numbers of images, accuracies are 0 to 1.

    `seconds` is how long training took on `hardware`, which says what else that did; `timing` is
    how they were measured if not by training to the end. `test_interval` is the 95 % interval of
    `test_accuracy`. `real_pictures` holds accuracies on drawings and photos by name, where they
    were measured, and `robustness` accuracies on spoilt images. `sha256` maps file names to
    digests.

    The fields' types are all that reading and writing go by.
    """

    title: Text
    recipe: Text
    seed: Count
    train_examples: Count
    epochs: Count
    best_epoch: Count
    parameters: Count
    multiply_adds: Count
    file_bytes: Count
    hardware: Text
    seconds: Number
    date: Text
    validation_accuracy: Share
    validation_examples: Count
    test_accuracy: Share
    test_loss: Number
    test_examples: Count
    test_interval: tuple[Share, Share]
    name: str = ""
    timing: str = ""
    calibration_error: Share = 0.0
    weaknesses: tuple[Text, ...] = ()
    real_pictures: Mapping[str, Share] = field(default_factory=dict)
    sha256: Mapping[str, Digest] = field(default_factory=dict)
    robustness: Robustness | None = None

    @classmethod
    def from_json(cls, content: Mapping[str, Any], where: object = "The card") -> Self:
        """Return the card that `to_json` or an older version wrote.

        Raises CardError, which begins with `where`, when it is wrong anywhere.
        """
        content = dict(content)
        # Older cards call the real pictures `field`, and have figures of other kinds among them.
        old = content.pop("field", None)
        if isinstance(old, dict):
            shares = {name: share for name, share in old.items() if _number(share) and share <= 1}
            content.setdefault("real_pictures", shares)
        if isinstance(content.get("weaknesses"), str):
            content["weaknesses"] = [content["weaknesses"]]
        return _read(cls, content, where, "")

    @classmethod
    def read(cls, path: Path) -> Self:
        """Return the card in a JSON file; raise CardError when it is missing or wrong anywhere."""
        content = files.read_json(path)
        if content is None:
            raise CardError(f"{path} is missing or holds no JSON object.")
        return cls.from_json(content, path)

    def to_json(self) -> dict[str, Any]:
        """Return the card as plain data, which `from_json` reads."""
        return {key: value for key, value in asdict(self).items() if value is not None}

    def write(self, path: Path) -> None:
        """Write the card as JSON for people to read too, whole or not at all."""
        with files.replacing(path) as stream:
            text = json.dumps(self.to_json(), indent=2, ensure_ascii=False, allow_nan=False)
            stream.write(text.encode() + b"\n")


def _read(kind: Any, value: Any, where: object, key: str) -> Any:  # noqa: ANN401 - any type
    """Return JSON data as a field of type `kind` holds it; raise CardError naming `key`."""

    def expect(expected: str, held: bool) -> None:
        if not held:
            raise CardError(f"{where}: {key} is {repr(value)[:60]}; expected {expected}.")

    def part(inner: Any, item: Any, name: object) -> Any:  # noqa: ANN401 - any type
        return _read(inner, item, where, f"{key}: {name}" if key else str(name))

    origin, inner = get_origin(kind), get_args(kind)
    if kind is str:
        expect("text", isinstance(value, str))
        return value
    if origin is Annotated:
        rule = kind.__metadata__[0]
        expect(rule.expected, rule.holds(value))
        return tuple(value) if isinstance(value, list) else value
    if origin is UnionType:
        return None if value is None else _read(inner[0], value, where, key)
    if origin is tuple:
        expect("a list", isinstance(value, list))
        kinds = inner[:1] * len(value) if inner[-1] is Ellipsis else inner
        expect(f"a list of {len(kinds)}", len(value) == len(kinds))
        return tuple(part(*each) for each in zip(kinds, value, range(len(value)), strict=True))
    expect("values by name", isinstance(value, dict))
    if not (isinstance(kind, type) and is_dataclass(kind)):
        return {name: part(inner[1], item, name) for name, item in value.items()}
    types = get_type_hints(kind, include_extras=True)
    wanted = [
        item.name
        for item in fields(kind)
        if item.name in value or item.default is item.default_factory is MISSING
    ]
    return kind(**{name: part(types[name], value.get(name), name) for name in wanted})
