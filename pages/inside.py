"""Inside the network: every layer's maps for one item, and every sum, step by step."""

import streamlit as st

from fmnist_core.translation import mark, say
from pages.sections.inside import layers as views
from pages.shared.evaluation.evidence import needed_model
from pages.shared.glossary_line import words
from pages.shared.item_choice import choose_item
from pages.shared.navigation import ensure_navigation

ensure_navigation()
st.title(say("Inside"), anchor=False)
st.markdown(
    say(
        "Follow one item through a network: what each layer makes of it, and every sum behind "
        "every number. Click a layer, then a map, then a cell."
    )
)
model = needed_model(mark("can look into it here."))
item = choose_item()
if item is None:
    st.stop()
opened = views.open_network(model, item)
if opened is None:
    st.stop()
layer = views.choose_layer(opened)
views.layer_view(opened, layer)
st.page_link(
    "pages/why.py",
    label=say("Which pixels the answer rests on"),
    icon=":material/troubleshoot:",
    query_params={"model": model.name, "item": item.reference},
)
words("feature-map", "filter", "receptive-field", "dead-unit", "relu", "softmax")
