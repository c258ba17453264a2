"""What a run keeps of its moments, to be replayed: answers, first-layer filters, an own item.

A folder in the run's folder with one small .npz a moment. Knows no training and no page.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fmnist_core import files
from fmnist_core.shapes import is_image
from fmnist_core.translation import mark

FOLDER = "replay"
ITEMS_FILE = "items.npz"
OWN_FILE = "own_item.npz"

BUDGET = 4_500_000  # bytes of all moments of a run, however many epochs it has
MOST_ITEMS = 5_000  # validation images whose answers are kept
FOLLOWED = 300  # of them also inside the first epoch; more would cost training time
MOST_FILTERS = 24

_NAME = re.compile(r"(\d{5})-(\d{7})\.npz")


@dataclass(frozen=True)
class OwnItem:
    """The visitor's own picture as the network gets it: uint8 (28, 28), and what to call it."""

    array: np.ndarray
    name: str


@dataclass(frozen=True)
class Moment:
    """The network after `epoch` whole epochs and `batch` of `batches` batches of the next one.

    `probabilities` is uint8 (m, 10), 255 for certainty, of the first m items; `answers` uint8 (m,)
    are exact. `filters` is float32 (k, h, w), the first layer's weights. `own` is float32 (10,),
    the probabilities of the own item, or None.
    """

    epoch: int
    batch: int
    batches: int
    probabilities: np.ndarray
    answers: np.ndarray
    filters: np.ndarray
    own: np.ndarray | None

    @property
    def position(self) -> float:
        """The number of epochs done, with the fraction of the one that is going."""
        return self.epoch + self.batch / max(1, self.batches)


@dataclass(frozen=True)
class Replay:
    """The moments of a run in order, at least one.

    `indices` (n,) are the items' places among the training images, `labels` (n,) their classes;
    every class comes in turn, so that the first m items are a fair sample.
    """

    moments: tuple[Moment, ...]
    indices: np.ndarray
    labels: np.ndarray
    own_item: OwnItem | None


def balanced_order(labels: np.ndarray) -> np.ndarray:
    """Return an order of the items in which classes take turns, each in the order given."""
    rank = np.zeros(len(labels), np.int64)
    for label in np.unique(labels):
        mine = labels == label
        rank[mine] = np.arange(mine.sum())
    return np.lexsort((labels, rank))


def kept(epochs: Sequence[int], most: int, always: Collection[int] = ()) -> set[int]:
    """Return which of `epochs` (ascending) to keep so that they are at most `most`, if possible.

    Always the first, the last and those in `always`; besides, the multiples of the smallest power
    of two that fits. What is dropped at one length of a run is never wanted at a greater one.
    """
    if not epochs:
        return set()
    first, last = epochs[0], epochs[-1]
    must = {first, last, *always} & set(epochs)
    stride = 1
    # As if none had been dropped before, so that the answer depends on the length alone.
    while stride <= last:
        found = must | set(range(-(-first // stride) * stride, last + 1, stride))
        if len(found) <= most:
            break
        stride *= 2
    return {epoch for epoch in epochs if epoch % stride == 0} | must


def moment_path(folder: Path, epoch: int, batch: int) -> Path:
    """Return the file of a moment in a run's `folder`."""
    return folder / FOLDER / f"{epoch:05d}-{batch:07d}.npz"


def moment_files(folder: Path) -> dict[tuple[int, int], Path]:
    """Return the files of the moments in a run's `folder` by (epoch, batch), in order."""
    found = {}
    for path in (folder / FOLDER).glob("*.npz"):
        if match := _NAME.fullmatch(path.name):
            found[int(match[1]), int(match[2])] = path
    return dict(sorted(found.items()))


def write_own_item(folder: Path, item: OwnItem) -> None:
    """Keep the picture to follow in a run's `folder`, before the run starts.

    Raises ValueError unless its array is uint8 (28, 28).
    """
    if not is_image(item.array):
        found = f"{item.array.dtype} {item.array.shape}"
        raise ValueError(f"An own item is uint8 of shape (28, 28), not {found}.")
    arrays = {"array": item.array, "name": np.array(item.name[:60])}
    files.write_arrays(folder / OWN_FILE, arrays.items())


def read_own_item(folder: Path) -> OwnItem | None:
    """Return the picture that the run in `folder` follows, or None."""
    found = files.read_arrays(folder / OWN_FILE) or {}
    array, name = found.get("array"), found.get("name")
    if array is None or not is_image(array):
        return None
    return OwnItem(array, str(name)[:60] if name is not None else mark("your picture"))


def read(folder: Path) -> Replay | None:
    """Return what the run in `folder` kept, or None when there is nothing that can be replayed.

    A damaged moment is left out.
    """
    items = files.read_arrays(folder / FOLDER / ITEMS_FILE) or {}
    indices, labels = items.get("indices"), items.get("labels")
    if indices is None or labels is None or not _are_items(indices, labels):
        return None
    found = [
        moment
        for (epoch, batch), path in moment_files(folder).items()
        if (moment := _read_moment(path, epoch, batch, len(labels))) is not None
    ]
    return Replay(tuple(found), indices, labels, read_own_item(folder)) if found else None


def _are_items(indices: np.ndarray, labels: np.ndarray) -> bool:
    return (
        indices.ndim == 1
        and indices.shape == labels.shape
        and indices.dtype.kind in "iu"
        and labels.dtype == np.uint8
        and bool(np.all(labels < 10) and np.all((indices >= 0) & (indices < 60_000)))
    )


def _read_moment(path: Path, epoch: int, batch: int, items: int) -> Moment | None:
    arrays = files.read_arrays(path) or {}
    try:
        scale = arrays["filter_scale"]
        filters = arrays["filters"].astype(np.float32) * scale[:, None, None] / 127
        own = arrays["own"].astype(np.float32)
        moment = Moment(
            epoch,
            batch,
            int(arrays["batches"]),
            arrays["probabilities"],
            arrays["answers"],
            filters,
            own if len(own) else None,
        )
    except (KeyError, TypeError, ValueError, IndexError, OverflowError):
        return None
    count = moment.answers.size
    valid = (
        moment.answers.ndim == 1
        and moment.filters.ndim == 3
        and moment.probabilities.shape == (count, 10)
        and moment.probabilities.dtype == np.uint8
        and moment.answers.dtype == np.uint8
        and count <= items
        and bool(np.all(moment.answers < 10))
        and (moment.own is None or moment.own.shape == (10,))
    )
    return moment if valid else None


def write(folder: Path, moment: Moment) -> None:
    """Write a moment into a run's `folder`: probabilities in 8 bits, weights in 8 bits a filter."""
    scale = np.abs(moment.filters).max((1, 2), initial=0).astype(np.float32)
    steps = moment.filters / np.maximum(scale, 1e-30)[:, None, None]
    own = np.zeros(0, np.float32) if moment.own is None else moment.own
    arrays = {
        "batches": np.array(moment.batches),
        "probabilities": moment.probabilities,
        "answers": moment.answers,
        "filters": np.round(steps * 127).astype(np.int8),
        "filter_scale": scale,
        "own": own.astype(np.float16),
    }
    path = moment_path(folder, moment.epoch, moment.batch)
    path.parent.mkdir(exist_ok=True)
    files.write_arrays(path, arrays.items(), compressed=True)


def quantised(probabilities: np.ndarray) -> np.ndarray:
    """Return probabilities 0 to 1 as uint8, 255 for 1."""
    return np.round(probabilities * 255).astype(np.uint8)
