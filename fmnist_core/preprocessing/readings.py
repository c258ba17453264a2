"""Renderings and poses of one item whose predictions are averaged: tones, mirror, proportions."""

import cv2
import numpy as np

from fmnist_core.preprocessing import drawing, thumbnail

# Mean ink of the item below which a garment counts as white, and what it is lifted to.
_WHITE, _LIFTED = 45.0, 90.0


def rotate(rgb: np.ndarray, degrees: float) -> np.ndarray:
    """Return the picture turned clockwise, enlarged so that nothing is cut off."""
    height, width = rgb.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2 - 0.5, height / 2 - 0.5), -degrees, 1)
    cos, sin = abs(turn[0, 0]), abs(turn[0, 1])
    size = round(width * cos + height * sin), round(width * sin + height * cos)
    turn[:, 2] += (size[0] - width) / 2, (size[1] - height) / 2
    return cv2.warpAffine(rgb, turn, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def points_right(image: np.ndarray) -> bool:
    """Return whether a (28, 28) item leans so that it must be mirrored to point left.

    A shoe's upper third (shaft, heel) lies behind its toes: left of the middle means that the
    toes point right. What leans by less than a thirtieth is symmetric, as most garments are.
    """
    left, top, width, height = thumbnail.bounds(image > 0)
    upper = image[top : top + max(1, height // 3), left : left + width].astype(np.float32)
    total = float(upper.sum())
    if total == 0:
        return False
    return float((upper.sum(0) * np.arange(width)).sum()) / total < (width - 1) / 2 - width / 30


def is_white(image: np.ndarray) -> bool:
    """Return whether the item would be nearly invisible: its mean ink is that of white cloth."""
    item = image[image > 0]
    return bool(len(item)) and float(item.mean()) < _WHITE


def lift_white(image: np.ndarray) -> np.ndarray:
    """Return a white item with its tones spread to those of light grey cloth."""
    item = image > 0
    lifted = _LIFTED + 1.5 * (image.astype(np.float32) - image[item].mean())
    return np.where(item, np.clip(lifted, 20, 255), 0).astype(np.uint8)


def squeeze(image: np.ndarray) -> np.ndarray:
    """Return a wide item at the garments' usual proportions, 28 tall and 22 wide."""
    return thumbnail.stretch(image, thumbnail.SIZE, 22)


def proportions(image: np.ndarray) -> float:
    """Return width over height of the item in a (28, 28) image."""
    _, _, width, height = thumbnail.bounds(image > 0)
    return width / height


def pair(mask: np.ndarray) -> list[np.ndarray]:
    """Return the masks of the two alike parts that a bool mask consists of, or nothing."""
    _, parts, statistics, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    areas = statistics[1:, cv2.CC_STAT_AREA]
    order = np.argsort(-areas)
    if len(areas) < 2 or areas[order[1]] < 0.5 * areas[order[0]]:
        return []
    if len(areas) > 2 and areas[order[2]] > 0.2 * areas[order[0]]:
        return []  # a heap, not a pair
    return [parts == order[0] + 1, parts == order[1] + 1]


def laid_down(grey: np.ndarray, mask: np.ndarray) -> list[tuple[str, np.ndarray]]:
    """Return each part of a pair by itself, uint8 (28, 28), lying if it stood upright.

    Shoes come in pairs seen from above; the data set shows one, from its side.
    """
    found = []
    for name, part in zip(("first of the pair", "second of the pair"), pair(mask), strict=False):
        one = thumbnail.convert(grey, part)
        upright = proportions(one) < 1
        found.append((name, np.ascontiguousarray(np.rot90(one)) if upright else one))
    return found


def photo_variants(arrays: list[np.ndarray]) -> list[tuple[str, np.ndarray]]:
    """Return the renderings of a photographed item, given its image for each mask it may have."""
    found = [("as prepared", arrays[0])]
    if 0.85 < proportions(arrays[0]) < 1.4:
        found.append(("squeezed", squeeze(arrays[0])))
    found += [("other background", array) for array in arrays[1:]]
    return found


def renderings(
    ink: np.ndarray, lines: np.ndarray, inside: np.ndarray, fill: bool | None
) -> list[tuple[str, np.ndarray]]:
    """Return a drawing in several tones, each uint8 (28, 28), the likeliest first."""
    whole = lines | inside
    outline = (
        "outline",
        thumbnail.convert(drawing.render(ink, lines, inside, 1.0, 0.0), whole),
    )
    if fill is False:
        return [outline]
    found = [
        ("filled", thumbnail.convert(drawing.render(ink, lines, inside, 1.0, 0.5), whole)),
        ("silhouette", thumbnail.convert(drawing.render(ink, lines, inside, 0.7, 0.7), whole)),
        outline,
    ]
    if 0.85 < proportions(found[0][1]) < 1.6:
        found.append(("squeezed", squeeze(found[0][1])))
    return found + laid_down(drawing.render(ink, lines, inside, 1.0, 0.5), whole)
