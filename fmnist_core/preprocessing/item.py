"""What a visitor may correct, and what the preparation of a picture shows of itself."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

MaskMode = Literal["auto", "border", "none"]


class Stage(NamedTuple):
    """One step: its name, what it gave (uint8, (h, w) or (h, w, 3)) and why it is done."""

    name: str
    image: np.ndarray
    why: str


class Hypothesis(NamedTuple):
    """One way the item may have looked in the data set: uint8 (28, 28) with a name."""

    name: str
    array: np.ndarray


@dataclass(frozen=True)
class Overrides:
    """What a visitor corrected by hand; None leaves the decision to the program.

    `crop` is left, top, width and height as shares of the picture (0 to 1), applied first;
    `rotation` is in degrees clockwise; `threshold` is 0 to 1: how unlike its ground a pixel must
    be to belong to the item; `mask` chooses how a photo's background is found; `fill` is whether
    the inside of a drawn outline is filled; `lift` whether a white item is shown as light grey.
    """

    crop: tuple[float, float, float, float] | None = None
    rotation: float = 0.0
    mask: MaskMode = "auto"
    threshold: float | None = None
    mirror: bool | None = None
    invert: bool = False
    fill: bool | None = None
    lift: bool | None = None
