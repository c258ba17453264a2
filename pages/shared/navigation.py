"""The menu: which pages exist, in groups."""

import streamlit as st
from streamlit.navigation.page import Page

from fmnist_core.paths import ASSETS, ROOT
from pages.components.address_bar import address_bar
from pages.shared import tour
from pages.shared.engine_work import stop_elsewhere
from pages.shared.run_chip import chip

FOLDER = ROOT / "pages"

# By group: file name (which is also the URL path), title, icon, and what a visitor finds there.
GROUPS: dict[str, tuple[tuple[str, str, str, str], ...]] = {
    "": (
        ("home", "Home", ":material/home:", "What this is, and the way through it."),
        (
            "classify",
            "Classify",
            ":material/draw:",
            "Draw or upload an item; see what it is taken for.",
        ),
    ),
    "Data": (
        ("browse", "Browse", ":material/grid_view:", "Look at the 70,000 images."),
        ("map", "Map", ":material/map:", "All items at once, the similar ones side by side."),
        ("detective", "Label detective", ":material/frame_inspect:", "Find the wrong labels."),
    ),
    "Networks": (
        ("train", "Train", ":material/model_training:", "Design a network and watch it learn."),
        (
            "experiments",
            "Experiments",
            ":material/science:",
            "Search hyperparameters, repeat seeds, find a learning rate.",
        ),
        ("runs", "Runs", ":material/list_alt:", "Your training runs, side by side."),
        ("replay", "Time travel", ":material/history:", "Replay a run, epoch by epoch."),
    ),
    "Judge": (
        ("evaluate", "Evaluate", ":material/query_stats:", "Where a model is right or not."),
        ("errors", "Errors", ":material/rule:", "Why a model errs, and on which images."),
        ("stress", "Break it", ":material/blur_on:", "How much damage an answer survives."),
    ),
    "Understand": (
        ("inside", "Inside", ":material/account_tree:", "What every layer makes of an item."),
        ("why", "Why", ":material/troubleshoot:", "Which pixels the answer rests on."),
    ),
    "Learn": (
        ("board", "Board", ":material/leaderboard:", "A class side by side, under nicknames."),
        ("missions", "Missions", ":material/flag:", "Tasks for you, checked by the app."),
        ("glossary", "Glossary", ":material/menu_book:", "Every word, explained once."),
        ("about", "About", ":material/info:", "Versions, licences, privacy, and this host."),
    ),
}
HOME = "home"
PAGES = tuple(page for group in GROUPS.values() for page in group)

# Set in a session once its menu is the full one.
SEEN = "_navigation"


def navigation() -> Page:
    """Register the pages whose file exists and return the one that the visitor asked for."""
    st.session_state[SEEN] = True
    # Before the menu, or the browser would ask a font service for the icon of the page.
    st.set_page_config(page_icon=ASSETS / "icon.svg", layout="wide")
    pages = {
        group: [
            st.Page(
                FOLDER / f"{name}.py",
                title=title,
                icon=icon,
                url_path=name if name != HOME else "",
                help=help_text,
                default=name == HOME,
            )
            for name, title, icon, help_text in known
            if (FOLDER / f"{name}.py").exists()
        ]
        for group, known in GROUPS.items()
    }
    # Streamlit serves the first page at the root only; people type its name, too.
    pages[""].append(st.Page(_go_home, title="Home", url_path=HOME, visibility="hidden"))
    page = st.navigation(pages, position="top")
    st.set_page_config(page_title=f"{page.title} · Fashion-MNIST Lab")
    stop_elsewhere(page.url_path)
    address_bar()
    return page


def _go_home() -> None:
    st.switch_page(FOLDER / f"{HOME}.py")


def ensure_navigation() -> None:
    """Start over with the full menu if this page was run without `streamlit_app.py`.

    Until `st.navigation` has been called once in a server process, Streamlit serves a folder named
    `pages/` by an older rule: a deep link as the first request runs the page alone, with a plain
    menu and the default width. Every page calls this first; it costs one quick rerun, once. On top
    comes what follows the visitor from page to page: the runs under way, and the tour.
    """
    if SEEN not in st.session_state:
        navigation()
        st.rerun()
    # In one place whether there is something to say or not: a page whose parts move is made anew in
    # the browser, and loses the keyboard's focus.
    with st.container():
        chip()
        tour.bar()
