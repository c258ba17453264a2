"""Masks, boxes and frames of pictures, whatever they show.

Pictures are uint8 or float32 (h, w) or (h, w, 3), masks are bool (h, w) unless called soft.
"""

import cv2
import numpy as np

from fmnist_core.shapes import SIDE


def fit(
    picture: np.ndarray, edge: int, grow: bool = True, method: int = cv2.INTER_AREA
) -> np.ndarray:
    """Return the picture with its longest edge at exactly `edge` pixels, the aspect kept.

    Unless it may `grow`, a smaller picture comes back as it is. `method` is OpenCV's way of
    shrinking; what grows is interpolated.
    """
    height, width = picture.shape[:2]
    scale = edge / max(height, width)
    if scale >= 1 and not grow:
        return picture
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return cv2.resize(picture, size, interpolation=method if scale < 1 else cv2.INTER_LINEAR)


def bounds(mask: np.ndarray) -> tuple[int, int, int, int]:
    """Return left, top, width and height of what is set in a mask; the whole if nothing is."""
    if not mask.any():
        return 0, 0, mask.shape[1], mask.shape[0]
    left, top, width, height = cv2.boundingRect(mask.astype(np.uint8))
    return left, top, width, height


def around(mask: np.ndarray, margin: float, least: int = 0) -> tuple[slice, slice]:
    """Return the rows and columns of what is set, with some room on each side.

    The room is the `margin`, a share of the box's sides, and `least` pixels more.
    """
    left, top, width, height = bounds(mask)
    across, down = round(margin * width) + least, round(margin * height) + least
    rows = slice(max(0, top - down), top + height + down)
    return rows, slice(max(0, left - across), left + width + across)


def trim(picture: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Return the part of the picture that holds the mask."""
    left, top, width, height = bounds(mask)
    return picture[top : top + height, left : left + width]


def centre(ink: np.ndarray) -> np.ndarray:
    """Return ink of at most 28×28 in the middle of an empty uint8 (28, 28) image."""
    height, width = ink.shape
    top, left = (SIDE - height) // 2, (SIDE - width) // 2
    image = np.zeros((SIDE, SIDE), np.uint8)
    image[top : top + height, left : left + width] = ink
    return image


def rotate(picture: np.ndarray, degrees: float, empty: bool = False) -> np.ndarray:
    """Return the picture turned clockwise, enlarged so that nothing is cut off.

    What comes in at the corners is drawn out from the edges, or 0 where they stay `empty`.
    """
    height, width = picture.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2 - 0.5, height / 2 - 0.5), -degrees, 1)
    cos, sin = abs(turn[0, 0]), abs(turn[0, 1])
    size = round(width * cos + height * sin), round(width * sin + height * cos)
    turn[:, 2] += (size[0] - width) / 2, (size[1] - height) / 2
    return cv2.warpAffine(
        picture,
        turn,
        size,
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT if empty else cv2.BORDER_REPLICATE,
    )


def on_white(picture: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Return the uint8 picture turning pure white outside the mask, which may be soft, 0..1."""
    inside = mask[..., None] if picture.ndim == 3 else mask
    return (255 - (255 - picture.astype(np.float32)) * inside + 0.5).astype(np.uint8)


def border(shape: tuple[int, ...], share: float = 0.04) -> np.ndarray:
    """Return the mask of a picture's outer frame, a `share` of its shorter side wide."""
    height, width = shape[:2]
    depth = max(2, round(share * min(height, width)))
    frame = np.ones((height, width), bool)
    frame[depth:-depth, depth:-depth] = False
    return frame


def overlap(one: np.ndarray, other: np.ndarray) -> float:
    """Return the share of two masks' union that both cover, 0 to 1."""
    union = np.count_nonzero(one | other)
    return np.count_nonzero(one & other) / union if union else 1.0


def fill_holes(mask: np.ndarray, share: float = np.inf) -> np.ndarray:
    """Return the mask with its holes up to `share` of its area filled."""
    _, parts, statistics, _ = cv2.connectedComponentsWithStats(
        (~mask).astype(np.uint8), connectivity=4
    )
    height, width = mask.shape
    left, top = statistics[:, cv2.CC_STAT_LEFT], statistics[:, cv2.CC_STAT_TOP]
    right = left + statistics[:, cv2.CC_STAT_WIDTH]
    bottom = top + statistics[:, cv2.CC_STAT_HEIGHT]
    inner = (left > 0) & (top > 0) & (right < width) & (bottom < height)
    hole = inner & (statistics[:, cv2.CC_STAT_AREA] <= share * max(1, mask.sum()))
    hole[0] = False
    return mask | hole[parts]


def pair(mask: np.ndarray) -> list[np.ndarray]:
    """Return the masks of the two alike parts that a mask consists of, or nothing."""
    _, parts, statistics, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    areas = statistics[1:, cv2.CC_STAT_AREA]
    order = np.argsort(-areas)
    if len(areas) < 2 or areas[order[1]] < 0.5 * areas[order[0]]:
        return []
    if len(areas) > 2 and areas[order[2]] > 0.2 * areas[order[0]]:
        return []  # a heap, not a pair
    return [parts == order[0] + 1, parts == order[1] + 1]
