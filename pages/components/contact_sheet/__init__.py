"""A grid of 28×28 images as one element: hover to read, click, tap or press Enter to choose."""

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
import streamlit as st

from fmnist_core.translation import say
from pages.components.encoding import sprite
from pages.components.register import register, safe

Size = Literal["small", "medium", "large", "huge"]


_component = register(__file__)


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
    label: str = "",
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
        chosen = known(st.session_state[safe(key)].get("clicked"))
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
            "label": label or say("Images"),
        },
        on_clicked_change=clicked,
    )
    return known(result.clicked)
