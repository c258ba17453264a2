"""A picture of any kind -> the 28×28 image that the data set would have had, stage by stage."""

import math

import cv2
import numpy as np
from PIL import Image

from fmnist_core.preprocessing import dataset_like, drawing, masks, readings
from fmnist_core.preprocessing.item import (
    Item,
    KindWish,
    Overrides,
    Reading,
    Trace,
)
from fmnist_core.preprocessing.kind import chosen, decide
from fmnist_core.preprocessing.open_picture import first_of_several, flatten
from fmnist_core.preprocessing.segmentation import LEVEL, WORKING_EDGE, segment
from fmnist_core.shapes import SIDE
from fmnist_core.translation import mark, say

_STRIPPED = {
    "padding": mark("Without the empty rows and columns that were put around."),
    "frame": mark("Without title, axes, colour bar and frame."),
    "ground": mark("Without the page that it stood on."),
    "margin": mark("Without the margin around."),
}
Rectangle = tuple[slice, slice]  # rows and columns


def prepare(
    picture: Image.Image | np.ndarray,
    kind: KindWish = "auto",
    overrides: Overrides | None = None,
) -> Item:
    """Return the item in `picture` as the data set would have shown it.

    `picture` is a PIL image or a uint8 array (h, w), (h, w, 3) or (h, w, 4). Never raises for a
    picture of any content: when nothing is found, the item is `empty`.
    """
    wish, trace = overrides or Overrides(), Trace()
    if first_of_several(picture):
        trace.notes.append(mark("The file has several pictures, of which the first is looked at."))
    rgb = np.asarray(flatten(picture))
    trace.stage(say("Picture"), rgb, say("What came in."))
    box = _box(rgb.shape, wish)
    cut = _cut(rgb, box, wish, trace)
    decision = decide(cut) if kind == "auto" else chosen(kind, cut)
    if decision.kind == "photo":
        found = _read_photo(rgb, box, wish, trace)
    else:
        shown = decision.shown
        if wish.rotation % 360:
            cut = masks.rotate(cut, wish.rotation)
            shown = dataset_like.find(cut) if decision.kind == "dataset" else None
            why = say("Turned by {angle:g}° as you asked.", angle=wish.rotation)
            trace.stage(say("Turned"), cut, why)
        if decision.kind == "dataset":
            found = _read_dataset(cut, shown, trace)
        else:
            found = _read_drawing(cut, decision.paper, wish, trace)
    found = found or [Reading(mark("empty"), np.zeros((SIDE, SIDE), np.uint8))]
    if wish.invert:
        found = [Reading(name, np.where(image > 0, 255 - image, 0)) for name, image in found]
        why = say("Chosen by hand: light and dark swapped.")
        trace.stage(say("Inverted"), found[0].array, why)
    mirror = wish.mirror
    if mirror is None:
        mirror = decision.kind != "dataset" and readings.points_right(found[0].array)
    if mirror:
        found = [Reading(name, np.ascontiguousarray(image[:, ::-1])) for name, image in found]
        trace.notes.append(mark("Mirrored: in the data set toes point left."))
        why = say("In the data set all shoes point left.")
        trace.stage(say("Mirrored"), found[0].array, why)
    why = say("28×28 numbers from 0 to 255.")
    trace.stage(say("What the network gets"), found[0].array, why)
    return Item(decision.kind, decision.reason, trace.stages, found, trace.notes, trace.parts)


def _box(shape: tuple[int, ...], wish: Overrides) -> Rectangle:
    """Return the rows and columns that the visitor marked, or all of them."""
    height, width = shape[:2]
    left, top, wide, high = wish.crop or (0, 0, 1, 1)
    x, y = int(np.clip(left * width, 0, width - 1)), int(np.clip(top * height, 0, height - 1))
    right, bottom = round((left + wide) * width), round((top + high) * height)
    return slice(y, max(bottom, y + 2)), slice(x, max(right, x + 2))


def _cut(rgb: np.ndarray, box: Rectangle, wish: Overrides, trace: Trace) -> np.ndarray:
    """Return the picture cropped as the visitor wished."""
    if wish.crop is not None:
        rgb = rgb[box]
        trace.stage(say("Crop"), rgb, say("Only the rectangle that you marked."))
    height, width = rgb.shape[:2]
    if min(height, width) < 8:
        # A sliver has no border to learn the background from.
        size = max(8, width), max(8, height)
        rgb = cv2.resize(rgb, size, interpolation=cv2.INTER_NEAREST)
    return np.ascontiguousarray(rgb)


# Each of these adds its stages and notes to the trace, and returns the readings, the likeliest
# first, or none where nothing was found.


def _read_dataset(rgb: np.ndarray, shown: dataset_like.Found | None, trace: Trace) -> list[Reading]:
    """Take an image of the data set as it is, the right way round: white on black."""
    if shown:
        if shown.square.stripped:
            trace.stage(say("Stripped"), shown.part, say(_STRIPPED[shown.square.stripped]))
        if rgb.shape[:2] != (SIDE, SIDE):
            small = (shown.colours + 0.5).astype(np.uint8)
            why = say("The numbers that were enlarged, by least squares.")
            trace.stage(say("Back to 28×28"), small, why)
        grey = shown.image
        if shown.map_name != "grey":
            why = say("The numbers that the colour map {map} was laid over.", map=shown.map_name)
            trace.stage(say("Colours undone"), grey, why)
    else:
        grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
        grey = cv2.resize(grey, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
        trace.stage(say("Shrunk"), grey, say("Brought to 28×28."))
    if int(np.ptp(grey)) < 8:
        return []
    edge = np.r_[grey[0], grey[-1], grey[:, 0], grey[:, -1]]
    # The longest edge touches the frame, but corners and most of the frame are background.
    if np.median(edge) > 127:
        grey = 255 - grey
        trace.notes.append(
            mark("It was black on white; the data set is white on black, so it was negated.")
        )
        trace.stage(say("Negated"), grey, say("The data set shows light items on black."))
    return [Reading(mark("as it is"), grey)]


def _read_drawing(rgb: np.ndarray, paper: bool, wish: Overrides, trace: Trace) -> list[Reading]:
    """Find the ink, close and fill the outline, and draw it in several tones."""
    level = wish.threshold
    if level is None:
        level = 0.45 if paper else 0.25
    ink = drawing.ink(masks.fit(rgb, drawing.SHEET, grow=False), paper)
    why = say("How unlike its ground each point is, in any colour.")
    trace.stage(say("Ink"), _grey(ink), why)
    ink = drawing.fitted(ink, level)
    lines = drawing.strokes(ink, level)
    why = say("Trimmed, and thin lines thickened to survive at 28×28.")
    trace.stage(say("Strokes"), _grey(lines), why)
    if not lines.any():
        return []
    inside = drawing.silhouette(lines)
    if wish.fill is not False:
        trace.stage(
            say("Silhouette"),
            _grey(inside),
            say("Gaps closed and the inside found: the data set shows filled items, not outlines."),
        )
    found = readings.of_drawing(ink, lines, inside, wish.fill)
    trace.stage(
        say("Shrunk"),
        found[0].array,
        say(
            "Longest edge to 28, aspect kept, sharpened, centred and negated, as the data set was "
            "made."
        ),
    )
    return found


def _read_photo(rgb: np.ndarray, box: Rectangle, wish: Overrides, trace: Trace) -> list[Reading]:
    """Find the item, remove its background and convert it as the shop's photos were."""
    around, inside = _surroundings(rgb.shape, box)
    small = masks.fit(np.ascontiguousarray(rgb[around]), WORKING_EDGE, grow=False)
    soft = segment(small, wish, trace)
    if soft is None:
        return []
    scale = small.shape[0] / rgb[around].shape[0]
    rows, columns = (slice(int(scale * s.start), math.ceil(scale * s.stop)) for s in inside)
    soft, small = soft[rows, columns], small[rows, columns]
    if wish.rotation % 360:
        # After the search: the corners that turning adds are ground, and no picture to search in.
        small, soft = masks.rotate(small, wish.rotation), masks.rotate(soft, wish.rotation, True)
        why = say("By {angle:g}° as you asked.", angle=wish.rotation)
        trace.stage(say("Turned"), masks.on_white(small, soft), why)
    level = LEVEL if wish.threshold is None else wish.threshold
    grey, mask = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), soft > level
    if not mask.any():
        return []
    trace.stage(
        say("On white, trimmed"),
        masks.trim(masks.on_white(grey, soft), mask),
        say("The shop's photos had a white ground, cut off where the item ends."),
    )
    found = readings.of_photo(grey, soft, level)
    trace.stage(
        say("Shrunk and negated"),
        found[0].array,
        say("Longest edge to 28, sharpened, centred, negated: a dark item becomes bright."),
    )
    if readings.is_white(found[0].array) if wish.lift is None else wish.lift:
        found = [Reading(name, readings.lift_white(array)) for name, array in found]
        trace.notes.append(
            mark(
                "White clothes were left out of the data set and would nearly vanish when negated, "
                "so this one is shown as if it were light grey."
            )
        )
        trace.stage(say("Lifted"), found[0].array, say(trace.notes[-1]))
    return found


def _surroundings(shape: tuple[int, ...], box: Rectangle) -> tuple[Rectangle, Rectangle]:
    """Return a box with a sixth of it around, and where it lies in there.

    Close about an item there is no ground left to tell it from.
    """
    around, inside = [], []
    for length, side in zip(shape, box, strict=False):
        stop = min(side.stop, length)
        room = (stop - side.start) // 6
        wide = slice(max(0, side.start - room), min(length, stop + room))
        around.append(wide)
        inside.append(slice(side.start - wide.start, stop - wide.start))
    return (around[0], around[1]), (inside[0], inside[1])


def _grey(values: np.ndarray) -> np.ndarray:
    """Return ink 0..1 or a mask as a uint8 picture, black on white."""
    return (255 - 255 * values.astype(np.float32)).astype(np.uint8)
