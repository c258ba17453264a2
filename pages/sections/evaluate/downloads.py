"""Everything that makes a model, to take along: network, history, recipe, script."""

import streamlit as st

from fmnist_core.models.catalogue import Model
from fmnist_core.recipes.presets import slug
from fmnist_core.runs.history import to_csv
from fmnist_core.runs.rows import valid_rows
from fmnist_core.runs.run import Run
from fmnist_core.training.script import script


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
