"""What concerns the whole browser window: history and language. An element without a picture."""

from pages.components.register import register

_component = register(__file__, isolate_styles=False)


def address_bar(language: str) -> None:
    """Tell the browser the page's language, and let Back lead to the place before.

    That is, not to the same page with another address:
    Streamlit adds an entry also when a page completes its own address.
    """
    _component(key="address_bar", data={"language": language})
