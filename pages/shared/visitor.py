"""Who is looking: an unguessable id that the visitor's own browser keeps in a cookie."""

import re
import secrets
from contextlib import suppress

import streamlit as st
from streamlit.errors import StreamlitDuplicateElementKey

COOKIE = "fashion_mnist_lab_visitor"
_VALID = re.compile(r"[A-Za-z0-9_-]{22}")
_KEY = "_visitor_id"
_MOUNT = "visitor_cookie"

# Streamlit can read cookies but not set them, so a component without any picture does. If another
# tab of this browser got there first, its id wins and is reported back.
_JS = """
export default function ({ data, setStateValue }) {
  const found = document.cookie.split("; ").find((part) => part.startsWith(data.name + "="))
  const kept = found && found.slice(data.name.length + 1)
  if (kept && kept !== data.id && /^[A-Za-z0-9_-]{22}$/.test(kept)) {
    setStateValue("kept", kept)
    return
  }
  const secure = location.protocol === "https:" ? "; Secure" : ""
  document.cookie =
    `${data.name}=${data.id}; Path=/; Max-Age=31536000; SameSite=Strict${secure}`
}
"""
_cookie = st.components.v2.component(
    "visitor_cookie",
    js=_JS,
    css=f".st-key-{_MOUNT} {{\n  display: none;\n}}",
    isolate_styles=False,
)


def valid(text: object) -> bool:
    """Whether `text` (from a cookie: anything) has the form of an id made here."""
    return isinstance(text, str) and _VALID.fullmatch(text) is not None


def visitor_id() -> str:
    """Return this browser's id, 22 URL-safe characters (128 bits), the same after a refresh.

    It is a secret: it never goes into a link or onto the page. Without cookies it lives as long as
    the open page. May be called several times in one run, also from a fragment.
    """
    kept = st.context.cookies.get(COOKIE)
    if valid(kept):
        return str(kept)
    # First visit: offer a new id to the browser, and adopt the one it may already have by now.
    reported = st.session_state.get(_MOUNT, {}).get("kept")
    if valid(reported):
        st.session_state[_KEY] = reported
    identity = st.session_state.setdefault(_KEY, secrets.token_urlsafe(16))
    with suppress(StreamlitDuplicateElementKey):  # an earlier call in this run has mounted it
        _cookie(
            key=_MOUNT,
            data={"name": COOKIE, "id": identity},
            on_kept_change=lambda: None,
        )
    return str(identity)
