"""What accuracy the labels allow: the argument, a sample to judge, and the estimate from it."""

from collections.abc import Mapping

import numpy as np
import streamlit as st

from fmnist_core.data.fashion_mnist import CLASS_NAMES
from fmnist_core.evaluation.label_noise import against_the_label, ceiling, scored
from fmnist_core.models.catalogue import Model
from fmnist_core.translation import mark, say
from fmnist_core.wording import percent
from pages.components.contact_sheet import contact_sheet
from pages.shared.evaluation.evidence import Evidence, evaluated_models, evidence
from pages.shared.markdown import plain
from pages.shared.resources import images

AT_ONCE = 12
# Models at least this good on validation images have a say; the test images choose nothing.
GOOD = 0.9
# The order in which everybody is shown the group, so that what is shown is a random sample of it.
SEED = 0
_JUDGED, _WRONG, _GROUP = "labels_judged", "labels_wrong", "labels_group"

ARGUMENT = mark("""
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
""")


def label_noise(model: Model, found: Evidence) -> None:
    """Show the argument, a random sample to judge, and what follows from the judgements."""
    st.subheader(say("What accuracy do the labels allow?"), anchor=False)
    st.markdown(say(ARGUMENT))
    _calculator(model, found)
    good = _good_models()
    if len(good) < 2:
        st.info(say("To look for wrong labels, at least two good models are needed."))
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
    wrong = st.slider(say("If this share of the test labels were wrong (%)"), 0.0, 10.0, 3.0, 0.1)
    share = wrong / 100
    measured, chance = found.figures.accuracy, share / (len(CLASS_NAMES) - 1)
    true = min(1.0, (measured - chance) / (1 - share - chance))
    with st.container(horizontal=True):
        st.metric(say("a perfect network would score"), percent(scored(1.0, share)), width=260)
        st.metric(
            say("{title} would really be right on", title=plain(model.title)),
            percent(true),
            width=300,
        )
    st.caption(
        say(
            "{title} scores {measured} on {count:,} test images. Wrong labels and its mistakes are "
            "taken to be independent, which flatters it: both happen on the same doubtful items.",
            title=plain(model.title),
            measured=percent(measured),
            count=found.figures.examples,
        )
    )


@st.fragment
def _judge(model: Model, found: Evidence, good: Mapping[str, Evidence], group: np.ndarray) -> None:
    st.subheader(say("Judge for yourself"), anchor=False)
    names = ", ".join(plain(title) for title in good)
    total = found.figures.examples
    st.markdown(
        say(
            "On **{count:,}** of {total:,} test images, {models} shipped models ({names}: those "
            "with at least {good:.0f} % on validation) all give the same answer, and it is not the "
            "label. Here wrong labels are to be found, if anywhere they cost accuracy. You see "
            "them in random order: **click each whose label you would call wrong**, then go on.",
            count=len(group),
            total=total,
            models=len(good),
            names=names,
            good=100 * GOOD,
        )
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
            say("These are judged"),
            icon=":material/arrow_forward:",
            type="primary",
            disabled=not len(shown),
            on_click=_go_on,
            args=(len(shown),),
        )
        st.button(
            say("Start again"),
            icon=":material/restart_alt:",
            disabled=not judged,
            on_click=_start_again,
        )
        st.caption(
            say("{judged:,} of {count:,} judged", judged=judged, count=len(group)),
            width="content",
        )
    if not judged:
        st.caption(say("After {count} images the first estimate appears here.", count=AT_ONCE))
        return
    _estimate(model, found, len(group), judged, len(wrong & set(order[:judged].tolist())))


def _sheet(shown: np.ndarray, wrong: set[int], probabilities: np.ndarray) -> None:
    data = images("test")
    contact_sheet(
        data.images[shown],
        [
            say(
                "label: {label}\nmodels: {answer}",
                label=say(CLASS_NAMES[data.labels[index]]),
                answer=say(CLASS_NAMES[probabilities[index].argmax()]),
            )
            for index in shown
        ],
        "labels_sheet",
        ids=shown,
        marks=["✗" if int(index) in wrong else "" for index in shown],
        size="huge",
        show_captions=True,
        label=say("Is the label wrong?"),
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
        st.metric(
            say("You call wrong"),
            say("{wrong:,} of {judged:,}", wrong=wrong, judged=judged),
            width=170,
        )
        st.metric(
            say("Test labels that are wrong"),
            say("about {count:,.0f}", count=best.wrong_labels),
            help=say(
                "Those in this group. Where some model agrees with a wrong label, it is not found "
                "here, and does not stand in the way of such models either."
            ),
            width=220,
        )
        st.metric(say("Ceiling"), percent(best.accuracy, 2), width=140)
        st.metric(say("95 % interval"), f"{percent(low, 2)} – {percent(high, 2)}", width=270)
    error = 1 - found.figures.accuracy
    share = (1 - best.accuracy) / error if error else 0.0
    st.markdown(
        say(
            "By your judgement a perfect network would score about {ceiling}. Of the {lost:.1f} "
            "points that {title} loses, wrong labels explain about {explained:.1f}, {share} of "
            "its mistakes; the rest is its own.",
            ceiling=percent(best.accuracy, 2),
            lost=100 * error,
            title=plain(model.title),
            explained=100 * (1 - best.accuracy),
            share=percent(share),
        )
    )
