"""The data set as the browse page sees it: chosen, sorted, measured; made once, on first use."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import numpy as np
import streamlit as st

from fmnist_core.data import statistics
from fmnist_core.data.fashion_mnist import CLASS_NAMES, Split
from fmnist_core.data.neighbours import NeighbourIndex
from fmnist_core.translation import mark
from pages.shared.resources import images

Measure = Literal["oddness", "brightness", "ink", "extent"]

# What a visitor may sort by: the measure and whether the largest come first.
SORTS: dict[str, tuple[Measure, bool] | None] = {
    mark("Data set order"): None,
    mark("Most typical first"): ("oddness", False),
    mark("Least typical first"): ("oddness", True),
    mark("Brightest first"): ("brightness", True),
    mark("Darkest first"): ("brightness", False),
    mark("Most ink first"): ("ink", True),
    mark("Least ink first"): ("ink", False),
}

_BRIGHTNESS = mark("Brightness is the mean grey level of the item, background left out.")
_INK = mark("Ink is the share of the square that the item covers.")
EXPLANATIONS = {
    "Most typical first": mark(
        "Typical means close to the average training image of its class: a small root mean square "
        "difference over all 784 pixels. The first ones are what a network finds easy."
    ),
    "Least typical first": mark(
        "Typical means close to the average training image of its class: a small root mean square "
        "difference over all 784 pixels. Unusual items and a few wrong labels come first."
    ),
    "Brightest first": _BRIGHTNESS,
    "Darkest first": _BRIGHTNESS,
    "Most ink first": _INK,
    "Least ink first": _INK,
}


@dataclass(frozen=True)
class Reference:
    """One image of the 70,000, written `train-123` or `test-4`."""

    split: Split
    index: int

    def __str__(self) -> str:
        return f"{self.split}-{self.index}"


# ASCII: Python would read other scripts' digits as numbers too.
_NAMED = re.compile(r"\s*(?:(train|test)[\s-]*)?(\d{1,6})\s*", re.ASCII)

# What stands between thousands in one language or another.
_GROUPING = str.maketrans("", "", ",.")

SIZES: dict[Split, int] = {"train": 60_000, "test": 10_000}


def parse_reference(text: str, default: Split) -> Reference | None:
    """Return the image that `text` names ("123", "test 4", "train-9,999"), or None.

    A bare number is an index into the split `default`.
    """
    found = _NAMED.fullmatch(text.lower().translate(_GROUPING))
    if found is None:
        return None
    split: Split = default if found[1] is None else "test" if found[1] == "test" else "train"
    index = int(found[2])
    return Reference(split, index) if index < SIZES[split] else None


@st.cache_resource(show_spinner=False)
def class_images(split: Split) -> statistics.ClassImages:
    """Return the average and variation of each class in one split."""
    data = images(split)
    return statistics.class_images(data.images, data.labels)


@st.cache_resource(show_spinner=False)
def measure(split: Split, name: Measure) -> np.ndarray:
    """Return one number per image of the split: float32 (n,).

    Oddness is measured from the averages of the training classes, for test images too.
    """
    data = images(split)
    if name == "ink":
        return statistics.ink(data.images)
    if name == "extent":
        return statistics.extent(data.images)
    if name == "brightness":
        return statistics.brightness(data.images)
    return statistics.oddness(data.images, data.labels, class_images("train").mean)


@st.cache_resource(show_spinner=False)
def histogram(split: Split) -> np.ndarray:
    """Return how often each grey level occurs in each class: int64 (10, 256)."""
    data = images(split)
    return statistics.pixel_histogram(data.images, data.labels)


@st.cache_resource(show_spinner=False)
def neighbour_index() -> NeighbourIndex:
    """Return the index of the training images: about a second to make, then 10 ms an answer."""
    return NeighbourIndex(images("train").images)


@st.cache_resource(show_spinner=False)
def _order(split: Split, sort: str) -> np.ndarray:
    how = SORTS.get(sort)
    if how is None:
        return np.arange(SIZES[split], dtype=np.int32)
    name, largest_first = how
    values = measure(split, name)
    return np.argsort(-values if largest_first else values, kind="stable").astype(np.int32)


def chosen(split: Split, classes: Collection[str], sort: str) -> np.ndarray:
    """Return the indices of the images of `classes` (all if empty), in the order `sort`: int32."""
    order = _order(split, sort if sort in SORTS else next(iter(SORTS)))
    wanted = [label for label, name in enumerate(CLASS_NAMES) if name in classes]
    if not wanted:
        return order
    return order[np.isin(images(split).labels[order], wanted)]
