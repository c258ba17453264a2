"""The values of the preparation: what a visitor may correct, what is decided, what comes out."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np

from fmnist_core.preprocessing.dataset_like import Found
from fmnist_core.translation import mark

Kind = Literal["drawing", "photo", "dataset"]
KindWish = Literal["auto"] | Kind
# The reason of a decision that a visitor took.
CHOSEN = mark("Chosen by hand.")
Box = tuple[float, float, float, float]  # left, top, width and height as shares of a picture
MaskMode = Literal["auto", "border", "none"]


@dataclass(frozen=True)
class Overrides:
    """What a visitor corrected by hand; None leaves the decision to the program.

    `crop` is left, top, width and height as shares of the picture (0 to 1), applied first;
    `rotation` is in degrees clockwise; `threshold` is 0 to 1: how unlike its ground a pixel must
    be to belong to the item; `mask` chooses how a photo's background is found; `fill` is whether
    the inside of a drawn outline is filled; `lift` whether a white item is shown as light grey.
    """

    crop: Box | None = None
    rotation: float = 0.0
    mask: MaskMode = "auto"
    threshold: float | None = None
    mirror: bool | None = None
    invert: bool = False
    fill: bool | None = None
    lift: bool | None = None


class Decision(NamedTuple):
    """What a picture was taken for, and one sentence of why, for the page."""

    kind: Kind
    reason: str
    paper: bool = False  # a drawing photographed on an unevenly lit sheet
    shown: Found | None = None  # the image of the data set that was recognised


class Stage(NamedTuple):
    """One step: its name, what it gave (uint8, (h, w) or (h, w, 3)) and why it is done."""

    name: str
    image: np.ndarray
    why: str


class Reading(NamedTuple):
    """One way the item may have looked in the data set: uint8 (28, 28) with a marked name."""

    name: str
    array: np.ndarray


@dataclass(frozen=True)
class Trace:
    """What preparing a picture leaves to show: stages, notes on what was decided, items seen."""

    stages: list[Stage] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    parts: list[Box] = field(default_factory=list)

    def stage(self, name: str, image: np.ndarray, why: str) -> None:
        """Add a stage."""
        self.stages.append(Stage(name, image, why))


@dataclass(frozen=True)
class Item:
    """A prepared picture: what it was taken for and why, every stage, and the result.

    `readings` are the 28×28 versions whose predictions may be averaged, at least one, the
    likeliest first; `notes` are marked sentences about what was decided (mirrored, white garment);
    `parts` are the boxes of several items in the whole picture, of which one may be chosen.
    """

    kind: Kind
    reason: str
    stages: list[Stage]
    readings: list[Reading]
    notes: list[str] = field(default_factory=list)
    parts: list[Box] = field(default_factory=list)

    @property
    def array(self) -> np.ndarray:
        """The exact uint8 (28, 28) that a network gets, 0 for background: the first reading."""
        return self.readings[0].array

    @property
    def empty(self) -> bool:
        """Whether nothing was found."""
        return not self.array.any()
