"""Test images by a model's answers: its surest mistakes, and all answers with filters."""

import streamlit as st

from fmnist_core.data.fashion_mnist import CLASS_NAMES
from fmnist_core.evaluation.metrics import Outcome, most_confident_mistakes, select
from fmnist_core.guide.glossary import explain
from fmnist_core.models.catalogue import Model
from pages.shared.answered_images import answered_images
from pages.shared.evidence import Evidence
from pages.shared.resources import images

MISTAKES = 24
PER_PAGE = 48


@st.fragment
def mistakes(model: Model, found: Evidence) -> None:
    """Show the wrong answers that the model is surest of."""
    st.subheader("Most confident mistakes", anchor=False, help=explain("confidence"))
    labels = images("test").labels
    wrong = most_confident_mistakes(found.probabilities, labels)
    st.caption(
        f"{len(wrong):,} of {len(labels):,} answers are wrong; these are the {MISTAKES} it is "
        "surest of. Some of them are wrong labels: click one and judge."
    )
    answered_images(
        wrong[:MISTAKES],
        found.probabilities,
        f"mistakes_{model.name}",
        label="Most confident mistakes",
        size="large",
        marks=False,
        show_captions=True,
    )


@st.fragment
def gallery(model: Model, found: Evidence) -> None:
    """Show any test images, filtered by outcome, class, answer and confidence."""
    st.subheader("All answers", anchor=False)
    outcomes: dict[str, Outcome] = {"All": "all", "Right": "right", "Wrong": "wrong"}
    everything = "Any class"
    options = [everything, *CLASS_NAMES]
    with st.container(horizontal=True, vertical_alignment="top"):
        outcome = st.segmented_control(
            "Answers", list(outcomes), default="All", required=True, key="gallery_outcome"
        )
        truth = st.selectbox("True class", options, key="gallery_truth", width=170)
        answer = st.selectbox("Answer", options, key="gallery_answer", width=170)
        order = st.selectbox(
            "Order", ["Least sure first", "Surest first"], key="gallery_order", width=170
        )
        low, high = st.slider(
            "Confidence in per cent", 0, 100, (0, 100), key="gallery_confidence", width=260
        )
    chosen = select(
        found.probabilities,
        images("test").labels,
        outcome=outcomes.get(outcome or "", "all"),
        truth=CLASS_NAMES.index(truth) if truth in CLASS_NAMES else None,
        answer=CLASS_NAMES.index(answer) if answer in CLASS_NAMES else None,
        confidence=(low / 100, high / 100),
        surest_first=order == "Surest first",
    )
    if not len(chosen):
        st.info("No test image fits. Widen the confidence or choose any class.")
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        # A new filter starts at its first page.
        pages = -(-len(chosen) // PER_PAGE)
        page = st.pagination(
            pages, key=f"gallery_page_{outcome}_{truth}_{answer}_{low}_{high}_{order}"
        )
        st.caption(f"{len(chosen):,} images ({len(chosen) / len(found.probabilities):.1%})")
    answered_images(
        chosen[(page - 1) * PER_PAGE : page * PER_PAGE],
        found.probabilities,
        f"gallery_{model.name}",
        label="Test images",
    )
