"""One feature map or layer of units, large: point to see what a unit sees, click to choose it."""

from collections.abc import Callable

import numpy as np
import streamlit as st

from fmnist_core.explanations.receptive_field import ReceptiveField
from fmnist_core.figures.heatmaps import signed
from pages.components.encoding import packed
from pages.components.register import register, safe

_component = register(__file__)


def unit_map(
    image: np.ndarray,
    values: np.ndarray,
    key: str,
    *,
    field: ReceptiveField | None,
    limit: float,
    selected: tuple[int, int],
    on_click: Callable[[tuple[int, int]], None],
    count: int | None = None,
    label: str,
) -> None:
    """Show `values` (h, w), in colour up to `limit`, beside the item it was made from.

    Pointing at a unit frames what it sees of `image`, uint8 (28, 28), if its layer has a receptive
    field, else all of it. A click, tap or Enter calls `on_click` with row and column. Only the
    first `count` cells are units, where a list of units is laid out as a rectangle.
    """
    height, width = values.shape

    def clicked() -> None:
        chosen = st.session_state[safe(key)].get("clicked")
        # The browser may send anything.
        if (
            isinstance(chosen, list)
            and len(chosen) == 2
            and all(isinstance(part, int) for part in chosen)
            and 0 <= chosen[0] < height
            and 0 <= chosen[1] < width
            and (count is None or chosen[0] * width + chosen[1] < count)
        ):
            on_click((chosen[0], chosen[1]))

    _component(
        key=key,
        data={
            "image": packed(image.astype(np.uint8)),
            "colors": packed(signed(values, limit)),
            "values": packed(values.astype("<f4")),
            "height": height,
            "width": width,
            "count": height * width if count is None else count,
            "field": None if field is None else (field.jump, field.first, field.last),
            "selected": selected,
            "label": label,
        },
        on_clicked_change=clicked,
    )
