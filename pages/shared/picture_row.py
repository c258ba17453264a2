"""Small pictures in a row, each with its name and a sentence: one element, quick to change."""

import base64
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
import streamlit as st

_FOLDER = Path(__file__).parent
_component = st.components.v2.component(
    "picture_row",
    html="""<section>
  <h2></h2><p class="caption"></p><ol class="pictures"></ol>
</section>""",
    css=(_FOLDER / "picture_row.css").read_text(encoding="utf-8"),
    js=(_FOLDER / "picture_row.js").read_text(encoding="utf-8"),
)
# What a tile shows on a sharp screen; more would only travel.
_EDGE = 192


class Picture(NamedTuple):
    """A uint8 (h, w) or (h, w, 3) image, its name, a sentence, and a short line in bold."""

    image: np.ndarray
    name: str
    text: str = ""
    badge: str = ""


def png(image: np.ndarray, edge: int = _EDGE) -> str:
    """Return a uint8 (h, w) or (h, w, 3) RGB image as a data URL, its longest edge at most `edge`.

    Small images keep their pixels.
    """
    scale = edge / max(image.shape[:2])
    if scale < 1:
        size = max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale))
        image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    if image.ndim == 3:
        image = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    _, encoded = cv2.imencode(".png", image, (cv2.IMWRITE_PNG_COMPRESSION, 1))
    return "data:image/png;base64," + base64.b64encode(encoded.tobytes()).decode()


def picture_row(
    pictures: Sequence[Picture],
    *,
    key: str,
    label: str,
    title: str = "",
    caption: str = "",
    numbered: bool = False,
    small: bool = False,
) -> None:
    """Show the pictures side by side, under a heading and a caption where given.

    Both are plain text. They are part of the element, because every element more costs time in
    the browser at each stroke. `label` names the row for screen readers.
    """
    _component(
        key=key,
        data={
            "label": label,
            "title": title,
            "caption": caption,
            "numbered": numbered,
            "small": small,
            "pictures": [
                {"source": png(image), "name": name, "text": text, "badge": badge}
                for image, name, text, badge in pictures
            ],
        },
    )
