"""Wrong labels, near-duplicates, and a game: who is right, the model or the label?"""

import streamlit as st

from fmnist_core.data.atlas import AtlasError
from pages.sections.detective.about import about
from pages.sections.detective.duplicates import near_duplicates
from pages.sections.detective.game import play
from pages.sections.detective.suspects import suspects
from pages.shared.glossary_line import words
from pages.shared.navigation import ensure_navigation

VIEWS = {
    "Suspects": suspects,
    "Near-duplicates": near_duplicates,
    "Model or label?": play,
    "How this is known": about,
}

ensure_navigation()
st.title("Label detective", anchor=False)
st.markdown(
    "People sorted these pictures, and people slip. Networks that never saw an image can tell "
    "where its label is hard to believe."
)
tabs = st.tabs(list(VIEWS), key="view", bind="query-params", on_change="rerun")
for tab, show in zip(tabs, VIEWS.values(), strict=True):
    if tab.open:
        with tab:
            try:
                show()
            except AtlasError as error:
                st.error(f"**This cannot be shown.** {error}", icon=":material/error:")
words("label", "confident-learning", "out-of-fold", "near-duplicate", "human-accuracy")
