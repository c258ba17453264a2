"""The drawable canvas with shapes: its drawing outlives a page switch, and no tap is lost."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import streamlit as st
from PIL import Image
from streamlit_drawable_canvas import CanvasResult, st_canvas

from fmnist_core.preprocessing.open_picture import PictureError, open_picture
from fmnist_core.translation import mark, say
from pages.components.canvas_toolbar import toolbar_in_sight

# Fits a phone of 390 px; the component does not scale.
SIDE = 336
_TOOLS = {
    "freedraw": mark("Brush"),
    "eraser": mark("Eraser"),
    "line": mark("Line"),
    "rect": mark("Box"),
    "circle": mark("Circle"),
    "polygon": mark("Polygon"),
}
_SHADES = {
    "#000000": mark("Black"),
    "#606060": mark("Dark grey"),
    "#b0b0b0": mark("Light grey"),
    "#ffffff": mark("White"),
}
_NO_FILL = "rgba(255, 255, 255, 0)"
_STATE = "canvas_memory"
# A drawing of this many characters took half an hour; more is not kept over a page switch.
_LONGEST = 2_000_000


class Tools(NamedTuple):
    """How the next stroke is drawn, as the canvas wants it, and a grey picture to trace or None."""

    brush: dict[str, Any]
    traced: np.ndarray | None


def tools(ghost: Callable[[], np.ndarray | None]) -> Tools:
    """Show the choice of brushes and shapes and return it.

    `ghost` shows its own control and returns a uint8 grey picture to trace, or None.
    """
    with st.container(horizontal=True, vertical_alignment="center"):
        tool = st.segmented_control(
            say("Tool"),
            list(_TOOLS),
            format_func=lambda tool: say(_TOOLS[tool]),
            default="freedraw",
            required=True,
            key="canvas_tool",
            persist_state="session",
            label_visibility="collapsed",
            wrap=True,
        )
        with st.popover(say("Width and shade"), icon=":material/line_weight:"):
            width = st.slider(say("Width"), 2, 60, 12, key="canvas_width", persist_state="session")
            shade = _shade(say("Stroke"), "canvas_stroke", 0)
            fill = _shade(say("Inside of shapes"), "canvas_fill", None)
        with st.popover(say("Trace"), icon=":material/layers:"):
            traced = ghost()
    brush = {
        "drawing_mode": "freedraw" if tool == "eraser" else tool,
        "stroke_width": width,
        "stroke_color": "#ffffff" if tool == "eraser" else shade or "#000000",
        "fill_color": fill or _NO_FILL,
    }
    return Tools(brush, traced)


def canvas(brush: dict[str, Any], traced: np.ndarray | None) -> Image.Image | None:
    """Return what is drawn, black on white, or None while the canvas is empty.

    `traced` lies under the strokes and is no part of what comes back.
    """
    memory: dict[str, Any] = st.session_state.setdefault(_STATE, {"visit": 0})
    traced_key = None if traced is None else hash(traced.tobytes())
    key = f"canvas_{memory['visit']}"
    if key not in st.session_state or memory.get("traced") != traced_key:
        # A new visit, or another picture to trace: both empty the component, so it starts over
        # from the drawing as it was. What it starts from stays the same during the visit.
        memory["visit"] += 1
        memory["traced"] = traced_key
        memory["start"] = memory.get("drawing")
        key = f"canvas_{memory['visit']}"
    live = toolbar_in_sight(key)
    st.caption(
        say("Undo, redo, edit and clear are in the bar above the canvas.")
        if live
        else say("Draw, then press the arrow in the bar above the canvas.")
    )
    # The toolbar stands above its canvas.
    st.space("medium")
    result = st_canvas(
        **brush,
        background_color="#ffffff",
        background_image=None if traced is None else Image.fromarray(traced),
        initial_drawing=memory.get("start"),
        width=SIDE,
        height=SIDE,
        update_streamlit=live,
        return_image_data=True,
        key=key,
    )
    _remember(memory, result)
    return _picture(memory.get("picture"))


def _shade(label: str, key: str, index: int | None) -> str | None:
    return st.selectbox(
        label,
        list(_SHADES),
        index=index,
        format_func=lambda shade: say(_SHADES[shade]),
        placeholder=say("None"),
        key=key,
        persist_state="session",
    )


def _remember(memory: dict[str, Any], result: CanvasResult) -> None:
    """Keep the drawing for the next visit; a visit has no picture before its first stroke."""
    content, drawing = result.image_bytes, result.json_data
    # The browser may send anything.
    if content is None or not drawing or not isinstance(drawing, dict):
        return
    empty = not drawing.get("objects")
    memory["picture"] = None if empty else content
    memory["drawing"] = drawing if not empty and len(str(drawing)) < _LONGEST else None


def _picture(content: bytes | None) -> Image.Image | None:
    try:
        return open_picture(content) if content else None
    except PictureError:
        return None  # the browser sent something else than its canvas
