"""On which images a model errs: accuracy by brightness, ink, size and typicality."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import streamlit as st

from fmnist_core.data.fashion_mnist import CLASS_NAMES
from fmnist_core.evaluation.slices import Slice, Slices, slices
from fmnist_core.figures.echarts import clicked_point
from fmnist_core.figures.errors import HEIGHT, slice_chart
from fmnist_core.models.catalogue import Model
from fmnist_core.translation import mark, say, say_count
from fmnist_core.wording import percent
from pages.shared.answered_images import answered_images
from pages.shared.collection import Measure, measure
from pages.shared.evaluation.evidence import Evidence
from pages.shared.resources import images

SHOWN = 24
_EVERY = mark("All classes")


@dataclass(frozen=True)
class _Kind:
    """A measure on screen: its axis, what it means, the ends of it, and how a value is written.

    The texts are marked for translation; `least` and `most` go on after "Of the ".
    """

    measure: Measure
    axis: str
    meaning: str
    least: str
    most: str
    number: Callable[[float], str]


_KINDS = {
    mark("Brightness"): _Kind(
        "brightness",
        mark("mean grey level"),
        mark("The mean grey level of the item, 0 to 255, background left out."),
        mark("darkest"),
        mark("brightest"),
        lambda value: f"{value:.0f}",
    ),
    mark("Ink"): _Kind(
        "ink",
        mark("inked pixels (%)"),
        mark("The share of the square's 784 pixels that the item covers."),
        mark("least inked"),
        mark("most inked"),
        lambda value: f"{100 * value:.0f}",
    ),
    mark("Size"): _Kind(
        "extent",
        mark("bounding box (% of square)"),
        mark(
            "The share of the square that the item's bounding box takes. Nearly every item is 28 "
            "pixels long, so small means slim."
        ),
        mark("slimmest"),
        mark("largest"),
        lambda value: f"{100 * value:.0f}",
    ),
    mark("Typicality"): _Kind(
        "oddness",
        mark("distance to class average"),
        mark(
            "The root mean square difference, in grey levels over all pixels, to the average "
            "training image of its class: small is typical."
        ),
        mark("most typical"),
        mark("oddest"),
        lambda value: f"{value:.0f}",
    ),
}


@st.fragment
def error_slices(model: Model, found: Evidence) -> None:
    """Show accuracy in ten slices of one measure, and the images of the slice that was clicked."""
    st.subheader(say("On which images it errs"), anchor=False)
    with st.container(horizontal=True, vertical_alignment="top"):
        name = st.segmented_control(
            say("Sort the images by"),
            list(_KINDS),
            default="Typicality",
            required=True,
            key="slice_by",
            format_func=say,
        )
        within = st.selectbox(
            say("Within"),
            [_EVERY, *CLASS_NAMES],
            key="slice_class",
            width=170,
            format_func=say,
            help=say(
                "Classes differ in brightness and size, and some are harder. Within one class the "
                "measure alone speaks."
            ),
        )
    kind = _KINDS[name or "Typicality"]
    labels = images("test").labels
    label = CLASS_NAMES.index(within) if within in CLASS_NAMES else None
    indices = np.arange(len(labels)) if label is None else np.flatnonzero(labels == label)
    right = found.right[indices]
    parts = slices(measure("test", kind.measure)[indices], right)
    names = [_range(part, kind) for part in parts.slices]
    worst = min(range(len(names)), key=lambda number: parts.slices[number].accuracy)
    key = f"slices_{model.name}_{kind.measure}_{label}"
    clicked = clicked_point(st.session_state.get(key, {}), len(names))
    selected = worst if clicked is None else clicked
    st.caption(say(kind.meaning))
    st.markdown(_verdict(parts, kind))
    st.echarts_chart(
        slice_chart(parts.slices, names, float(right.mean()), selected, say(kind.axis)),
        height=HEIGHT,
        key=key,
        on_select="rerun",
        alt=say("Accuracy in slices by {measure}", measure=say(kind.axis)),
    )
    st.caption(
        say(
            "{count:,} test images in {slices} slices of about the same size; bars are 95 % "
            "intervals (Wilson). Click a point to see its images.",
            count=len(indices),
            slices=len(names),
        )
    )
    _images(model, found, indices[parts.members == selected], parts.slices[selected], kind)


def _range(part: Slice, kind: _Kind) -> str:
    low, high = kind.number(part.low), kind.number(part.high)
    return low if low == high else f"{low} – {high}"


def _verdict(found: Slices, kind: _Kind) -> str:
    """Return what the two ends of the measure say, and whether they can be told apart."""
    first, last = found.slices[0], found.slices[-1]
    if len(found.slices) == 1:
        return say("All these images have the same value, so there is nothing to compare.")
    words = say(
        "Of the {least} it gets **{first}** right, of the {most} **{last}**.",
        least=say(kind.least),
        first=percent(first.accuracy),
        most=say(kind.most),
        last=percent(last.accuracy),
    )
    if first.interval[1] < last.interval[0] or last.interval[1] < first.interval[0]:
        apart = say("Their intervals lie apart: the measure makes a difference.")
    else:
        apart = say("Their intervals overlap: at the ends, no difference is certain.")
    return f"{words} {apart}"


def _images(model: Model, found: Evidence, members: np.ndarray, part: Slice, kind: _Kind) -> None:
    """Show a slice's mistakes, the surest first, or its doubtful answers where all are right."""
    wrong, measured = members[~found.right[members]], say(kind.axis)
    what = {
        "measure": measured[0].upper() + measured[1:],
        "range": _range(part, kind),
        "count": part.count,
    }
    sure = found.probabilities.max(1)
    if len(wrong):
        order = wrong[np.argsort(-sure[wrong], kind="stable")]
        words = say_count(
            "**{measure} {range}**: {number:,} mistake among its {count:,} images",
            "**{measure} {range}**: {number:,} mistakes among its {count:,} images, the surest "
            "first",
            len(wrong),
            **what,
        )
    else:
        order = members[np.argsort(sure[members], kind="stable")]
        words = say(
            "**{measure} {range}**: no mistake among its {count:,} images; the least sure first",
            **what,
        )
    st.markdown(words)
    answered_images(
        order[:SHOWN],
        found.probabilities,
        f"slice_images_{model.name}",
        label=say("Images of the slice {range}", range=_range(part, kind)),
        marks=False,
        show_captions=True,
        size="large",
    )
