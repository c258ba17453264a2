"""Who is looking: an unguessable id that the visitor's own browser keeps in a cookie."""

import re
import secrets
from contextlib import suppress

import streamlit as st
from streamlit.errors import StreamlitDuplicateElementKey

from pages.components.cookie import keep_cookie, kept_cookie

COOKIE = "fashion_mnist_lab_visitor"
_VALID = re.compile(r"[A-Za-z0-9_-]{22}")
_KEY = "_visitor_id"


def valid(text: object) -> bool:
    """Whether `text` (from a cookie: anything) has the form of an id made here."""
    return isinstance(text, str) and _VALID.fullmatch(text) is not None


def known_visitor() -> str | None:
    """Return this browser's id if it has one by now, else None; gives it none."""
    kept = st.context.cookies.get(COOKIE)
    return str(kept) if valid(kept) else st.session_state.get(_KEY)


def visitor_id() -> str:
    """Return this browser's id, 22 URL-safe characters (128 bits), the same after a refresh.

    It is a secret: it never goes into a link or onto the page. Without cookies it lives as long as
    the open page. May be called several times in one run, also from a fragment.
    """
    kept = st.context.cookies.get(COOKIE)
    if valid(kept):
        return str(kept)
    # First visit: offer a new id to the browser, and adopt the one it may already have by now.
    reported = kept_cookie(COOKIE)
    if valid(reported):
        st.session_state[_KEY] = reported
    identity = st.session_state.setdefault(_KEY, secrets.token_urlsafe(16))
    with suppress(StreamlitDuplicateElementKey):  # an earlier call in this run has mounted it
        keep_cookie(COOKIE, identity, unless=_VALID.pattern)
    return str(identity)
