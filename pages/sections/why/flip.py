"""The smallest change that flips an answer, and a slider along the way to it."""

import numpy as np
import streamlit as st

from fmnist_core.data.fashion_mnist import CLASS_NAMES
from fmnist_core.explanations import methods
from fmnist_core.figures.explanations import HEIGHT, way
from fmnist_core.figures.heatmaps import enlarged, limit_of, signed
from fmnist_core.translation import mark, say
from fmnist_core.wording import percent
from pages.sections.why.question import Question, sanity
from pages.shared.engine_work import work

SMOOTHNESS = {mark("Any pixels"): 0.0, mark("Smooth"): 1.0, mark("Smoother"): 2.0}


@st.fragment
def smallest_change(asked: Question) -> None:
    """Show the smallest change that flips the answer, with a slider along the way."""
    st.subheader(say("The smallest change that flips it"), anchor=False)
    answer = int(asked.probabilities.argmax())
    order = [int(i) for i in np.argsort(-asked.probabilities, kind="stable") if i != answer]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        goal = st.selectbox(
            say("What it should say instead"),
            order,
            format_func=lambda i: say(CLASS_NAMES[i]),
            key=f"why_goal_{asked.item.reference}_{asked.model.name}",
            width=220,
        )
        smooth = st.segmented_control(
            say("What may change"),
            list(SMOOTHNESS),
            format_func=say,
            default="Any pixels",
            required=True,
            key="why_smooth",
            persist_state="session",
            help=say(
                "With any pixels the change is as small as can be, and looks like noise. Smooth "
                "changes are blurred by 1 or 2 pixels: larger, but sometimes one sees what the "
                "network looks for."
            ),
        )
    found = work(
        "why_flip",
        methods.flip,
        asked.weights,
        asked.item.array,
        goal,
        SMOOTHNESS[str(smooth)],
        label=say("Looking for the smallest change"),
    )
    if found is None:
        return
    change = found.change
    if change.flips is None or change.size is None:
        st.warning(
            say(
                "No such change towards {name} was found. Try another class, or let any pixels "
                "change.",
                name=say(CLASS_NAMES[goal]),
            ),
            icon=":material/search_off:",
        )
        return
    amount = st.slider(
        say("Amount of the change"),
        0,
        200,
        100,
        step=2,
        format="%d %%",
        key="why_amount",
        help=say("At 100 % the answer flips."),
    )
    stage = min(len(change.images) - 1, round(amount / 100 * change.flips))
    _stage(asked, change.images, change.answers, stage)
    st.echarts_chart(
        way(change, stage), height=HEIGHT, key="why_way", alt=say("Probabilities on the way")
    )
    pixels = change.images[change.flips].astype(int) - change.images[0]
    st.markdown(
        say(
            "It flips when pixels change by **{size:.1f} of 255** grey levels (root mean square "
            "over all 784), at most by {most}. Found by DeepFool "
            "([Moosavi-Dezfooli et al. 2016](https://arxiv.org/abs/1511.04599)); a smaller one "
            "may exist.",
            size=change.size,
            most=int(np.abs(pixels).max()),
        )
    )
    sanity(found.correlation)


def _stage(asked: Question, stages: np.ndarray, answers: np.ndarray, stage: int) -> None:
    now = answers[stage]
    top = int(now.argmax())
    difference = stages.astype(float) - stages[0]
    left, right = st.columns(2)
    left.markdown(
        say(
            "Taken for **{name}** ({share})",
            name=say(CLASS_NAMES[top]),
            share=percent(float(now[top])),
        )
    )
    left.image(
        enlarged(stages[stage]),
        alt=say(
            "{item}, changed; taken for {name}", item=asked.item.name, name=say(CLASS_NAMES[top])
        ),
    )
    right.markdown(say("The change: orange adds ink, blue takes it"))
    # One scale for the whole way, so that the change is seen to grow.
    right.image(
        enlarged(signed(difference[stage], limit_of(difference[-1]))), alt=say("The change")
    )
