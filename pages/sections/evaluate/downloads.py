"""Everything that makes a model, to take along: network, history, recipe, script."""

import streamlit as st

from fmnist_core.exports.bundle import bundle
from fmnist_core.models.catalogue import Model
from fmnist_core.recipes.presets import slug
from fmnist_core.runs.history import to_csv
from fmnist_core.runs.rows import valid_rows
from fmnist_core.runs.run import Run
from fmnist_core.training.script import script
from fmnist_core.wording import megabytes
from pages.shared.engine_work import known, work

_ASKED = "bundle_asked"


@st.fragment
def downloads(model: Model) -> None:
    """Offer everything that makes the model, for use elsewhere."""
    st.subheader("Take it with you", anchor=False)
    name = slug(model.title) or "model"
    with st.container(horizontal=True):
        if model.keras_file.is_file():
            st.download_button(
                "Model (.keras)",
                # Read only when asked for: it may have a hundred megabytes.
                model.keras_file.read_bytes,
                f"{name}.keras",
                "application/octet-stream",
                icon=":material/deployed_code:",
                on_click="ignore",
            )
        st.download_button(
            "History (CSV)",
            lambda: to_csv(valid_rows(Run(model.folder).history()[0])),
            f"{name}-history.csv",
            "text/csv",
            icon=":material/table:",
            on_click="ignore",
        )
        st.download_button(
            "Recipe (JSON)",
            model.recipe.to_json(),
            f"{name}-recipe.json",
            "application/json",
            icon=":material/receipt_long:",
            on_click="ignore",
        )
        st.download_button(
            "Script (.py)",
            lambda: script(model.recipe),
            f"{name.replace('-', '_')}.py",
            "text/x-python",
            icon=":material/code:",
            on_click="ignore",
        )
        st.page_link(
            "pages/train.py",
            label="Use this recipe",
            icon=":material/content_copy:",
            query_params={"recipe": model.recipe.to_link()},
        )
        if model.ready:
            st.page_link(
                "pages/classify.py",
                label="Classify with it",
                icon=":material/draw:",
                query_params={"model": model.name},
            )
    if not model.keras_file.is_file():
        st.caption(
            f"Its weights are too large to ship ({model.parameters:,} parameters): train it from "
            "its recipe to get them."
        )


def bundle_download(model: Model) -> None:
    """Offer all formats in one archive, made and tested on the engine when asked for."""
    if not (model.ready and model.keras_file.is_file()):
        return
    asked = (str(model.folder), model.tflite_file.stat().st_mtime_ns)
    st.caption(
        "The bundle has the network as Keras, LiteRT, LiteRT with 8 bits and ONNX, its script, its "
        "curves for TensorBoard, a model card, the preparation of drawings and photos as one file, "
        "and a test of its own: it is offered only after every file has given the same answers as "
        "here."
    )
    if known(bundle, *asked) is None and st.session_state.get(_ASKED) != asked:
        if not st.button("Make the bundle", icon=":material/inventory_2:", key="bundle_make"):
            return
        st.session_state[_ASKED] = asked
    made = work("bundle", bundle, *asked, label="Making the bundle")
    if made is not None:
        st.download_button(
            f"Bundle (.zip, {megabytes(len(made))})",
            made,
            f"{slug(model.title) or 'model'}.zip",
            "application/zip",
            icon=":material/inventory_2:",
            on_click="ignore",
            key="bundle_file",
        )
