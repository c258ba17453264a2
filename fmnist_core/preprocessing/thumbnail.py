"""The data set's own published conversion: item and mask -> 28×28, as arXiv:1708.07747 section 2.

Knows nothing about where the mask came from. Greys are uint8, 255 is white paper; ink is the
negative, 0 is background as in the data.
"""

import cv2
import numpy as np

SIZE = 28
# ImageMagick's `-sharpen 1x1`: a Gaussian of radius and standard deviation 1, taken away from
# twice its sum at the centre, then normalised.
_GAUSSIAN = np.exp(-(np.add.outer(np.arange(-1, 2) ** 2, np.arange(-1, 2) ** 2)) / 2)
_SHARPEN = -_GAUSSIAN
_SHARPEN[1, 1] = 2 * _GAUSSIAN.sum()
_SHARPEN = (_SHARPEN / _SHARPEN.sum()).astype(np.float32)


def bounds(mask: np.ndarray) -> tuple[int, int, int, int]:
    """Return left, top, width and height of what is set in a bool mask; the whole if nothing is."""
    if not mask.any():
        return 0, 0, mask.shape[1], mask.shape[0]
    left, top, width, height = cv2.boundingRect(mask.astype(np.uint8))
    return left, top, width, height


def composite(grey: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Return the grey picture on pure white outside the mask."""
    return np.where(mask, grey, 255).astype(np.uint8)


def trim(picture: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Return the part of the picture that holds the mask."""
    left, top, width, height = bounds(mask)
    return picture[top : top + height, left : left + width]


def shrink(grey: np.ndarray, size: int = SIZE) -> np.ndarray:
    """Return the picture with its longest edge at exactly `size`, the aspect kept."""
    height, width = grey.shape
    scale = size / max(height, width)
    target = max(1, round(width * scale)), max(1, round(height * scale))
    # Averaging instead of the paper's subsampling: phone photos are noisier than studio ones.
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return cv2.resize(grey, target, interpolation=method)


def sharpen(grey: np.ndarray) -> np.ndarray:
    """Return the picture sharpened exactly as the data set's images were."""
    return cv2.filter2D(grey, -1, _SHARPEN, borderType=cv2.BORDER_REPLICATE)


def centre(ink: np.ndarray, size: int = SIZE) -> np.ndarray:
    """Return the ink in the middle of an empty (size, size) image."""
    height, width = ink.shape
    top, left = (size - height) // 2, (size - width) // 2
    image = np.zeros((size, size), np.uint8)
    image[top : top + height, left : left + width] = ink
    return image


def convert(grey: np.ndarray, mask: np.ndarray, sharper: bool = True) -> np.ndarray:
    """Return uint8 (28, 28), 0 for background: composite, trim, shrink, sharpen, centre, negate."""
    small = shrink(trim(composite(grey, mask), mask))
    return centre(255 - (sharpen(small) if sharper else small))


def stretch(ink: np.ndarray, height: int, width: int) -> np.ndarray:
    """Return the item of a (28, 28) image resized to `height` × `width` and centred again."""
    item = trim(ink, ink > 0)
    return centre(cv2.resize(item, (width, height), interpolation=cv2.INTER_AREA))
