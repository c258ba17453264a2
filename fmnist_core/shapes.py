"""What every image and every answer of this app measures."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

SIDE = 28  # pixels of an image, across and down
CLASSES = 10


def is_image(array: "np.ndarray") -> bool:
    """Return whether this is one image as networks get it: uint8 (28, 28)."""
    return array.shape == (SIDE, SIDE) and array.dtype == "uint8"
