"""A 28×28 image, large, to draw one stroke on."""

from typing import Any

import numpy as np
import streamlit as st

from pages.components.encoding import png
from pages.components.register import register

_KEY = "stroke_pad"
_component = register(__file__)


def stroke_pad(image: np.ndarray, index: int, label: str, *, ink: int, longest: float) -> Any:  # noqa: ANN401
    """Return the points that the browser sent for image `index`: anything, or None without any.

    `image` is uint8 (28, 28), `ink` the grey value of the stroke, `longest` its length in pixels.
    """
    _component(
        key=_KEY,
        data={
            "picture": png(image),
            "id": index,
            "ink": ink,
            "width": 1.5,
            "longest": longest,
            "label": label,
        },
        on_stroke_change=lambda: None,
    )
    sent = st.session_state.get(_KEY, {}).get("stroke")
    return sent.get("points") if isinstance(sent, dict) and sent.get("id") == index else None
