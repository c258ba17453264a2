"""The colours of classes and curves, without Plotly."""

from collections.abc import Sequence

import numpy as np

# Ten colours found by search for the largest smallest distance (OKLab, as seen with normal sight
# and with each of the three dichromacies), all at least 2:1 against white and near-black.
# Classes that networks confuse (tops; shoes) got the colours farthest apart.
# A colour never stands alone: the name is always beside it.
CLASS_COLORS = (
    "#20c8e8",  # T-shirt/top
    "#9080e0",  # Trouser
    "#b07810",  # Pullover
    "#f098a0",  # Dress
    "#b80000",  # Coat
    "#a8c000",  # Sandal
    "#3048f8",  # Shirt
    "#9820a8",  # Sneaker
    "#f828a0",  # Bag
    "#585858",  # Ankle boot
)

TRAINING = "#3b82d0"
VALIDATION = "#dc7718"
ITEMS = "#8a6fd8"
# Equally legible (4.2:1) on the white and on the dark page.
NEUTRAL = "#797e87"
BEST = "#1a9e77"
# Half-transparent grey reads on a light and on a dark page alike.
GRID = "rgba(128,128,128,0.22)"
CLEAR = "rgba(0,0,0,0)"


def text_on(color: str) -> str:
    """Return white where it reads on a #rrggbb ground, else black: at least 4.5:1 (WCAG) always."""
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    luminance = float(np.dot(linear, (0.2126, 0.7152, 0.0722)))
    return "#ffffff" if 1.05 / (luminance + 0.05) >= 4.5 else "#000000"


def class_colors(labels: Sequence[int] | np.ndarray) -> list[str]:
    """Return one colour per label, for a `marker.color`."""
    return [CLASS_COLORS[int(label)] for label in labels]
