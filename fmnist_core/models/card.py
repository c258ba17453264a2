"""The card of a shipped model: what it is, how it was made and how good it is, all precomputed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fmnist_core import files

_SHA256 = re.compile(r"[0-9a-f]{64}")


class CardError(Exception):
    """A card cannot be read; the message names file and key, what came and what is expected."""


@dataclass(frozen=True)
class Robustness:
    """A model's accuracy on spoilt test images; shares are 0 to 1.

    `accuracy` is the mean over nine corruptions and five severities, `interval` its 95 % interval
    (over the choice of the images, each of which counts with its mean over all 45), `clean` the
    accuracy on the same images unchanged, `by_corruption` the five accuracies, mildest first, by
    name. `examples` images were drawn with `seed`, which decided all other chance too.
    """

    accuracy: float
    interval: tuple[float, float]
    clean: float
    by_corruption: Mapping[str, tuple[float, ...]]
    examples: int
    seed: int

    def as_json(self) -> dict[str, Any]:
        """Return it as it stands on a card."""
        return {
            "accuracy": self.accuracy,
            "interval": list(self.interval),
            "clean": self.clean,
            "by_corruption": {name: list(values) for name, values in self.by_corruption.items()},
            "examples": self.examples,
            "seed": self.seed,
        }


@dataclass(frozen=True)
class Card:
    """What is known of a shipped model; counts are numbers of images, accuracies are 0 to 1.

    `test_interval` is the 95 % interval of `test_accuracy`. `field` holds accuracies on drawings
    and photos by name, where they were measured, and `robustness` accuracies on spoilt images.
    `sha256` maps file names to digests.
    """

    title: str
    recipe: str
    seed: int
    train_examples: int
    epochs: int
    best_epoch: int
    parameters: int
    multiply_adds: int
    file_bytes: int
    hardware: str
    seconds: float
    date: str
    validation_accuracy: float
    validation_examples: int
    test_accuracy: float
    test_loss: float
    test_examples: int
    test_interval: tuple[float, float]
    weaknesses: tuple[str, ...]
    field: Mapping[str, float]
    sha256: Mapping[str, str]
    robustness: Robustness | None = None

    @classmethod
    def read(cls, path: Path) -> "Card":
        """Return the card in a JSON file; raise CardError when it is missing or wrong anywhere."""
        content = files.read_json(path)
        if content is None:
            raise CardError(f"{path} is missing or holds no JSON object.")
        read = _Reader(path, content)
        low, high = read.numbers("test_interval", 2)
        return cls(
            title=read.text("title"),
            recipe=read.text("recipe"),
            seed=read.count("seed"),
            train_examples=read.count("train_examples"),
            epochs=read.count("epochs"),
            best_epoch=read.count("best_epoch"),
            parameters=read.count("parameters"),
            multiply_adds=read.count("multiply_adds"),
            file_bytes=read.count("file_bytes"),
            hardware=read.text("hardware"),
            seconds=read.number("seconds"),
            date=read.text("date"),
            validation_accuracy=read.share("validation_accuracy"),
            validation_examples=read.count("validation_examples"),
            test_accuracy=read.share("test_accuracy"),
            test_loss=read.number("test_loss"),
            test_examples=read.count("test_examples"),
            test_interval=(low, high),
            weaknesses=read.texts("weaknesses"),
            field=read.shares("field"),
            sha256=read.digests("sha256"),
            robustness=read.robustness("robustness"),
        )


class _Reader:
    """Takes values out of a card's JSON, each checked for its type."""

    def __init__(self, path: Path, content: Mapping[str, Any]) -> None:
        self.path, self.content = path, content

    def _wrong(self, key: str, expected: str) -> CardError:
        found = repr(self.content[key])[:60] if key in self.content else "nothing"
        return CardError(f"{self.path}: {key} is {found}; expected {expected}.")

    def number(self, key: str) -> float:
        value = files.number(self.content, key)
        if value is None or value < 0:
            raise self._wrong(key, "a number from 0 up")
        return value

    def count(self, key: str) -> int:
        value = self.content.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise self._wrong(key, "a whole number from 0 up")
        return value

    def share(self, key: str) -> float:
        value = self.number(key)
        if value > 1:
            raise self._wrong(key, "a number from 0 to 1")
        return value

    def text(self, key: str) -> str:
        value = files.text(self.content, key, 10_000)
        if not value:
            raise self._wrong(key, "text")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.content.get(key, [])
        value = [value] if isinstance(value, str) else value
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self._wrong(key, "a list of sentences")
        return tuple(value)

    def numbers(self, key: str, length: int) -> list[float]:
        value = self.content.get(key)
        named = dict(enumerate(value)) if isinstance(value, list) else {}
        found = [files.number({"": named[i]}, "") for i in range(length) if i in named]
        if len(named) != length or len(found) != length or None in found:
            raise self._wrong(key, f"a list of {length} numbers")
        return [item for item in found if item is not None]

    def shares(self, key: str) -> Mapping[str, float]:
        value = self.content.get(key) or {}
        if not isinstance(value, dict):
            raise self._wrong(key, "accuracies by name")
        # Figures of other kinds may stand beside them; only accuracies are shown.
        found = {name: files.number(value, name) for name in value}
        return {name: share for name, share in found.items() if share is not None and share <= 1}

    def robustness(self, key: str) -> Robustness | None:
        value = self.content.get(key)
        if value is None:
            return None
        if not isinstance(value, dict) or not isinstance(value.get("by_corruption"), dict):
            raise self._wrong(key, "what the verb robustness writes")
        inner = _Reader(self.path, value)
        low, high = inner.numbers("interval", 2)
        each = _Reader(self.path, value["by_corruption"])
        return Robustness(
            accuracy=inner.share("accuracy"),
            interval=(low, high),
            clean=inner.share("clean"),
            by_corruption={name: tuple(each.numbers(name, 5)) for name in each.content},
            examples=inner.count("examples"),
            seed=inner.count("seed"),
        )

    def digests(self, key: str) -> Mapping[str, str]:
        value = self.content.get(key, {})
        if not isinstance(value, dict) or not all(
            isinstance(digest, str) and _SHA256.fullmatch(digest) for digest in value.values()
        ):
            raise self._wrong(key, "SHA-256 digests by file name")
        return dict(value)
