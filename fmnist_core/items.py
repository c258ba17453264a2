"""A picture of any kind -> the 28×28 image that the data set would have had, stage by stage."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol

import cv2
import numpy as np
from PIL import Image

from fmnist_core import drawing, photo, poses, thumbnail
from fmnist_core.kinds import Decision, Kind, decide
from fmnist_core.pictures import flatten

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


class Answers(Protocol):
    """Anything that gives float32 (n, 10) probabilities for uint8 (n, 28, 28) images."""

    def probabilities(self, images: np.ndarray) -> np.ndarray: ...  # noqa: D102 - said above


class Vote(NamedTuple):
    """What one hypothesis was taken for: float32 (10,) probabilities."""

    name: str
    array: np.ndarray
    probabilities: np.ndarray


def classify(item: Item, classifier: Answers) -> tuple[np.ndarray, list[Vote]]:
    """Return the mean probabilities (10,) over the item's hypotheses, and each one's vote."""
    arrays = np.stack([hypothesis.array for hypothesis in item.hypotheses])
    rows = classifier.probabilities(arrays)
    votes = [Vote(*hypothesis, row) for hypothesis, row in zip(item.hypotheses, rows, strict=True)]
    return rows.mean(0), votes


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
    rgb = _cut(rgb, wish, stages)
    decision = decide(rgb)
    if kind != "auto":
        decision = Decision(kind, "Chosen by hand.", decision.paper)
    steps = {"drawing": _drawing, "photo": _photo, "dataset": _dataset}[decision.kind]
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


_Found = tuple[list[tuple[str, np.ndarray]], np.ndarray | None]


def _cut(rgb: np.ndarray, wish: Overrides, stages: list[Stage]) -> np.ndarray:
    """Return the picture cropped and turned as the visitor wished."""
    if wish.crop is not None:
        height, width = rgb.shape[:2]
        left, top, wide, high = wish.crop
        x, y = int(np.clip(left, 0, 1) * width), int(np.clip(top, 0, 1) * height)
        right, bottom = round((left + wide) * width), round((top + high) * height)
        rgb = rgb[y : max(bottom, y + 2), x : max(right, x + 2)]
        stages.append(Stage("Crop", rgb, "Only the rectangle that you marked."))
    if wish.rotation % 360:
        rgb = poses.rotate(rgb, wish.rotation)
        stages.append(Stage("Turned", rgb, f"Turned by {wish.rotation:g}° as you asked."))
    height, width = rgb.shape[:2]
    if min(height, width) < 8:
        # A sliver has no border to learn the background from.
        size = max(8, width), max(8, height)
        rgb = cv2.resize(rgb, size, interpolation=cv2.INTER_NEAREST)
    return np.ascontiguousarray(rgb)


def _dataset(
    rgb: np.ndarray, decision: Decision, wish: Overrides, stages: list[Stage], notes: list[str]
) -> _Found:
    """Take a 28×28 image as it is, the right way round: white on black."""
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    if grey.shape != (28, 28):
        grey = cv2.resize(grey, (28, 28), interpolation=cv2.INTER_AREA)
        stages.append(Stage("Shrunk", grey, "Brought to 28×28."))
    edge = np.r_[grey[0], grey[-1], grey[:, 0], grey[:, -1]]
    # The longest edge touches the frame, but corners and most of the frame are background.
    if np.median(edge) > 127:
        grey = 255 - grey
        notes.append("It was black on white; the data set is white on black, so it was negated.")
        stages.append(Stage("Negated", grey, "The data set shows light items on black."))
    return [("as it is", grey)], grey > 0


def _drawing(
    rgb: np.ndarray, decision: Decision, wish: Overrides, stages: list[Stage], notes: list[str]
) -> _Found:
    level = 0.25 if wish.threshold is None else wish.threshold
    if decision.paper and wish.threshold is None:
        level = 0.45
    dark = drawing.ink(rgb, decision.paper)
    stages.append(Stage("Ink", _grey(dark), "How unlike its ground each point is, in any colour."))
    fitted = drawing.fit(dark, level)
    lines = drawing.strokes(fitted, level)
    stages.append(
        Stage("Strokes", _grey(lines), "Trimmed, and thin lines thickened to survive at 28×28.")
    )
    if not lines.any():
        return [("empty", np.zeros((28, 28), np.uint8))], lines
    inside = drawing.silhouette(lines)
    if wish.fill is not False:
        stages.append(
            Stage(
                "Silhouette",
                _grey(inside),
                "Gaps closed and the inside found: the data set shows filled items, not outlines.",
            )
        )
    renderings = poses.renderings(fitted, lines, inside, fill=wish.fill)
    stages.append(
        Stage(
            "Shrunk",
            renderings[0][1],
            "Longest edge to 28, aspect kept, sharpened, centred "
            "and negated, as the data set was made.",
        )
    )
    return renderings, inside


def _photo(
    rgb: np.ndarray, decision: Decision, wish: Overrides, stages: list[Stage], notes: list[str]
) -> _Found:
    small = photo.shrink_for_search(rgb)
    if wish.mask == "auto" and photo.is_bare(small):
        stages.append(Stage("Searched", small, "Nothing stands out from this surface."))
        return [("empty", np.zeros((28, 28), np.uint8))], None
    masks = _masks(small, wish, stages)
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    mask = masks[0]
    stages.append(
        Stage(
            "On white, trimmed",
            thumbnail.trim(thumbnail.composite(grey, mask), mask),
            "The shop's photos had a white ground, cut off where the item ends.",
        )
    )
    arrays = [thumbnail.convert(grey, found) for found in masks]
    stages.append(
        Stage(
            "Shrunk and negated",
            arrays[0],
            "Longest edge to 28, sharpened, centred, negated: a dark item becomes bright.",
        )
    )
    if poses.is_white(arrays[0]) if wish.lift is None else wish.lift:
        arrays = [poses.lift_white(array) for array in arrays]
        notes.append(
            "White clothes were left out of the data set and would nearly vanish when negated, so "
            "this one is shown as if it were light grey."
        )
        stages.append(Stage("Lifted", arrays[0], notes[-1]))
    return poses.photo_variants(arrays) + poses.laid_down(grey, mask), mask


def _masks(rgb: np.ndarray, wish: Overrides, stages: list[Stage]) -> list[np.ndarray]:
    """Return the masks that the item may have, the likeliest first."""
    if wish.mask == "none":
        return [np.ones(rgb.shape[:2], bool)]
    guess = photo.border_mask(rgb, wish.threshold)
    stages.append(
        Stage("First guess", photo.shade(rgb, guess), "What is unlike the picture's border.")
    )
    if wish.mask == "border":
        return [guess]
    masks = photo.find_item(rgb, guess)
    stages.append(
        Stage(
            "Background removed",
            photo.shade(rgb, masks[0]),
            "GrabCut learned the colours of both sides, from the guess and from the middle; the "
            "better edged result was kept. The data set has nothing but the item.",
        )
    )
    return masks


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
        mirror = kind != "dataset" and poses.points_right(found[0][1])
    if mirror:
        found = [(name, np.ascontiguousarray(image[:, ::-1])) for name, image in found]
        notes.append("Mirrored: in the data set toes point left.")
        stages.append(Stage("Mirrored", found[0][1], "In the data set all shoes point left."))
    return [Hypothesis(name, image) for name, image in found]


def _invert(image: np.ndarray) -> np.ndarray:
    """Return the image with light and dark swapped inside the item, its background left black."""
    return np.where(image > 0, 255 - image, 0).astype(np.uint8)


def _grey(values: np.ndarray) -> np.ndarray:
    """Return ink 0..1 or a mask as a uint8 picture, black on white."""
    return (255 - 255 * values.astype(np.float32)).astype(np.uint8)
