"""The menu: which pages exist, in the order of the journey."""

from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page

from pages.shared.engine_work import stop_elsewhere

FOLDER = Path(__file__).parents[1]

# File name (which is also the URL path), title, icon, and what a visitor finds there.
PAGES = (
    ("home", "Home", ":material/home:", "What this is, and the way through it."),
    ("browse", "Browse", ":material/grid_view:", "Look at the 70,000 images."),
    ("train", "Train", ":material/model_training:", "Design a network and watch it learn."),
    ("runs", "Runs", ":material/list_alt:", "Your training runs, side by side."),
    ("evaluate", "Evaluate", ":material/query_stats:", "Where a model is right, and where not."),
    ("errors", "Errors", ":material/troubleshoot:", "Why a model errs, and on which images."),
    (
        "classify",
        "Classify",
        ":material/draw:",
        "Draw or upload an item; see what it is taken for.",
    ),
)

# Set in a session once its menu is the full one.
SEEN = "_navigation"


def navigation() -> Page:
    """Register the pages whose file exists and return the one that the visitor asked for."""
    st.session_state[SEEN] = True
    page = st.navigation(
        [
            st.Page(
                FOLDER / f"{name}.py",
                title=title,
                icon=icon,
                url_path=name,
                help=help_text,
                default=name == "home",
            )
            for name, title, icon, help_text in PAGES
            if (FOLDER / f"{name}.py").exists()
        ],
        position="top",
    )
    stop_elsewhere(page.url_path)
    return page


def ensure_navigation() -> None:
    """Start over with the full menu if this page was run without `streamlit_app.py`.

    Until `st.navigation` has been called once in a server process, Streamlit serves a folder named
    `pages/` by an older rule: a deep link as the first request runs the page alone, with a plain
    menu and the default width. Every page calls this first; it costs one quick rerun, once.
    """
    if SEEN not in st.session_state:
        navigation()
        st.rerun()
