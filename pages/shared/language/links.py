"""What a link says, in whatever language it was made."""

from collections.abc import Collection

import streamlit as st

from fmnist_core.translation import LANGUAGES, say, translated


def in_any_language(key: str, options: Collection[str]) -> list[str | None]:
    """Return which of the marked `options` the address names under `key`, None for what is none.

    Streamlit writes what a control shows into the address, in the language of who looks at it, and
    understands no other: whoever follows such a link may have chosen another language.
    """
    asked = st.query_params.get_all(key)
    known = {say(option): option for option in options}
    if not set(asked) <= set(known):
        known |= {translated(code, one): one for code in LANGUAGES for one in options}
    return [known.get(value) for value in asked]


def follow_link(
    key: str, options: Collection[str], *, shown: bool = False, several: bool = False
) -> None:
    """Let a control with that key begin where a link leads that was made in another language.

    Streamlit itself understands what the control shows. `shown` where the control's values are the
    said texts, as those of tabs are, and not the options; `several` where it has a list of them.
    """
    asked = [option for option in in_any_language(key, options) if option is not None]
    strange = not set(st.query_params.get_all(key)) <= set(map(say, options))
    if strange and asked and key not in st.session_state:
        values = [say(option) for option in asked] if shown else asked
        st.session_state[key] = values if several else values[0]
