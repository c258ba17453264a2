"""Wrong labels, near-duplicates, and a game: who is right, the model or the label?"""

import streamlit as st

from fmnist_core.data.atlas import AtlasError
from fmnist_core.translation import mark, say
from pages.sections.detective.about import about
from pages.sections.detective.duplicates import near_duplicates
from pages.sections.detective.game import play
from pages.sections.detective.suspects import suspects
from pages.shared.glossary_line import words
from pages.shared.language.links import follow_link
from pages.shared.navigation import ensure_navigation

VIEWS = {
    mark("Suspects"): suspects,
    mark("Near-duplicates"): near_duplicates,
    mark("Model or label?"): play,
    mark("How this is known"): about,
}

ensure_navigation()
st.title(say("Label detective"), anchor=False)
st.markdown(
    say(
        "People sorted these pictures, and people slip. Networks that never saw an image can tell "
        "where its label is hard to believe."
    )
)
views = [say(view) for view in VIEWS]
follow_link("view", VIEWS, shown=True)
tabs = st.tabs(views, key="view", bind="query-params", on_change="rerun")
for tab, show in zip(tabs, VIEWS.values(), strict=True):
    if tab.open:
        with tab:
            try:
                show()
            except AtlasError as error:
                st.error(
                    say("**This cannot be shown.** {reason}", reason=error),
                    icon=":material/error:",
                )
words("label", "confident-learning", "out-of-fold", "near-duplicate", "human-accuracy")
