"""Keeps one entry a place in the browser's history: an element without a picture."""

from pages.components.register import register

_component = register(__file__, isolate_styles=False)


def address_bar() -> None:
    """Let Back lead to the place before, not to the same page with another address.

    Streamlit adds an entry also when a page completes its own address.
    """
    _component(key="address_bar", data={})
