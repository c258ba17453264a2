"""Our own drawings and photos as a grid of thumbnails: click one to see what it is taken for."""

import io
from collections.abc import Sequence

import numpy as np
import streamlit as st
from PIL import Image

from fmnist_core.data.examples import Example
from fmnist_core.translation import say
from pages.components.encoding import data_url
from pages.components.register import register

_EDGE = 96  # pixels of a thumbnail; it is shown at 68 and sharp on most phones
_KEY = "example_gallery"
_component = register(__file__)


def example_gallery(shown: Sequence[Example], chosen: str) -> str | None:
    """Show the examples and return the name of the one that was clicked last, or None.

    `chosen` is the key in the session state that keeps it.
    """
    names = [example.name for example in shown]

    def clicked() -> None:
        name = st.session_state[_KEY].get("clicked")
        if isinstance(name, str) and name in names:  # the browser may send anything
            st.session_state[chosen] = name

    selected = st.session_state.get(chosen)
    _component(
        key=_KEY,
        data={
            "sprite": _sprite(tuple(names), shown),
            "names": names,
            "titles": [say(example.title) for example in shown],
            "selected": selected,
        },
        on_clicked_change=clicked,
    )
    return selected


@st.cache_resource(show_spinner=False, max_entries=4)
def _sprite(names: tuple[str, ...], _shown: Sequence[Example]) -> str:
    """Return all thumbnails above each other in one WebP, as a data URL: one picture to send."""
    strip = [np.asarray(example.picture().resize((_EDGE, _EDGE))) for example in _shown]
    stream = io.BytesIO()
    Image.fromarray(np.concatenate(strip)).save(stream, "WEBP", quality=82)
    return data_url(stream.getvalue(), "webp")
