"""Why a model errs: what it mixes up, on which images, beside another model, and when unsure."""

import streamlit as st

from fmnist_core.translation import mark, say
from pages.sections.errors.label_noise import label_noise
from pages.sections.errors.pairing import two_models
from pages.sections.errors.refusing import refusing
from pages.sections.errors.slices import error_slices
from pages.shared.evaluation.confusion import confusions
from pages.shared.evaluation.evidence import needed_evidence
from pages.shared.glossary_line import words
from pages.shared.language.links import follow_link
from pages.shared.navigation import ensure_navigation

VIEWS = (
    mark("Mix-ups"),
    mark("Slices"),
    mark("Two models"),
    mark("Refusing"),
    mark("Label noise"),
)

ensure_navigation()
st.title(say("Errors"), anchor=False)
model, found = needed_evidence(mark("can look into its mistakes here."))

figures = found.figures
wrong = figures.examples - int(figures.confusion.trace())
st.caption(
    say(
        "{wrong:,} of its answers on {count:,} test images are wrong. They are for "
        "understanding; whoever chooses a model by them needs new images to judge it.",
        wrong=wrong,
        count=figures.examples,
    )
)
follow_link("view", VIEWS, shown=True)
tabs = st.tabs([say(view) for view in VIEWS], key="view", bind="query-params", on_change="rerun")
mix_ups, slices, pairing, refusal, noise = tabs
if mix_ups.open:
    with mix_ups:
        confusions(model, found, in_words=True)
elif slices.open:
    with slices:
        error_slices(model, found)
elif pairing.open:
    with pairing:
        two_models(model, found)
elif refusal.open:
    with refusal:
        refusing(model, found)
elif noise.open:
    with noise:
        label_noise(model, found)
words("confusion-matrix", "mcnemar", "confidence", "confidence-interval", "label", "typicality")
