"""Draw, upload, photograph or pick an item, and see what the models take it for and why."""

import streamlit as st

from fmnist_core.translation import say
from pages.sections.classify.sources import choose_source
from pages.shared.glossary_line import words
from pages.shared.model_choice import choose_models
from pages.shared.navigation import ensure_navigation

ensure_navigation()
# In one row also on a phone, where pad and answer need all the height there is.
with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
    st.title(say("Classify"), anchor=False, width="content")
    models = choose_models()
show = choose_source()
if not models:
    st.info(
        say("There is no trained model yet. Train one; it can answer here after its first epoch."),
        icon=":material/model_training:",
    )
    st.page_link("pages/train.py", label=say("Train a model"), icon=":material/arrow_forward:")
    st.stop()
show(models)
st.page_link(
    "pages/why.py",
    label=say("Why does it say so? Explain the last answer"),
    icon=":material/troubleshoot:",
    query_params={"item": "own"},
)
words("confidence", "probability", "softmax", "out-of-distribution", "nearest-neighbour")
