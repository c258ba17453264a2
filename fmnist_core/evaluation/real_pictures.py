"""Measures a network on drawings and photos, as `python -m fmnist_core real-pictures DIR` does.

The folder holds sets (`photos`, `drawings`), each with a `manifest.csv` of the columns file,
class_index and accepted (class indices joined by `;`). Such items are never trained on.
"""

import csv
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from fmnist_core.data.fashion_mnist import CLASS_NAMES
from fmnist_core.models.voting import Answers, classify
from fmnist_core.preprocessing.item import Item
from fmnist_core.preprocessing.open_picture import PictureError, open_picture
from fmnist_core.preprocessing.prepare import prepare


class RealPicturesError(Exception):
    """The folder cannot be measured; the message says what is missing and where."""


class RealPicture(NamedTuple):
    """One picture of a set, the class it was filed under and all that count as right."""

    group: str
    path: Path
    label: int
    accepted: frozenset[int]


@dataclass(frozen=True)
class Score:
    """How many of `count` items were right at first, and within the three likeliest."""

    top1: int
    top3: int
    count: int

    def as_json(self) -> dict[str, float]:
        """Return the counts with the two shares, 0 to 1."""
        return {
            "count": self.count,
            "top1": round(self.top1 / self.count, 4),
            "top3": round(self.top3 / self.count, 4),
        }


@dataclass(frozen=True)
class Report:
    """Scores by set, and by set and class name; `ranks` has one row per file, in reading order.

    A rank is the place of the first accepted class among the answers: 0 is right at first.
    """

    sets: dict[str, Score]
    classes: dict[str, dict[str, Score]]
    ranks: np.ndarray

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain data."""
        return {
            name: total.as_json()
            | {"classes": {key: score.as_json() for key, score in self.classes[name].items()}}
            for name, total in self.sets.items()
        }


def read(folder: Path) -> list[RealPicture]:
    """Return the files that the manifests in `folder` name, set by set.

    Raises RealPicturesError when there is no manifest or one is not understood.
    """
    manifests = []
    with suppress(OSError, ValueError):  # a name that no folder can have
        manifests = sorted(folder.glob("*/manifest.csv"))
    if not manifests:
        raise RealPicturesError(
            f"{folder} has no */manifest.csv: expected a folder of sets such as photos and "
            "drawings, each with a manifest.csv of the columns file, class_index and accepted."
        )
    return [file for manifest in manifests for file in _read_manifest(manifest)]


def _read_manifest(manifest: Path) -> Iterable[RealPicture]:
    with manifest.open(newline="", encoding="utf-8") as stream:
        rows = csv.DictReader(stream)
        try:
            for row in rows:
                accepted = frozenset(int(part) for part in row["accepted"].split(";"))
                path = manifest.parent / row["file"]
                yield RealPicture(manifest.parent.name, path, int(row["class_index"]), accepted)
        except (KeyError, ValueError, AttributeError, TypeError, csv.Error) as error:
            raise RealPicturesError(
                f"{manifest}, line {rows.line_num}: expected file, class_index and accepted as "
                f"numbers joined by `;`, got {error}."
            ) from None


def open_item(file: RealPicture) -> Item:
    """Return a picture prepared just as a visitor's upload is, its kind found out."""
    try:
        return prepare(open_picture(file.path.read_bytes()))
    except (OSError, PictureError) as error:
        raise RealPicturesError(f"{file.path}: {error}") from None


def rank(probabilities: np.ndarray, accepted: Iterable[int]) -> int:
    """Return the place, from 0, of the first accepted class among probabilities (10,)."""
    order = np.argsort(-probabilities, kind="stable")
    return int(np.flatnonzero(np.isin(order, list(accepted)))[0])


def score(files: Sequence[RealPicture], ranks: Sequence[int]) -> Report:
    """Return the scores by set and class for the rank of each file's first accepted class."""
    places = np.asarray(ranks)
    groups = np.array([file.group for file in files])
    labels = np.array([file.label for file in files])

    def count(chosen: np.ndarray) -> Score:
        return Score(
            int((places[chosen] < 1).sum()), int((places[chosen] < 3).sum()), int(chosen.sum())
        )

    names = sorted(set(groups))
    classes = {
        name: {
            CLASS_NAMES[label]: count((groups == name) & (labels == label))
            for label in sorted(set(labels[groups == name]))
        }
        for name in names
    }
    return Report({name: count(groups == name) for name in names}, classes, places)


def measure(
    classifier: Answers, folder: Path, open_as: Callable[[RealPicture], Item] = open_item
) -> Report:
    """Return how the classifier does on the pictures in `folder`, votes averaged.

    Raises RealPicturesError when the folder or a picture in it cannot be read.
    """
    files = read(folder)
    ranks = [rank(classify(open_as(file), classifier)[0], file.accepted) for file in files]
    return score(files, ranks)
