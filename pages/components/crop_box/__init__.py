"""Marks a rectangle on a picture: drag to choose, tap an outlined part, click to take it away."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from pages.components.encoding import png
from pages.components.register import register, safe

Box = tuple[float, float, float, float]

_component = register(__file__)


def crop_box(picture: np.ndarray, key: str, parts: Sequence[Box] = ()) -> None:
    """Show the uint8 RGB picture for marking; `chosen(key)` gives the rectangle.

    `parts` are outlined, and a tap on one chooses it.
    """
    shown = f"{key}_parts" if parts else key  # both may be on one page

    def changed() -> None:
        # The component's own state is gone when it is not shown; this is not.
        st.session_state[_kept(key)] = read(st.session_state[safe(shown)].get("box"))

    data = {"picture": png(picture, 320), "box": chosen(key), "parts": list(parts)}
    _component(key=shown, data=data, on_box_change=changed)


def chosen(key: str) -> Box | None:
    """Return left, top, width and height as shares of the picture, or None without a rectangle."""
    return st.session_state.get(_kept(key))


def forget(key: str) -> None:
    """Take the rectangle away."""
    st.session_state.pop(_kept(key), None)


def read(box: object) -> Box | None:
    """Return the rectangle in what the browser sent, or None when it makes no sense."""
    if not isinstance(box, list) or len(box) != 4:
        return None
    if not all(isinstance(side, int | float) and 0 <= side <= 1 for side in box):
        return None
    left, top, width, height = (float(side) for side in box)
    return (left, top, width, height) if width > 0 and height > 0 else None


def _kept(key: str) -> str:
    return f"{key}_kept"
