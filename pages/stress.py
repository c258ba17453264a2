"""Break it: spoil one item, attack it, and see how models stand a sample of spoilt test images."""

import streamlit as st

from fmnist_core.translation import say
from pages.sections.stress.attack import attack
from pages.sections.stress.corrupt import damage
from pages.sections.stress.severity import severity_curves
from pages.shared.glossary_line import words
from pages.shared.item_choice import choose_item
from pages.shared.model_choice import choose_models
from pages.shared.navigation import ensure_navigation

ensure_navigation()
with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
    st.title(say("Break it"), anchor=False, width="content")
    models = choose_models()
if not models:
    st.info(
        say("There is no trained model yet. Train one, and see what it takes to fool it."),
        icon=":material/model_training:",
    )
    st.page_link("pages/train.py", label=say("Train a model"), icon=":material/arrow_forward:")
    st.stop()
tabs = st.tabs(
    [say("Spoil an item"), say("Attack an item"), say("Spoil a test sample")],
    key="view",
    bind="query-params",
    on_change="rerun",
)
spoiling, attacking, sampling = tabs
if spoiling.open:
    with spoiling:
        if (item := choose_item()) is not None:
            damage(models, item)
elif attacking.open:
    with attacking:
        if (item := choose_item()) is not None:
            attack(models, item)
elif sampling.open:
    with sampling:
        severity_curves(models)
words("corruption-accuracy", "fgsm", "pgd", "confidence-interval")
