"""Small pictures in a row, each with its name and a sentence: one element, quick to change."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from pages.components.encoding import png
from pages.components.register import register

_component = register(__file__)


class Picture(NamedTuple):
    """A uint8 (h, w) or (h, w, 3) image, its name, a sentence, and a short line in bold."""

    image: np.ndarray
    name: str
    text: str = ""
    badge: str = ""


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
