"""Where a model is right, where it is wrong, and whether its confidence can be believed."""

import streamlit as st

from fmnist_core.models.weaknesses import told
from fmnist_core.translation import mark, say
from pages.sections.evaluate.downloads import downloads, made_downloads
from pages.sections.evaluate.gallery import gallery, mistakes
from pages.shared.evaluation import figures as views
from pages.shared.evaluation.confusion import confusions
from pages.shared.evaluation.evidence import needed_evidence
from pages.shared.glossary_line import words
from pages.shared.navigation import ensure_navigation

ensure_navigation()
st.title(say("Evaluate"), anchor=False)
model, found = needed_evidence(mark("see here how good it is and where it errs."))

views.headline(model, found.figures)
if model.card and model.card.weaknesses:
    with st.expander(say("Known weaknesses"), icon=":material/info:"):
        st.markdown("\n".join(f"- {weakness}" for weakness in map(told, model.card.weaknesses)))
with st.container(horizontal=True):
    asked = {"model": model.name}
    st.page_link(
        "pages/errors.py",
        label=say("Look into its errors"),
        icon=":material/rule:",
        query_params=asked,
    )
    if model.ready:
        st.page_link(
            "pages/stress.py", label=say("Break it"), icon=":material/blur_on:", query_params=asked
        )
confusions(model, found)
mistakes(model, found)
by_class, confidence = st.columns(2, gap="medium")
with by_class:
    views.classes(found.figures)
with confidence:
    views.honesty(found)
gallery(model, found)
views.history(model)
downloads(model)
made_downloads(model)
words("accuracy", "confidence-interval", "confusion-matrix", "calibration", "test-set")
