"""A map of all 70,000 items: similar ones lie near one another."""

import streamlit as st

from fmnist_core.data.atlas import AtlasError
from fmnist_core.translation import mark, say
from pages.components.item_map import item_map
from pages.sections.map import panel
from pages.sections.map.layouts import FEATURES, NAME, PCA, TSNE, choose_map, make_map
from pages.shared.collection import SIZES, parse_reference
from pages.shared.glossary_line import words
from pages.shared.navigation import ensure_navigation

EXPLANATIONS = {
    TSNE: mark(
        "Every point is an item; t-SNE has moved those with similar pixels together. Trust the "
        "neighbourhoods, not the distances between islands or their sizes. Precomputed."
    ),
    PCA: mark(
        "Every point is an item, placed by the two directions in which the pixels of all images "
        "differ most: these two keep 47 % of the differences, the other 782 the rest."
    ),
    FEATURES: mark(
        "Every point is a test image, placed by the two main directions of what the "
        "network's layer before the last makes of it: where classes separate here, the network can "
        "tell them apart."
    ),
}

ensure_navigation()
st.title(say("Map"), anchor=False)
choice = choose_map()
asked = st.query_params.get(panel.KEY)
if asked and parse_reference(asked, "train") is None:
    st.warning(
        say(
            "The link names no item: it takes train-0 to train-{train} or test-0 to test-{test}.",
            train=SIZES["train"] - 1,
            test=SIZES["test"] - 1,
        ),
        icon=":material/link_off:",
    )
st.caption(say(EXPLANATIONS[choice.layout]))
try:
    shown = make_map(choice)
except AtlasError as error:
    st.error(say("**The map cannot be drawn.** {reason}", reason=error), icon=":material/error:")
    st.stop()
if shown is None:
    st.stop()
left, right = st.columns([5, 3], gap="medium")
with left:
    item_map(shown.content, NAME)
    panel.pictures()
with right:
    panel.panel(shown)
words("t-sne", "pca", "features", "nearest-neighbour")
