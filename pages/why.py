"""Why the network said so: four explanations of one answer, each put to the test."""

import streamlit as st

from fmnist_core.translation import mark, say
from pages.sections.why.flip import smallest_change
from pages.sections.why.maps import faithfulness, maps
from pages.sections.why.question import question
from pages.shared.evaluation.evidence import needed_model
from pages.shared.glossary_line import words
from pages.shared.item_choice import choose_item
from pages.shared.navigation import ensure_navigation

ensure_navigation()
st.title(say("Why"), anchor=False)
st.markdown(
    say(
        "Which parts of the picture made the network say so? Several methods answer, they do not "
        "always agree, and some would draw the same map for a network that has learned nothing. "
        "So each one is tested here."
    )
)
model = needed_model(mark("see here what its answers rest on."))
item = choose_item()
if item is None:
    st.stop()
asked = question(model, item)
if asked is None:
    st.stop()
# A part that grows must not move what follows: the browser would make its controls anew, and they
# would lose the keyboard's focus.
with st.container():
    maps(asked)
with st.container():
    faithfulness(asked)
with st.container():
    smallest_change(asked)
st.page_link(
    "pages/inside.py",
    label=say("Follow this item through every layer"),
    icon=":material/account_tree:",
    query_params={"model": model.name, "item": item.reference},
)
words(
    "grad-cam",
    "integrated-gradients",
    "occlusion",
    "counterfactual",
    "sanity-check",
    "deletion-insertion",
)
