"""Text and addresses that are safe to put on a page."""

import re

import streamlit as st


def plain(text: str) -> str:
    """Return what a visitor typed so that Markdown shows it as it is: no links, no pictures."""
    return re.sub(r"([\\`*_{}\[\]()#+\-.!|<>~$:&^=])", r"\\\1", text)


def page_address(page: str, query: str) -> str:
    """Return the full address of a page of this app, for copying into a message."""
    # Every page sits beside the others, wherever the app is mounted.
    base = (st.context.url or "").split("?")[0].rsplit("/", 1)[0]
    return f"{base}/{page}?{query}"
