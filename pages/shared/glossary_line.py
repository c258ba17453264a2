"""The words of the field that a page uses, each explaining itself on hover or tap."""

import streamlit as st

from fmnist_core.guide.glossary import explain, terms


def words(*slugs: str) -> None:
    """Show the terms of the glossary in one line, for the foot of a page or of a card."""
    with st.container(horizontal=True, gap="small"):
        for slug in slugs:
            st.caption(terms()[slug].name, help=explain(slug), width="content")
