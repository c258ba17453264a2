"""Loads a browser element from the files that lie beside its Python."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st


def register(wrapper: str, name: str = "", *, isolate_styles: bool = True) -> Callable[..., Any]:
    """Return what mounts the element whose files lie beside `wrapper`, its `__file__`.

    `name`, by which Streamlit knows it, is that of its folder unless given. skeleton.js and all
    scripts of the folder become one module, since Streamlit takes one: they share their top-level
    names, and component.js has the `export default`.
    """
    folder = Path(wrapper).parent
    paths = [Path(__file__).with_name("skeleton.js"), *sorted(folder.glob("*.js"))]
    scripts = [path.read_text(encoding="utf-8") for path in paths]

    def text(file: str) -> str | None:
        path = folder / file
        return path.read_text(encoding="utf-8") if path.exists() else None

    component = st.components.v2.component(
        name or folder.name,
        html=text("component.html"),
        css=text("component.css"),
        js="\n".join(scripts),
        isolate_styles=isolate_styles,
    )

    def mount(*, key: str, **options: Any) -> Any:  # noqa: ANN401 - what the element says
        return component(key=safe(key), **options)

    return mount


def safe(key: str) -> str:
    """Return a key for an element, by which `st.session_state` has what it says, too.

    Streamlit refuses two underscores in a row, and one run's id in two hundred has them.
    """
    return key.replace("__", "_-")
