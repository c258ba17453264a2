"""Answers refused below a confidence: what is left, how good it is, and what still passes."""

import numpy as np
import streamlit as st

from fmnist_core.evaluation.selective import Refusal, coverage_curve, refuse, threshold_for
from fmnist_core.figures.errors import HEIGHT, coverage_chart
from fmnist_core.models.catalogue import Model
from fmnist_core.translation import digits, say, say_count
from fmnist_core.wording import percent
from pages.shared.answered_images import answered_images
from pages.shared.evaluation.evidence import Evidence
from pages.shared.evaluation.figures import honesty
from pages.shared.resources import images

SHOWN = 24
GOALS = (0.95, 0.97, 0.98, 0.99, 0.995)
_KEY = "refuse_below"


def refusing(model: Model, found: Evidence) -> None:
    """Show what a confidence threshold costs and gains, beside the reliability diagram."""
    st.subheader(say("Refusing to answer"), anchor=False)
    st.markdown(
        say(
            "A network that may say *I do not know* can be right more often when it does answer. "
            "Answers less sure than the threshold are refused."
        )
    )
    _thresholds(model, found)
    honesty(found)


@st.fragment
def _thresholds(model: Model, found: Evidence) -> None:
    confidence, right = found.probabilities.max(1), found.right
    st.session_state.setdefault(_KEY, 80)
    promised = _choose_goal(model, found)
    threshold = st.slider(
        say("Refuse answers less sure than (%)"), 0, 100, key=_KEY, persist_state="session"
    )
    left = refuse(confidence, right, threshold / 100)
    _metrics(left, right)
    if promised and promised[0] == threshold:
        _kept_promise(promised[1], left)
    curve, mistakes = st.columns([3, 2], gap="medium")
    with curve:
        st.echarts_chart(
            coverage_chart(coverage_curve(confidence, right), left),
            height=HEIGHT,
            key="coverage",
            alt=say("Share of right answers against the share of images answered"),
        )
        st.caption(
            say(
                "From the left: only the surest answers, then more and more, to all. The ring is "
                "the chosen threshold. {count:,} test images.",
                count=len(right),
            )
        )
    with mistakes:
        passing = np.flatnonzero(~right & (confidence >= threshold / 100))
        order = passing[np.argsort(-confidence[passing], kind="stable")]
        st.markdown(
            say_count(
                "**{number:,} mistake still passes**",
                "**{number:,} mistakes still pass**, the surest first",
                len(order),
            )
        )
        if not len(order):
            st.caption(say("At this threshold no wrong answer is given."))
            return
        answered_images(
            order[:SHOWN],
            found.probabilities,
            f"passing_{model.name}",
            label=say("Mistakes that pass the threshold"),
            marks=False,
        )


def _choose_goal(model: Model, found: Evidence) -> tuple[int, float] | None:
    """Show the goals; return the threshold in per cent for the chosen one and the goal, if any."""
    count = model.recipe.validation_examples
    if not count or len(found.validation) != count:
        return None
    labels = images("train").labels[-count:]
    confidence = found.validation.max(1)
    right = found.validation.argmax(1) == labels
    whole = {}
    for goal in GOALS:
        lowest = threshold_for(confidence, right, goal)
        if lowest is not None:
            # Rounded up, so that no answer below the threshold is let through.
            whole[goal] = min(100, int(np.ceil(100 * lowest)))

    def set_threshold() -> None:
        if (goal := st.session_state["refuse_goal"]) in whole:
            st.session_state[_KEY] = whole[goal]

    chosen = st.pills(
        say("Find the threshold for"),
        list(whole),
        format_func=lambda goal: say("{share:g} % right", share=100 * goal),
        key="refuse_goal",
        on_change=set_threshold,
        help=say(
            "The lowest threshold that keeps this on the {count:,} validation images. The test "
            "images judge it: chosen on the images that judge, a threshold promises too much.",
            count=count,
        ),
    )
    return (whole[chosen], chosen) if chosen in whole else None


def _metrics(left: Refusal, right: np.ndarray) -> None:
    low, high = left.interval
    with st.container(horizontal=True):
        st.metric(
            say("Answered"),
            percent(left.coverage),
            help=say(
                "{answered:,} of {count:,} test images (coverage).",
                answered=left.answered,
                count=len(right),
            ),
            width=120,
        )
        st.metric(say("Right among these"), percent(left.accuracy, 2), width=170)
        st.metric(say("95 % interval"), f"{percent(low)} – {percent(high)}", width=230)
        st.metric(
            say("Mistakes avoided"),
            digits(int((~right).sum()) - (left.answered - left.correct), ","),
            help=say("Wrong answers that are refused."),
            width=150,
        )
        st.metric(
            say("Right answers lost"),
            digits(int(right.sum()) - left.correct, ","),
            help=say("Right answers that are refused too."),
            width=150,
        )


def _kept_promise(goal: float, left: Refusal) -> None:
    low, high = left.interval
    if low <= goal <= high:
        verdict = say("Kept: the goal lies within the interval.")
    elif low > goal:
        verdict = say("More than kept.")
    else:
        verdict = say("Not kept: the test images are harder for it than the validation images.")
    st.caption(
        say(
            "Chosen on validation images for {goal:g} %; on the test images it gives {accuracy}. "
            "{verdict}",
            goal=100 * goal,
            accuracy=percent(left.accuracy, 2),
            verdict=verdict,
        )
    )
