"""One 28×28 image, large, whose pixel values can be read."""

import base64
from pathlib import Path

import numpy as np
import streamlit as st

_FOLDER = Path(__file__).parent
_component = st.components.v2.component(
    "pixel_view",
    css=(_FOLDER / "pixel_view.css").read_text(encoding="utf-8"),
    js=(_FOLDER / "pixel_view.js").read_text(encoding="utf-8"),
)


def pixel_view(image: np.ndarray, label: str, key: str, *, numbers: bool = False) -> None:
    """Show `image`, uint8 (28, 28), as wide as the place allows, at most 560 px.

    Hovering, touching or walking with the arrow keys reads out one pixel; a switch prints all 784
    values, on from the start with `numbers`. `label` says to a screen reader what is shown.
    """
    pixels = base64.b64encode(np.ascontiguousarray(image, np.uint8).tobytes()).decode()
    _component(key=key, data={"pixels": pixels, "label": label, "numbers": numbers})
