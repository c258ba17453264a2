"""The quick sketch pad: a component of our own that answers while the stroke is being drawn."""

import base64
import binascii
from typing import Any, NamedTuple

import numpy as np
import streamlit as st
from PIL import Image

from fmnist_core.preprocessing.open_picture import PictureError, open_picture
from pages.components.register import register

_KEY = "quick_pad"
_PREFIX = "data:image/png;base64,"
# A 280×280 drawing is 2 to 20 kB; this is what noise over the whole paper would need.
_LONGEST = 400_000


_component = register(__file__)


class Sketch(NamedTuple):
    """What is drawn, black on white and 280 px square; `number` grows with every change of it."""

    number: int
    picture: Image.Image | None


def quick_pad(ghost: str | None = None) -> Sketch:
    """Return the drawing; its picture is None while the paper is empty.

    Reruns the fragment around it while a stroke is being drawn. `ghost` is a data URL of a picture
    to trace; it lies under the strokes and is no part of what comes back.
    """
    seen = _number(st.session_state.get(_KEY, {}).get("drawing"))
    _component(key=_KEY, data={"seen": seen, "ghost": ghost}, on_drawing_change=lambda: None)
    drawing = st.session_state.get(_KEY, {}).get("drawing")
    return Sketch(_number(drawing), read(drawing))


def _number(drawing: object) -> int:
    number = drawing.get("number") if isinstance(drawing, dict) else None
    return number if isinstance(number, int) else 0


def read(drawing: Any) -> Image.Image | None:  # noqa: ANN401 - whatever the browser sends
    """Return the picture in what the browser sent, or None when it is empty or makes no sense."""
    picture = drawing.get("picture") if isinstance(drawing, dict) else None
    if not isinstance(picture, str) or not picture.startswith(_PREFIX) or len(picture) > _LONGEST:
        return None
    try:
        found = open_picture(base64.b64decode(picture[len(_PREFIX) :], validate=True))
    except (binascii.Error, PictureError):
        return None
    # Paper on which everything was erased again is as empty as new paper.
    return found if int(np.asarray(found).min()) < 250 else None
