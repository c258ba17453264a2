"""A picture of any kind -> the 28×28 image that the data set would have had, stage by stage."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from PIL import Image

from fmnist_core.preprocessing import readings
from fmnist_core.preprocessing.item import Hypothesis, MaskMode, Overrides, Stage
from fmnist_core.preprocessing.kind import Decision, Kind, decide
from fmnist_core.preprocessing.open_picture import flatten
from fmnist_core.preprocessing.steps import cut, dataset_steps, drawing_steps, photo_steps

__all__ = [
    "Hypothesis",
    "Item",
    "MaskMode",
    "Overrides",
    "Stage",
    "prepare",
]


@dataclass(frozen=True)
class Item:
    """A prepared picture: what it was taken for and why, every stage, and the result.

    `array` is the exact uint8 (28, 28) that a network gets, 0 for background; `hypotheses` are
    the renderings whose predictions may be averaged, the first one being `array`; `notes` are
    sentences about what was decided (mirrored, white garment); `empty` is whether nothing was
    found.
    """

    kind: Kind
    reason: str
    stages: list[Stage]
    array: np.ndarray
    hypotheses: list[Hypothesis]
    notes: list[str] = field(default_factory=list)
    empty: bool = False
    mask: np.ndarray | None = None


def prepare(
    picture: Image.Image | np.ndarray,
    kind: Literal["auto", "drawing", "photo", "dataset"] = "auto",
    overrides: Overrides | None = None,
) -> Item:
    """Return the item in `picture` as the data set would have shown it.

    `picture` is a PIL image or a uint8 array (h, w), (h, w, 3) or (h, w, 4). Never raises for a
    picture of any content: when nothing is found, the item is `empty`.
    """
    wish = overrides or Overrides()
    rgb = np.asarray(flatten(picture))
    stages = [Stage("Picture", rgb, "What came in.")]
    rgb = cut(rgb, wish, stages)
    decision = decide(rgb)
    if kind != "auto":
        decision = Decision(kind, "Chosen by hand.", decision.paper)
    steps = {"drawing": drawing_steps, "photo": photo_steps, "dataset": dataset_steps}[
        decision.kind
    ]
    notes: list[str] = []
    found, mask = steps(rgb, decision, wish, stages, notes)
    found = [(name, _invert(image) if wish.invert else image) for name, image in found]
    if wish.invert:
        stages.append(Stage("Inverted", found[0][1], "Chosen by hand: light and dark swapped."))
    hypotheses = _turn_left(found, decision.kind, wish, stages, notes)
    array = hypotheses[0].array
    stages.append(Stage("What the network gets", array, "28×28 numbers from 0 to 255."))
    return Item(
        decision.kind,
        decision.reason,
        stages,
        array,
        hypotheses,
        notes,
        empty=not bool(array.any()),
        mask=mask,
    )


def _turn_left(
    found: list[tuple[str, np.ndarray]],
    kind: Kind,
    wish: Overrides,
    stages: list[Stage],
    notes: list[str],
) -> list[Hypothesis]:
    """Return the hypotheses with toes to the left, as every shoe in the data set."""
    mirror = wish.mirror
    if mirror is None:
        mirror = kind != "dataset" and readings.points_right(found[0][1])
    if mirror:
        found = [(name, np.ascontiguousarray(image[:, ::-1])) for name, image in found]
        notes.append("Mirrored: in the data set toes point left.")
        stages.append(Stage("Mirrored", found[0][1], "In the data set all shoes point left."))
    return [Hypothesis(name, image) for name, image in found]


def _invert(image: np.ndarray) -> np.ndarray:
    """Return the image with light and dark swapped inside the item, its background left black."""
    return np.where(image > 0, 255 - image, 0).astype(np.uint8)
