"""Test images by a model's answers: its surest mistakes, and all answers with filters."""

import streamlit as st

from fmnist_core.data.fashion_mnist import CLASS_NAMES
from fmnist_core.evaluation.metrics import Outcome, most_confident_mistakes, select
from fmnist_core.guide.glossary import explain
from fmnist_core.models.catalogue import Model
from fmnist_core.translation import mark, say, say_count
from pages.shared.answered_images import answered_images
from pages.shared.evaluation.evidence import Evidence
from pages.shared.resources import images

MISTAKES = 24
PER_PAGE = 48


@st.fragment
def mistakes(model: Model, found: Evidence) -> None:
    """Show the wrong answers that the model is surest of."""
    st.subheader(say("Most confident mistakes"), anchor=False, help=explain("confidence"))
    labels = images("test").labels
    wrong = most_confident_mistakes(found.probabilities, labels)
    st.caption(
        say(
            "{wrong:,} of {count:,} answers are wrong; these are the {shown} it is surest of. Some "
            "of them are wrong labels: click one and judge.",
            wrong=len(wrong),
            count=len(labels),
            shown=MISTAKES,
        )
    )
    answered_images(
        wrong[:MISTAKES],
        found.probabilities,
        f"mistakes_{model.name}",
        label=say("Most confident mistakes"),
        size="large",
        marks=False,
        show_captions=True,
    )


@st.fragment
def gallery(model: Model, found: Evidence) -> None:
    """Show any test images, filtered by outcome, class, answer and confidence."""
    st.subheader(say("All answers"), anchor=False)
    outcomes: dict[str, Outcome] = {
        mark("All"): "all",
        mark("Right"): "right",
        mark("Wrong"): "wrong",
    }
    options = [mark("Any class"), *CLASS_NAMES]
    orders = [mark("Least sure first"), mark("Surest first")]
    with st.container(horizontal=True, vertical_alignment="top"):
        outcome = st.segmented_control(
            say("Answers"),
            list(outcomes),
            default="All",
            required=True,
            key="gallery_outcome",
            format_func=say,
        )
        truth = st.selectbox(
            say("True class"), options, key="gallery_truth", width=170, format_func=say
        )
        answer = st.selectbox(
            say("Answer"), options, key="gallery_answer", width=170, format_func=say
        )
        order = st.selectbox(say("Order"), orders, key="gallery_order", width=170, format_func=say)
        low, high = st.slider(
            say("Confidence in per cent"), 0, 100, (0, 100), key="gallery_confidence", width=260
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
        st.info(say("No test image fits. Widen the confidence or choose any class."))
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        # A new filter starts at its first page.
        pages = -(-len(chosen) // PER_PAGE)
        page = st.pagination(
            pages, key=f"gallery_page_{outcome}_{truth}_{answer}_{low}_{high}_{order}"
        )
        st.caption(
            say_count(
                "{number:,} image ({share:.1%})",
                "{number:,} images ({share:.1%})",
                len(chosen),
                share=len(chosen) / len(found.probabilities),
            )
        )
    answered_images(
        chosen[(page - 1) * PER_PAGE : page * PER_PAGE],
        found.probabilities,
        f"gallery_{model.name}",
        label=say("Test images"),
    )
