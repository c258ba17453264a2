"""The guided tour: an offer on the first visit, and a slim bar that goes from page to page."""

from typing import NamedTuple

import streamlit as st

from fmnist_core.guide.journal import Journal
from fmnist_core.translation import mark, say
from pages.shared.resources import run_store
from pages.shared.visitor import COOKIE, valid, visitor_id

_KEY = "tour"
OFFERED, OVER = -1, -2


class Stop(NamedTuple):
    """One stop: the page's name, what to do there, and what the buttons to it say.

    `following` is what the one at the stop before says.
    """

    page: str
    text: str
    label: str
    following: str = ""


STOPS = (
    Stop(
        "classify",
        mark("Draw a shoe, a bag or a shirt: the bars answer while you draw."),
        mark("Draw an item"),
    ),
    Stop(
        "browse",
        mark("This is all that a network ever sees. Click an item: how would you tell it apart?"),
        mark("Look at the data"),
        mark("Next: look at the data"),
    ),
    Stop(
        "train",
        mark("Lightning is chosen: press Train at the foot of the page and watch it learn."),
        mark("Train a network"),
        mark("Next: train a network"),
    ),
    Stop(
        "evaluate",
        mark("Click an orange cell of the matrix: these are the mistakes. Are they mistakes?"),
        mark("See the mistakes"),
        mark("Next: see the mistakes"),
    ),
    Stop(
        "missions",
        mark("That was the way through. Here are tasks of your own; the app checks them."),
        mark("Find missions"),
        mark("Next: find missions"),
    ),
)
_PRESET = {"train": {"preset": "lightning"}}


def _journal() -> Journal:
    return Journal(run_store().root, visitor_id())


def state() -> int:
    """Return the stop where the visitor is, 0 for the first, or OFFERED, or OVER."""
    if _KEY not in st.session_state:
        entries = _journal().entries("tour")
        stop = entries.get("at", {}).get("stop", OFFERED)
        known = isinstance(stop, int) and 0 <= stop < len(STOPS)
        st.session_state[_KEY] = OVER if "over" in entries else stop if known else OFFERED
    return int(st.session_state[_KEY])


def _go(stop: int) -> None:
    st.session_state[_KEY] = stop
    _journal().note("tour", "at", stop=stop)
    page = STOPS[stop].page
    st.switch_page(f"pages/{page}.py", query_params=_PRESET.get(page))


def _end() -> None:
    st.session_state[_KEY] = OVER
    _journal().note("tour", "over")


def offer() -> None:
    """Offer the tour to a visitor who has neither taken nor declined it."""
    if state() != OFFERED:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(say("**New here?** Five stops, about four minutes."), width="content")
        if st.button(say("Take the tour"), icon=":material/tour:", key="tour_start"):
            _go(0)
        st.button(say("No, thanks"), key="tour_decline", type="tertiary", on_click=_end)


def bar() -> None:
    """Show the present stop on top of whatever page is open, while the tour goes on."""
    # A browser without a cookie has taken no tour; home gives it one.
    if _KEY not in st.session_state and not valid(st.context.cookies.get(COOKIE)):
        return
    at = state()
    if at < 0:
        return
    stop = STOPS[at]
    here = (st.context.url or "").split("?")[0].rstrip("/").endswith(f"/{stop.page}")
    with (
        st.container(border=True, key="tour_bar"),
        st.container(horizontal=True, vertical_alignment="center", gap="small"),
    ):
        st.markdown(
            say(
                ":material/tour: **{stop} of {all}** {text}",
                stop=at + 1,
                all=len(STOPS),
                text=say(stop.text),
            ),
            width="stretch",
        )
        if not here and st.button(say(stop.label), key="tour_back"):
            _go(at)
        if at + 1 < len(STOPS):
            following = say(STOPS[at + 1].following)
            if st.button(following, key="tour_next", type="primary"):
                _go(at + 1)
        st.button(
            say("End the tour") if at + 1 < len(STOPS) else say("Done"),
            key="tour_end",
            type="tertiary",
            on_click=_end,
        )
