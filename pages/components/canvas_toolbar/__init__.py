"""Keeps the drawable canvas's own toolbar (undo, redo, edit, clear) in sight and out of the way."""

import streamlit as st

from pages.components.register import register

_KEY = "canvas_toolbar"
_component = register(__file__, isolate_styles=False)


def toolbar_in_sight(canvas: str) -> bool:
    """Return whether the toolbar of the canvas with key `canvas` stands above it by now.

    It does so a moment after the canvas has appeared. Should it ever fail, the canvas must not
    send by itself: then its maker keeps the toolbar in sight, with a button to send.
    """
    pinned = st.session_state.get(_KEY, {}).get("pinned")
    _component(key=_KEY, data={"canvas": canvas, "pinned": pinned}, on_pinned_change=lambda: None)
    return bool(pinned == canvas)
