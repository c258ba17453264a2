"""What is precomputed about the 70,000 images: layouts, unbiased answers, near-duplicates.

Numbers of items run through both splits: 0 to 59,999 are the training images in their order,
60,000 to 69,999 the test images. `python -m fmnist_core atlas` makes the files; how, is said in
assets/atlas/README.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from fmnist_core import files
from fmnist_core.data.duplicates import Pairs
from fmnist_core.data.fashion_mnist import Split, load
from fmnist_core.data.label_issues import LabelIssues
from fmnist_core.data.projection import Components, Frame
from fmnist_core.paths import ASSETS
from fmnist_core.shapes import CLASSES, SIDE
from fmnist_core.translation import say

FOLDER = ASSETS / "atlas"
TRAIN, TEST = 60_000, 10_000
ITEMS = TRAIN + TEST


class AtlasError(Exception):
    """A precomputed file is missing or damaged; the message says which and how to restore it."""


def number(split: Split, index: int) -> int:
    """Return the item's number among all 70,000."""
    return index + (TRAIN if split == "test" else 0)


def place(item: int) -> tuple[Split, int]:
    """Return the split and the index of an item's number."""
    return ("train", item) if item < TRAIN else ("test", item - TRAIN)


def pictures(items: Sequence[int] | np.ndarray) -> np.ndarray:
    """Return the images of these items, uint8 (n, 28, 28), without a second copy of all."""
    numbers = np.asarray(items, np.int64)
    found = np.empty((len(numbers), SIDE, SIDE), np.uint8)
    test = numbers >= TRAIN
    found[~test] = load("train").images[numbers[~test]]
    found[test] = load("test").images[numbers[test] - TRAIN]
    return found


@cache
def labels() -> np.ndarray:
    """Return all labels, uint8 (70000,), read-only."""
    found = np.concatenate([load("train").labels, load("test").labels])
    found.setflags(write=False)
    return found


@dataclass(frozen=True)
class Layouts:
    """Where the items lie on two maps of their pixels, uint16 (70000, 2) each.

    `tsne` by t-SNE; `pca` on the first two principal components, which `components` and `frame`
    give, so that other images find their place too.
    """

    tsne: np.ndarray
    pca: np.ndarray
    components: Components
    frame: Frame


@cache
def layouts() -> Layouts:
    """Return the two maps; raises AtlasError."""
    names = ("tsne", "pca", "mean", "axes", "share", "center", "reach")
    tsne, pca, mean, axes, share, center, reach = _arrays("layouts.npz", names)
    if tsne.shape != (ITEMS, 2) or pca.shape != (ITEMS, 2) or axes.shape != (SIDE * SIDE, 2):
        raise _damaged("layouts.npz")
    return Layouts(tsne, pca, Components(mean, axes, share), Frame(center, float(reach)))


@cache
def answers() -> np.ndarray:
    """Return float32 (70000, 10): probabilities by networks that never saw the image.

    See `fmnist_core.release.atlas.out_of_fold.judge`. Raises AtlasError.
    """
    (found,) = _arrays("answers.npz", ("probabilities",))
    if found.shape != (ITEMS, CLASSES):
        raise _damaged("answers.npz")
    return found


@cache
def issues(split: Split) -> LabelIssues:
    """Return what confident learning says of one split's labels; raises AtlasError."""
    quality, issue, joint = _arrays(
        "labels.npz", tuple(f"{split}_{name}" for name in ("quality", "issue", "joint"))
    )
    count = TRAIN if split == "train" else TEST
    if quality.shape != (count,) or joint.shape != (CLASSES, CLASSES):
        raise _damaged("labels.npz")
    return LabelIssues(quality.astype(np.float32), issue.astype(bool), joint)


@cache
def duplicates() -> Pairs:
    """Return the near-duplicate pairs among all items; raises AtlasError."""
    items, distances = _arrays("duplicates.npz", ("items", "distances"))
    if items.ndim != 2 or items.shape != (len(distances), 2):
        raise _damaged("duplicates.npz")
    return Pairs(items.astype(np.int64), distances)


def about() -> dict[str, Any]:
    """Return how each file was made: method, seed, library, figures. Raises AtlasError."""
    found = files.read_json(FOLDER / "about.json")
    if found is None or not {"layouts", "answers", "labels", "duplicates"} <= set(found):
        raise _damaged("about.json")
    return found


def _arrays(file: str, names: tuple[str, ...]) -> list[np.ndarray]:
    found = files.read_arrays(FOLDER / file)
    if found is None or not set(names) <= set(found):
        raise _damaged(file)
    for array in found.values():
        array.setflags(write=False)
    return [found[name] for name in names]


def _damaged(file: str) -> AtlasError:
    return AtlasError(
        say(
            "{file} is missing or damaged. Restore it with "
            "`git checkout -- assets/atlas`, or make it with `python -m fmnist_core atlas`.",
            file=FOLDER / file,
        )
    )
