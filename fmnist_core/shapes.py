"""What every image and every answer of this app measures, and the one check of an image."""

import numpy as np

SIDE = 28  # pixels of an image, across and down
CLASSES = 10


def check_images(images: np.ndarray, several: bool = False) -> None:
    """Raise ValueError unless `images` is uint8 (28, 28), or (n, 28, 28) if there are `several`."""
    if images.dtype != np.uint8 or images.ndim != 2 + several or images.shape[-2:] != (SIDE, SIDE):
        expected = f"{'(n, ' if several else '('}{SIDE}, {SIDE})"
        raise ValueError(
            f"Got {images.dtype} of shape {images.shape}, expected uint8 {expected}: bring "
            "pictures to 28×28 first, for example with fmnist_core.preprocessing.prepare.prepare."
        )
