"""Two models on the same images: who mends whose mistakes, and whether it may be chance."""

import numpy as np
import pandas as pd
import streamlit as st

from fmnist_core.data.fashion_mnist import CLASS_NAMES
from fmnist_core.evaluation.paired import QUADRANTS, Pairing, Quadrant, pair, quadrant
from fmnist_core.guide.glossary import explain
from fmnist_core.models.catalogue import Model
from fmnist_core.translation import digits, say
from fmnist_core.wording import percent
from pages.shared.answered_images import answered_images
from pages.shared.evaluation.evidence import Evidence, evaluated_models, evidence, model_title
from pages.shared.markdown import plain
from pages.shared.resources import images

PER_PAGE = 24
_KEY = "other_model"


def two_models(model: Model, found: Evidence) -> None:
    """Show the chosen model beside another one."""
    st.subheader(say("Two models on the same images"), anchor=False)
    known = {name: other for name, other in evaluated_models().items() if name != model.name}
    if not known:
        st.info(say("Train a second network, and compare the two here."), icon=":material/balance:")
        return
    if st.session_state.get(_KEY) not in known:
        st.session_state[_KEY] = next(iter(known))
    name = st.selectbox(
        say("Compare with"),
        list(known),
        key=_KEY,
        format_func=lambda name: model_title(known[name]),
        persist_state="session",
    )
    other = known[name]
    theirs = evidence(other)
    if theirs is None:
        return
    pairing = pair(found.right, theirs.right)
    _verdict(model, other, pairing)
    _quadrants(model, other, found, theirs, pairing)
    _by_class(model, other, found, theirs)


def _verdict(model: Model, other: Model, pairing: Pairing) -> None:
    first, second = plain(model.title), plain(other.title)
    low, high = pairing.interval
    better = second if pairing.difference > 0 else first
    sure, parted = pairing.p_value < 0.05, pairing.only_first + pairing.only_second
    verdict = (
        say("**{better} is better**, beyond what chance explains.", better=better)
        if sure
        else say("**No difference is certain**: chance alone would do this often enough.")
    )
    st.markdown(
        say(
            "On the {count:,} test images, {second} scores **{difference} points** against {first} "
            "(95 % interval {low} to {high}). They part on {parted:,} images: {only_first:,} only "
            "{first} gets right, {only_second:,} only {second}. If both were equally good, a split "
            "at least as uneven would come with probability **p = {p}** (McNemar's exact test). "
            "{verdict}",
            count=pairing.examples,
            first=first,
            second=second,
            difference=_points(pairing.difference),
            low=_points(low),
            high=_points(high),
            parted=parted,
            only_first=pairing.only_first,
            only_second=pairing.only_second,
            p=_p_value(pairing.p_value),
            verdict=verdict,
        )
    )
    either = (pairing.examples - pairing.both_wrong) / pairing.examples
    st.caption(
        say(
            "At least one of them is right on {share}: as much as choosing between their answers "
            "could reach, if one always knew whom to believe. The test compares these two trained "
            "networks; another seed may turn out otherwise.",
            share=percent(either),
        )
    )


def _points(share: float) -> str:
    return digits(100 * share, "+.2f").replace("-", "\N{MINUS SIGN}")


def _p_value(value: float) -> str:
    return (
        digits(value, ".3f")
        if value >= 0.001
        else f"{value:.0e}"
        if value >= 1e-99
        else say("less than 1e-99")
    )


@st.fragment
def _quadrants(
    model: Model, other: Model, found: Evidence, theirs: Evidence, pairing: Pairing
) -> None:
    first, second = plain(model.title), plain(other.title)
    words: dict[Quadrant, str] = {
        "both right": say("Both right"),
        "only first": say("Only {title} right", title=first),
        "only second": say("Only {title} right", title=second),
        "both wrong": say("Both wrong"),
    }
    chosen = st.segmented_control(
        say("Images"),
        QUADRANTS,
        default="only first",
        required=True,
        key="quadrant",
        format_func=lambda name: f"{words[name]}: {digits(pairing.count(name), ',')}",
    )
    name: Quadrant = chosen or "only first"
    # Where one is right, the images on which the other is surest of its mistake say most.
    sure = theirs.probabilities.max(1) if name == "only first" else found.probabilities.max(1)
    indices = quadrant(name, found.right, theirs.right, sure)
    if not len(indices):
        st.caption(say("There is no such image."))
        return
    page = 1
    if len(indices) > PER_PAGE:
        page = st.pagination(
            -(-len(indices) // PER_PAGE), key=f"quadrant_{model.name}_{other.name}_{name}_page"
        )
    who = second if name == "only first" else first
    st.caption(
        say("Those first of which {who} is surest. A click shows both models' answers.", who=who)
    )
    answered_images(
        indices[(page - 1) * PER_PAGE : page * PER_PAGE],
        found.probabilities,
        f"quadrant_{model.name}_{other.name}",
        label=words[name],
        size="large",
        marks=False,
        show_captions=True,
        titles=(model.title, other.title),
        other=theirs.probabilities,
    )


def _by_class(model: Model, other: Model, found: Evidence, theirs: Evidence) -> None:
    st.subheader(say("Class by class"), anchor=False)
    labels = images("test").labels
    rows = []
    for label, name in enumerate(CLASS_NAMES):
        one = pair(found.right[labels == label], theirs.right[labels == label])
        rows.append(
            {
                "class": say(name),
                "first": one.only_first,
                "second": one.only_second,
                "difference": 100 * one.difference,
                "p": one.p_value,
            }
        )
    table = pd.DataFrame(rows)
    st.dataframe(
        table,
        hide_index=True,
        column_config={
            "class": say("Class"),
            "first": st.column_config.NumberColumn(say("Only {title} right", title=model.title)),
            "second": st.column_config.NumberColumn(say("Only {title} right", title=other.title)),
            "difference": st.column_config.NumberColumn(
                say("Difference (points)"),
                format="%+.1f",
                help=say(
                    "Accuracy of the second less that of the first on the images of the class."
                ),
            ),
            "p": st.column_config.NumberColumn(
                "p",
                format="%.2g",
                help=say(
                    "For the class alone. {mcnemar}\n\nOf ten classes, one is under 0.05 by chance "
                    "in 4 of 10 comparisons of equal models; 0.005 is safe.",
                    mcnemar=explain("mcnemar"),
                ),
            ),
        },
        alt=say("Images that only one of the two models gets right, by class"),
    )
    hardest = np.flatnonzero(~found.right & ~theirs.right)
    same = found.probabilities[hardest].argmax(1) == theirs.probabilities[hardest].argmax(1)
    if len(hardest):
        st.caption(
            say(
                "Of the {count:,} images that both get wrong, they give the same wrong answer on "
                "{same:,} ({share}): these are hard, or wrongly labelled.",
                count=len(hardest),
                same=int(same.sum()),
                share=percent(float(same.mean())),
            )
        )
