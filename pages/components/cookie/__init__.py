"""Sets a cookie, which Streamlit can only read: an element without a picture."""

from typing import Any

import streamlit as st

from pages.components.register import register

_component = register(__file__, isolate_styles=False)


def keep_cookie(name: str, value: str, unless: str = "") -> None:
    """Let the browser keep `value` for a year.

    A value that fits the regular expression `unless` stays: another of its tabs got there first.
    """
    _component(
        key=f"cookie_{name}",
        data={"name": name, "value": value, "unless": unless},
        on_kept_change=lambda: None,
    )


def kept_cookie(name: str) -> Any:  # noqa: ANN401 - whatever the browser sends
    """Return the value that another tab had set before; None where there was none."""
    return st.session_state.get(f"cookie_{name}", {}).get("kept")
