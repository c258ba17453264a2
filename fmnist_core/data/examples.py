"""Our own example drawings and photos: to try on the Classify page, and to judge training on.

They lie in `assets/field/`, whose README says how they were made. No network is trained on them,
and they choose nothing in the shipped models.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, NamedTuple

import cv2
import numpy as np
from PIL import Image

from fmnist_core import files
from fmnist_core.paths import ASSETS
from fmnist_core.translation import mark

FOLDER = ASSETS / "field"
INDEX, PREPARED = "examples.json", "prepared.npz"
SHEET = 280  # pixels of a drawn sheet
# What the file says of the hard ones; the titles of all others are names of classes.
HARD = {
    mark("A busy ground"): mark("The ground is as loud as the item."),
    mark("A scribble"): mark("It is no item at all."),
    mark("Two shoes"): mark("It is more than one item."),
    mark("White on white"): mark("White clothes are not in the data."),
}
UNIT = 1000  # coordinates in the file are whole thousandths of the sheet


@dataclass(frozen=True)
class Example:
    """One example: its class 0 to 9 (None for what is no item), and what is hard about it, or "".

    A drawing has strokes, a photo a file in FOLDER.
    """

    name: str
    title: str
    kind: Literal["drawing", "photo"]
    label: int | None
    hard: str = ""
    drawing: "Drawing | None" = None

    def picture(self) -> Image.Image:
        """Return the picture as a visitor might bring it, RGB."""
        if self.drawing is not None:
            return Image.fromarray(draw(self.drawing))
        content = (FOLDER / f"{self.name}.jpg").read_bytes()
        return Image.open(io.BytesIO(content), formats=("JPEG",)).convert("RGB")


class Drawing(NamedTuple):
    """Strokes as lists of x, y in thousandths of the sheet; the first `filled` are filled first.

    `width` is the pen's in pixels of a sheet of SHEET pixels; colours are RGB.
    """

    strokes: list[list[list[int]]]
    width: int
    ink: list[int]
    paper: list[int]
    filled: int = 0
    fill: Sequence[int] = (128, 128, 128)


class Prepared(NamedTuple):
    """All examples with a class and without a difficulty, as networks get them.

    `readings` uint8 (n, 28, 28) are the ways they were read, `owners` (n,) whose each is, `labels`
    (items,) the classes.
    """

    readings: np.ndarray
    owners: np.ndarray
    labels: np.ndarray


def draw(drawing: Drawing) -> np.ndarray:
    """Return the drawing on its sheet, uint8 (SHEET, SHEET, 3) RGB."""
    sheet = np.empty((SHEET, SHEET, 3), np.uint8)
    sheet[:] = drawing.paper
    lines = [np.array(stroke, np.int32) * SHEET * 16 // UNIT for stroke in drawing.strokes]
    for line in lines[: drawing.filled]:
        cv2.fillPoly(sheet, [line], tuple(drawing.fill), cv2.LINE_AA, 4)
    for line in lines:
        cv2.polylines(sheet, [line], False, tuple(drawing.ink), drawing.width, cv2.LINE_AA, 4)
    return sheet


@cache
def examples() -> dict[str, Example]:
    """Return all examples by name, class by class; none where the files are missing."""
    content = files.read_json(FOLDER / INDEX) or {}
    return {name: _example(name, **about) for name, about in content.items()}


def _example(name: str, drawing: dict[str, Any] | None = None, **about: Any) -> Example:  # noqa: ANN401
    return Example(name, drawing=Drawing(**drawing) if drawing else None, **about)


@cache
def prepared() -> Prepared | None:
    """Return the examples prepared for networks, or None where the file is missing."""
    arrays = files.read_arrays(FOLDER / PREPARED)
    return Prepared(**arrays) if arrays and set(arrays) == set(Prepared._fields) else None
