"""The stages of each kind of picture, from its pixels to 28×28 renderings.

Each `*_steps` function adds its stages and notes, and returns the renderings, uint8 (28, 28) with
names, the likeliest first, and the item's mask.
"""

import cv2
import numpy as np

from fmnist_core.preprocessing import drawing, readings, segmentation, thumbnail
from fmnist_core.preprocessing.item import Overrides, Stage
from fmnist_core.preprocessing.kind import Decision

Found = tuple[list[tuple[str, np.ndarray]], np.ndarray | None]


def cut(rgb: np.ndarray, wish: Overrides, stages: list[Stage]) -> np.ndarray:
    """Return the picture cropped and turned as the visitor wished."""
    if wish.crop is not None:
        height, width = rgb.shape[:2]
        left, top, wide, high = wish.crop
        x, y = int(np.clip(left, 0, 1) * width), int(np.clip(top, 0, 1) * height)
        right, bottom = round((left + wide) * width), round((top + high) * height)
        rgb = rgb[y : max(bottom, y + 2), x : max(right, x + 2)]
        stages.append(Stage("Crop", rgb, "Only the rectangle that you marked."))
    if wish.rotation % 360:
        rgb = readings.rotate(rgb, wish.rotation)
        stages.append(Stage("Turned", rgb, f"Turned by {wish.rotation:g}° as you asked."))
    height, width = rgb.shape[:2]
    if min(height, width) < 8:
        # A sliver has no border to learn the background from.
        size = max(8, width), max(8, height)
        rgb = cv2.resize(rgb, size, interpolation=cv2.INTER_NEAREST)
    return np.ascontiguousarray(rgb)


def dataset_steps(
    rgb: np.ndarray, decision: Decision, wish: Overrides, stages: list[Stage], notes: list[str]
) -> Found:
    """Take a 28×28 image as it is, the right way round: white on black."""
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    if grey.shape != (28, 28):
        grey = cv2.resize(grey, (28, 28), interpolation=cv2.INTER_AREA)
        stages.append(Stage("Shrunk", grey, "Brought to 28×28."))
    if int(np.ptp(grey)) < 8:
        return [("empty", np.zeros((28, 28), np.uint8))], None
    edge = np.r_[grey[0], grey[-1], grey[:, 0], grey[:, -1]]
    # The longest edge touches the frame, but corners and most of the frame are background.
    if np.median(edge) > 127:
        grey = 255 - grey
        notes.append("It was black on white; the data set is white on black, so it was negated.")
        stages.append(Stage("Negated", grey, "The data set shows light items on black."))
    return [("as it is", grey)], grey > 0


def drawing_steps(
    rgb: np.ndarray, decision: Decision, wish: Overrides, stages: list[Stage], notes: list[str]
) -> Found:
    """Find the ink, close and fill the outline, and draw it in several tones."""
    level = 0.25 if wish.threshold is None else wish.threshold
    if decision.paper and wish.threshold is None:
        level = 0.45
    dark = drawing.ink(drawing.shrink(rgb), decision.paper)
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
    renderings = readings.renderings(fitted, lines, inside, fill=wish.fill)
    stages.append(
        Stage(
            "Shrunk",
            renderings[0][1],
            "Longest edge to 28, aspect kept, sharpened, centred "
            "and negated, as the data set was made.",
        )
    )
    return renderings, inside


def photo_steps(
    rgb: np.ndarray, decision: Decision, wish: Overrides, stages: list[Stage], notes: list[str]
) -> Found:
    """Find the item, remove its background and convert it as the shop's photos were."""
    small = segmentation.shrink_for_search(rgb)
    if wish.mask == "auto" and segmentation.is_bare(small):
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
    if readings.is_white(arrays[0]) if wish.lift is None else wish.lift:
        arrays = [readings.lift_white(array) for array in arrays]
        notes.append(
            "White clothes were left out of the data set and would nearly vanish when negated, so "
            "this one is shown as if it were light grey."
        )
        stages.append(Stage("Lifted", arrays[0], notes[-1]))
    return readings.photo_variants(arrays) + readings.laid_down(grey, mask), mask


def _masks(rgb: np.ndarray, wish: Overrides, stages: list[Stage]) -> list[np.ndarray]:
    """Return the masks that the item may have, the likeliest first."""
    if wish.mask == "none":
        return [np.ones(rgb.shape[:2], bool)]
    guess = segmentation.border_mask(rgb, wish.threshold)
    stages.append(
        Stage("First guess", segmentation.shade(rgb, guess), "What is unlike the picture's border.")
    )
    if wish.mask == "border":
        return [guess]
    masks = segmentation.find_item(rgb, guess)
    stages.append(
        Stage(
            "Background removed",
            segmentation.shade(rgb, masks[0]),
            "GrabCut learned the colours of both sides, from the guess and from the middle; the "
            "better edged result was kept. The data set has nothing but the item.",
        )
    )
    return masks


def _grey(values: np.ndarray) -> np.ndarray:
    """Return ink 0..1 or a mask as a uint8 picture, black on white."""
    return (255 - 255 * values.astype(np.float32)).astype(np.uint8)
