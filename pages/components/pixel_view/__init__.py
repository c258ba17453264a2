"""One 28×28 image, large, whose pixel values can be read."""

import numpy as np

from pages.components.encoding import packed
from pages.components.register import register

_component = register(__file__)


def pixel_view(image: np.ndarray, label: str, key: str, *, numbers: bool = False) -> None:
    """Show `image`, uint8 (28, 28), as wide as the place allows, at most 560 px.

    Hovering, touching or walking with the arrow keys reads out one pixel; a switch prints all 784
    values, on from the start with `numbers`. `label` says to a screen reader what is shown.
    """
    pixels = packed(image.astype(np.uint8))
    _component(key=key, data={"pixels": pixels, "label": label, "numbers": numbers})
