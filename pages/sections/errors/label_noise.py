"""What accuracy the labels allow: the argument, a sample to judge, and the estimate from it."""

from collections.abc import Mapping

import numpy as np
import streamlit as st

from fmnist_core.data.fashion_mnist import CLASS_NAMES
from fmnist_core.evaluation.label_noise import against_the_label, ceiling, scored
from fmnist_core.models.catalogue import Model
from fmnist_core.wording import percent
from pages.components.contact_sheet import contact_sheet
from pages.shared.evidence import Evidence, evaluated_models, evidence
from pages.shared.markdown import plain
from pages.shared.resources import images

AT_ONCE = 12
# Models at least this good on validation images have a say; the test images choose nothing.
GOOD = 0.9
# The order in which everybody is shown the group, so that what is shown is a random sample of it.
SEED = 0
_JUDGED, _WRONG, _GROUP = "labels_judged", "labels_wrong", "labels_group"

ARGUMENT = """
A network that knows every item perfectly is still counted wrong wherever the *label* is wrong. With
a share e of wrong test labels, knowledge alone cannot score more than 1 − e; whoever scores more
has learnt the mistakes of the labels too.

What is known of e for this data set:

- At least 64 of the 60,000 training labels are known to be wrong, 0.1 %: a lower bound, found by
  readers of the [data set's tracker, issue
  166](https://github.com/zalandoresearch/fashion-mnist/issues/166).
- People without training in fashion who were shown test images agree with the label on 83.5 %
  (data set's authors, [crowd experiment](https://github.com/zalandoresearch/fashion-mnist)): at
  28×28 pixels many items could be two things. A network gets beyond that by knowing what *these*
  labels go by.
- The best published networks that can be believed reach about 96.6 to 96.9 % on today's file, by
  many routes and never more. If that is the ceiling, wrong labels and what 28×28 pixels do not
  show take about 3 % together.
"""


def label_noise(model: Model, found: Evidence) -> None:
    """Show the argument, a random sample to judge, and what follows from the judgements."""
    st.subheader("What accuracy do the labels allow?", anchor=False)
    st.markdown(ARGUMENT)
    _calculator(model, found)
    good = _good_models()
    if len(good) < 2:
        st.info("To look for wrong labels, at least two good models are needed.")
        return
    group = against_the_label(
        [found.probabilities for found in good.values()], images("test").labels
    )
    _judge(model, found, good, group)


def _good_models() -> Mapping[str, Evidence]:
    """Return the evidence of the shipped models that are good on validation images, by title."""
    return {
        model.title: known
        for model in evaluated_models().values()
        if model.card
        and model.card.validation_accuracy >= GOOD
        and (known := evidence(model)) is not None
    }


@st.fragment
def _calculator(model: Model, found: Evidence) -> None:
    share = st.slider("If this share of the test labels were wrong (%)", 0.0, 10.0, 3.0, 0.1) / 100
    measured, chance = found.figures.accuracy, share / (len(CLASS_NAMES) - 1)
    true = min(1.0, (measured - chance) / (1 - share - chance))
    with st.container(horizontal=True):
        st.metric("a perfect network would score", percent(scored(1.0, share)), width=260)
        st.metric(f"{plain(model.title)} would really be right on", percent(true), width=300)
    st.caption(
        f"{plain(model.title)} scores {percent(measured)} on {found.figures.examples:,} test "
        "images. Wrong labels and its mistakes are taken to be independent, which flatters it: "
        "both happen on the same doubtful items."
    )


@st.fragment
def _judge(model: Model, found: Evidence, good: Mapping[str, Evidence], group: np.ndarray) -> None:
    st.subheader("Judge for yourself", anchor=False)
    names = ", ".join(plain(title) for title in good)
    total = found.figures.examples
    st.markdown(
        f"On **{len(group):,}** of {total:,} test images, {len(good)} shipped models ({names}: "
        f"those with at least {100 * GOOD:.0f} % on validation) all give the same answer, "
        "and it is not the label. Here wrong labels are to be found, if anywhere they cost "
        "accuracy. You see them in random order: **click each whose label you would call "
        "wrong**, then go on."
    )
    order = np.random.default_rng(SEED).permutation(group)
    _forget_other_group(order)
    judged: int = st.session_state.setdefault(_JUDGED, 0)
    wrong: set[int] = st.session_state.setdefault(_WRONG, set())
    shown = order[judged : judged + AT_ONCE]
    if len(shown):
        _sheet(shown, wrong, next(iter(good.values())).probabilities)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "These are judged",
            icon=":material/arrow_forward:",
            type="primary",
            disabled=not len(shown),
            on_click=_go_on,
            args=(len(shown),),
        )
        st.button(
            "Start again", icon=":material/restart_alt:", disabled=not judged, on_click=_start_again
        )
        st.caption(f"{judged:,} of {len(group):,} judged", width="content")
    if not judged:
        st.caption(f"After {AT_ONCE} images the first estimate appears here.")
        return
    _estimate(model, found, len(group), judged, len(wrong & set(order[:judged].tolist())))


def _sheet(shown: np.ndarray, wrong: set[int], probabilities: np.ndarray) -> None:
    data = images("test")
    contact_sheet(
        data.images[shown],
        [
            f"label: {CLASS_NAMES[data.labels[index]]}\nmodels: "
            f"{CLASS_NAMES[probabilities[index].argmax()]}"
            for index in shown
        ],
        "labels_sheet",
        ids=shown,
        marks=["✗" if int(index) in wrong else "" for index in shown],
        size="huge",
        show_captions=True,
        label="Is the label wrong?",
        on_click=_toggle,
    )


def _toggle(index: int) -> None:
    st.session_state[_WRONG] ^= {index}


def _go_on(count: int) -> None:
    st.session_state[_JUDGED] += count


def _start_again() -> None:
    st.session_state[_JUDGED], st.session_state[_WRONG] = 0, set()


def _forget_other_group(order: np.ndarray) -> None:
    """Start again when the shipped models have changed, and with them the group."""
    if st.session_state.get(_GROUP) != order.tobytes():
        st.session_state[_GROUP] = order.tobytes()
        _start_again()


def _estimate(model: Model, found: Evidence, group: int, judged: int, wrong: int) -> None:
    total = found.figures.examples
    best = ceiling(group, judged, wrong, total)
    low, high = best.interval
    with st.container(horizontal=True):
        st.metric("You call wrong", f"{wrong:,} of {judged:,}", width=170)
        st.metric(
            "Test labels that are wrong",
            f"about {best.wrong_labels:,.0f}",
            help="Those in this group. Where some model agrees with a wrong label, it is not found "
            "here, and does not stand in the way of such models either.",
            width=220,
        )
        st.metric("Ceiling", percent(best.accuracy, 2), width=140)
        st.metric("95 % interval", f"{percent(low, 2)} – {percent(high, 2)}", width=270)
    error = 1 - found.figures.accuracy
    share = (1 - best.accuracy) / error if error else 0.0
    st.markdown(
        f"By your judgement a perfect network would score about {percent(best.accuracy, 2)}. Of "
        f"the {100 * error:.1f} points that {plain(model.title)} loses, wrong labels explain about "
        f"{100 * (1 - best.accuracy):.1f}, {percent(share)} of its mistakes; the rest is its own."
    )
