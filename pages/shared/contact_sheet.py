"""A grid of 28×28 images as one element: hover to read, click, tap or press Enter to choose."""

import base64
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

import numpy as np
import streamlit as st
from PIL import Image

Size = Literal["small", "medium", "large", "huge"]

SIDE = 28
# Black around each image, so that neighbours in the sheet never bleed into each other.
MARGIN = 2

_FOLDER = Path(__file__).parent
_component = st.components.v2.component(
    "contact_sheet",
    css=(_FOLDER / "contact_sheet.css").read_text(encoding="utf-8"),
    js=(_FOLDER / "contact_sheet.js").read_text(encoding="utf-8"),
)


def contact_sheet(
    images: np.ndarray,
    captions: Sequence[str],
    key: str,
    *,
    ids: Sequence[int] | np.ndarray | None = None,
    selected: int | None = None,
    size: Size = "medium",
    columns: int | None = None,
    colors: Sequence[str] | None = None,
    marks: Sequence[str] | None = None,
    show_captions: bool = False,
    label: str = "Images",
    on_click: Callable[[int], None] | None = None,
) -> int | None:
    """Show `images` as one grid and return the id that was clicked in this run, or None.

    `images` is uint8 (n, 28, 28), or (n, 28, 28, 3) in RGB; `captions` has one line per image,
    shown on hover and focus, read by screen readers, and printed under each image with
    `show_captions`. `ids` are what a click
    returns (positions 0 to n-1 where None); `selected` is the id to frame. `size` is the least
    width of an image, so that as many fit side by side as there is room for; `columns` fixes their
    number instead. `colors` (CSS) puts a line under each image, `marks` a sign such as ✓ or ✗ in
    its corner. `on_click` is called with the id before the script runs again, so it may set
    `st.session_state` of any widget. `label` names the grid for screen readers.

    Raises ValueError when the lengths differ.
    """
    numbers = [int(i) for i in (range(len(images)) if ids is None else ids)]
    given = {"captions": captions, "ids": numbers, "colors": colors, "marks": marks}
    for name, values in given.items():
        if values is not None and len(values) != len(images):
            raise ValueError(f"{len(images)} images need as many {name}, not {len(values)}.")

    def clicked() -> None:
        chosen = known(st.session_state[key].get("clicked"))
        if on_click is not None and chosen is not None:
            on_click(chosen)

    def known(chosen: object) -> int | None:
        # The browser may send anything, or a click on a page that has just been turned.
        return chosen if isinstance(chosen, int) and chosen in numbers else None

    result = _component(
        key=key,
        # Tuples, because Streamlit imports pandas to look at a list: 0.6 s of the first page.
        data={
            "sheet": sprite(images),
            "captions": tuple(captions),
            "ids": tuple(numbers),
            "selected": selected,
            "size": size,
            "columns": columns,
            "colors": tuple(colors) if colors is not None else None,
            "marks": tuple(marks) if marks is not None else None,
            "showCaptions": show_captions,
            "label": label,
        },
        on_clicked_change=clicked,
    )
    return known(result.clicked)


def sprite(images: np.ndarray) -> str:
    """Return all images in one PNG, base64, row by row in ceil(sqrt(n)) columns."""
    count = len(images)
    across = max(1, int(np.ceil(np.sqrt(count))))
    down = max(1, int(np.ceil(count / across)))
    side = SIDE + 2 * MARGIN
    colors = images.shape[3:]
    sheet = np.zeros((down * across, side, side, *colors), np.uint8)
    sheet[:count, MARGIN:-MARGIN, MARGIN:-MARGIN] = images
    whole = sheet.reshape(down, across, side, side, *colors).swapaxes(1, 2)
    picture = Image.fromarray(whole.reshape(down * side, across * side, *colors))
    stream = io.BytesIO()
    # Level 1 is four times as fast as the default and 6 % larger.
    picture.save(stream, "PNG", compress_level=1)
    return base64.b64encode(stream.getvalue()).decode()
