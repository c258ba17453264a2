"""Everything that makes a model, to take along: network, history, recipe, script."""

from collections.abc import Callable
from typing import NamedTuple

import streamlit as st

from fmnist_core.exports.bundle import bundle
from fmnist_core.exports.web.web_page import fits, web_page
from fmnist_core.models.catalogue import Model
from fmnist_core.recipes.presets import slug
from fmnist_core.runs.history import to_csv
from fmnist_core.runs.rows import valid_rows
from fmnist_core.runs.run import Run
from fmnist_core.training.script import script
from fmnist_core.translation import mark, say
from fmnist_core.wording import megabytes
from pages.shared.engine_work import known, work


@st.fragment
def downloads(model: Model) -> None:
    """Offer everything that makes the model, for use elsewhere."""
    st.subheader(say("Take it with you"), anchor=False)
    name = slug(model.title) or "model"
    with st.container(horizontal=True):
        if model.keras_file.is_file():
            st.download_button(
                say("Model (.keras)"),
                # Read only when asked for: it may have a hundred megabytes.
                model.keras_file.read_bytes,
                f"{name}.keras",
                "application/octet-stream",
                icon=":material/deployed_code:",
                on_click="ignore",
            )
        st.download_button(
            say("History (CSV)"),
            lambda: to_csv(valid_rows(Run(model.folder).history()[0])),
            f"{name}-history.csv",
            "text/csv",
            icon=":material/table:",
            on_click="ignore",
        )
        st.download_button(
            say("Recipe (JSON)"),
            model.recipe.to_json(),
            f"{name}-recipe.json",
            "application/json",
            icon=":material/receipt_long:",
            on_click="ignore",
        )
        st.download_button(
            say("Script (.py)"),
            lambda: script(model.recipe),
            f"{name.replace('-', '_')}.py",
            "text/x-python",
            icon=":material/code:",
            on_click="ignore",
        )
        st.page_link(
            "pages/train.py",
            label=say("Use this recipe"),
            icon=":material/content_copy:",
            query_params={"recipe": model.recipe.to_link()},
        )
        if model.ready:
            st.page_link(
                "pages/classify.py",
                label=say("Classify with it"),
                icon=":material/draw:",
                query_params={"model": model.name},
            )
    if not model.keras_file.is_file():
        st.caption(
            say(
                "Its weights are too large to ship ({parameters:,} parameters): train it from its "
                "recipe to get them.",
                parameters=model.parameters,
            )
        )


class _Made(NamedTuple):
    """A file that the engine makes when asked for, and what its buttons say, marked."""

    key: str
    make: Callable[..., bytes]
    ask: str
    making: str
    file: str
    ending: str
    mime: str
    icon: str
    words: str


_BUNDLE = _Made(
    "bundle",
    bundle,
    mark("Make the bundle"),
    mark("Making the bundle"),
    mark("Bundle ({ending}, {size})"),
    ".zip",
    "application/zip",
    ":material/inventory_2:",
    mark(
        "The bundle has the network as Keras, LiteRT, LiteRT with 8 bits and ONNX, its script, a "
        "notebook that was run, its curves for TensorBoard, a model card, the web page, the "
        "preparation of drawings and photos as one file, and a test of its own: it is offered only "
        "after every file has given the same answers as here."
    ),
)
_WEB_PAGE = _Made(
    "web_page",
    web_page,
    mark("Make the web page"),
    mark("Making the web page"),
    mark("Web page ({ending}, {size})"),
    ".html",
    "text/html",
    ":material/web:",
    mark(
        "The web page is one file that opens by a double click, without a network: it has paper "
        "to draw on, prepares the drawing as this app does and answers with this network."
    ),
)


def made_downloads(model: Model) -> None:
    """Offer what takes seconds to make: the bundle, and the web page where the network fits."""
    if not (model.ready and model.keras_file.is_file()):
        return
    for made in (_BUNDLE, _WEB_PAGE) if fits(model) else (_BUNDLE,):
        with st.container():
            _made_download(model, made)


def _made_download(model: Model, made: _Made) -> None:
    """Offer a file that is made on the engine when asked for."""
    asked, key = (str(model.folder), model.tflite_file.stat().st_mtime_ns), f"{made.key}_asked"
    st.caption(say(made.words))
    if known(made.make, *asked) is None and st.session_state.get(key) != asked:
        if not st.button(say(made.ask), icon=made.icon, key=f"{made.key}_make"):
            return
        st.session_state[key] = asked
    content = work(made.key, made.make, *asked, label=say(made.making))
    if content is not None:
        st.download_button(
            say(made.file, ending=made.ending, size=megabytes(len(content))),
            content,
            f"{slug(model.title) or 'model'}{made.ending}",
            made.mime,
            icon=made.icon,
            on_click="ignore",
            key=f"{made.key}_file",
        )
