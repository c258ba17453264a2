"""Loads a browser element from the files that lie beside its Python."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from fmnist_core.translation import ENGLISH, language
from pages.components.words import translated_markup, translated_words


def register(wrapper: str, name: str = "", *, isolate_styles: bool = True) -> Callable[..., Any]:
    """Return what mounts the element whose files lie beside `wrapper`, its `__file__`.

    `name`, by which Streamlit knows it, is that of its folder unless given. skeleton.js and all
    scripts of the folder become one module, since Streamlit takes one: they share their top-level
    names, and component.js has the `export default`. Every language has an element of its own,
    since Streamlit takes markup and script once: what `say("…")` in a script and the markup show is
    in the reader's.
    """
    folder = Path(wrapper).parent
    paths = [Path(__file__).with_name("skeleton.js"), *sorted(folder.glob("*.js"))]
    script = "\n".join(path.read_text(encoding="utf-8") for path in paths)

    def text(file: str) -> str | None:
        path = folder / file
        return path.read_text(encoding="utf-8") if path.exists() else None

    @cache
    def component(code: str) -> Callable[..., Any]:
        """Make the element of the present reader's language, whose code this is."""
        own = name or folder.name
        markup = text("component.html")
        return st.components.v2.component(
            own if code == ENGLISH else f"{own}_{code}",
            html=translated_markup(markup) if markup else None,
            css=text("component.css"),
            js=f'const LANGUAGE = "{code}"\n{translated_words(script)}\n{script}',
            isolate_styles=isolate_styles,
        )

    def mount(*, key: str, **options: Any) -> Any:  # noqa: ANN401 - what the element says
        return component(language())(key=safe(key), **options)

    return mount


def safe(key: str) -> str:
    """Return a key for an element, by which `st.session_state` has what it says, too.

    Streamlit refuses two underscores in a row, and one run's id in two hundred has them.
    """
    return key.replace("__", "_-")
