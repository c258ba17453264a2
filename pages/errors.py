"""Why a model errs: what it mixes up, on which images, beside another model, and when unsure."""

import streamlit as st

from pages.sections.errors.label_noise import label_noise
from pages.sections.errors.pairing import two_models
from pages.sections.errors.refusing import refusing
from pages.sections.errors.slices import error_slices
from pages.shared.confusion import confusions
from pages.shared.evidence import needed_evidence
from pages.shared.glossary_line import words
from pages.shared.navigation import ensure_navigation

ensure_navigation()
st.title("Errors", anchor=False)
model, found = needed_evidence("can look into its mistakes here.")

figures = found.figures
wrong = figures.examples - int(figures.confusion.trace())
st.caption(
    f"{wrong:,} of its answers on {figures.examples:,} test images are wrong. They are for "
    "understanding; whoever chooses a model by them needs new images to judge it."
)
tabs = st.tabs(
    ["Mix-ups", "Slices", "Two models", "Refusing", "Label noise"],
    key="view",
    bind="query-params",
    on_change="rerun",
)
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
