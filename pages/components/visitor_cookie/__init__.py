"""Sets a cookie, which Streamlit can only read: an element without a picture."""

from typing import Any

import streamlit as st

from pages.components.register import register

_KEY = "visitor_cookie"
_component = register(__file__, isolate_styles=False)


def keep_cookie(name: str, value: str) -> None:
    """Let the browser keep `value` for a year, unless another of its tabs got there first."""
    _component(key=_KEY, data={"name": name, "id": value}, on_kept_change=lambda: None)


def kept_cookie() -> Any:  # noqa: ANN401 - whatever the browser sends
    """Return the value that another tab had set before; None where there was none."""
    return st.session_state.get(_KEY, {}).get("kept")
