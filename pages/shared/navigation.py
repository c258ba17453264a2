"""The menu: which pages exist, in groups."""

from functools import partial

import streamlit as st
from streamlit.navigation.page import Page

from fmnist_core.paths import ASSETS, ROOT
from fmnist_core.translation import LANGUAGES, language, mark, say
from pages.components.address_bar import address_bar
from pages.shared import tour
from pages.shared.engine_work import stop_elsewhere
from pages.shared.language.choice import choose_language, remember_place
from pages.shared.runs.chip import chip

FOLDER = ROOT / "pages"

# By group: file name (which is also the URL path), title, icon, and what a visitor finds there.
GROUPS: dict[str, tuple[tuple[str, str, str, str], ...]] = {
    "": (
        ("home", mark("Home"), ":material/home:", mark("What this is, and the way through it.")),
        (
            "classify",
            mark("Classify"),
            ":material/draw:",
            mark("Draw or upload an item; see what it is taken for."),
        ),
    ),
    mark("Data"): (
        ("browse", mark("Browse"), ":material/grid_view:", mark("Look at the 70,000 images.")),
        (
            "map",
            mark("Map"),
            ":material/map:",
            mark("All items at once, the similar ones side by side."),
        ),
        (
            "detective",
            mark("Label detective"),
            ":material/frame_inspect:",
            mark("Find the wrong labels."),
        ),
    ),
    mark("Networks"): (
        (
            "train",
            mark("Train"),
            ":material/model_training:",
            mark("Design a network and watch it learn."),
        ),
        (
            "experiments",
            mark("Experiments"),
            ":material/science:",
            mark("Search hyperparameters, repeat seeds, find a learning rate."),
        ),
        ("runs", mark("Runs"), ":material/list_alt:", mark("Your training runs, side by side.")),
        (
            "replay",
            mark("Time travel"),
            ":material/history:",
            mark("Replay a run, epoch by epoch."),
        ),
    ),
    mark("Judge"): (
        (
            "evaluate",
            mark("Evaluate"),
            ":material/query_stats:",
            mark("Where a model is right or not."),
        ),
        (
            "errors",
            mark("Errors"),
            ":material/rule:",
            mark("Why a model errs, and on which images."),
        ),
        (
            "stress",
            mark("Break it"),
            ":material/blur_on:",
            mark("How much damage an answer survives."),
        ),
    ),
    mark("Understand"): (
        (
            "inside",
            mark("Inside"),
            ":material/account_tree:",
            mark("What every layer makes of an item."),
        ),
        ("why", mark("Why"), ":material/troubleshoot:", mark("Which pixels the answer rests on.")),
    ),
    mark("Learn"): (
        (
            "board",
            mark("Board"),
            ":material/leaderboard:",
            mark("A class side by side, under nicknames."),
        ),
        (
            "missions",
            mark("Missions"),
            ":material/flag:",
            mark("Tasks for you, checked by the app."),
        ),
        ("glossary", mark("Glossary"), ":material/menu_book:", mark("Every word, explained once.")),
        (
            "about",
            mark("About"),
            ":material/info:",
            mark("Versions, licences, privacy, and this host."),
        ),
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
        say(group): [
            st.Page(
                FOLDER / f"{name}.py",
                title=say(title),
                icon=icon,
                url_path=name if name != HOME else "",
                help=say(help_text),
                default=name == HOME,
            )
            for name, title, icon, help_text in known
            if (FOLDER / f"{name}.py").exists()
        ]
        for group, known in GROUPS.items()
    }
    # Streamlit serves the first page at the root only; people type its name, too.
    pages[""].append(st.Page(_go_home, title=say("Home"), url_path=HOME, visibility="hidden"))
    pages[say("Language")] = [
        st.Page(
            partial(choose_language, code),
            title=name,
            icon=":material/check:" if code == language() else ":material/translate:",
            url_path=name.lower(),
        )
        for code, name in LANGUAGES.items()
    ]
    page = st.navigation(pages, position="top")
    st.set_page_config(page_title=f"{page.title} · Fashion-MNIST Lab")
    stop_elsewhere(page.url_path)
    address_bar(language())
    if page.url_path not in (name.lower() for name in LANGUAGES.values()):
        remember_place(f"pages/{page.url_path or HOME}.py")
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
