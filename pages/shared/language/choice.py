"""The visitor's language: what the browser asks for until another one is chosen in the menu."""

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from fmnist_core.translation import ENGLISH, LANGUAGES, ask_language
from pages.components.cookie import keep_cookie

COOKIE = "fashion_mnist_lab_language"
_LANGUAGE, _CHOSEN, _PLACE = "_language", "_language_chosen", "_language_place"


def visitors_language() -> str:
    """Return the code of the language of the visitor whose script this thread runs.

    English outside of a script: what visitors share is in no visitor's language.
    """
    if get_script_run_ctx(suppress_warning=True) is None:
        return ENGLISH
    if _LANGUAGE not in st.session_state:
        asked = (st.context.cookies.get(COOKIE), (st.context.locale or "")[:2].lower())
        known = (code for code in asked if code in LANGUAGES)
        st.session_state[_LANGUAGE] = next(known, ENGLISH)
    return str(st.session_state[_LANGUAGE])


def choose_language(code: str) -> None:
    """Speak another language from now on, at the place that the visitor came from."""
    st.session_state[_LANGUAGE] = code
    st.session_state[_CHOSEN] = True
    page, parameters = st.session_state.get(_PLACE, ("pages/home.py", {}))
    st.switch_page(page, query_params=parameters)


def remember_place(page: str) -> None:
    """Note the place to which `choose_language` leads back; let the browser keep the choice."""
    st.session_state[_PLACE] = (page, st.query_params.to_dict())
    # Also one for what the browser asks for anyway: its cookie may be of the choice before.
    if _CHOSEN in st.session_state:
        keep_cookie(COOKIE, visitors_language())


ask_language(visitors_language)
