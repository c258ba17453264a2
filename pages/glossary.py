"""Every word of the field that the app uses, explained once, with its source."""

import streamlit as st

from fmnist_core.guide.glossary import search, terms
from fmnist_core.translation import say
from pages.shared.markdown import plain
from pages.shared.navigation import ensure_navigation

ensure_navigation()
st.title(say("Glossary"), anchor=False)
st.markdown(
    say(
        "{count} words that this app uses, each with a source. On every page the "
        ":material/help: beside a word shows the same text.",
        count=len(terms()),
    )
)
asked = st.query_params.get("term", "")
if asked in terms():
    term = terms()[asked]
    with st.container(border=True):
        st.subheader(term.name, anchor=False)
        st.markdown(f"{term.text}  \n[{term.source}]({term.url})")
elif asked:
    st.warning(
        say(
            "The link asks for “{term}”, which is not in this list.",
            term=plain(asked[:60]),
        )
    )

words = st.text_input(
    say("Search"),
    key="glossary_search",
    placeholder=say("loss, Grad-CAM, overfitting …"),
    icon=":material/search:",
    max_chars=60,
)
found = search(words)
if not found:
    st.info(say("No term has these words. Try one word, or a part of it."))
grid = st.grid("auto", min_column_width=320)
for term in found:
    with grid.cell():
        # The anchor makes every entry a place to link to.
        st.subheader(term.name, anchor=term.slug)
        st.markdown(f"{term.text}  \n:small[[{term.source}]({term.url})]")
