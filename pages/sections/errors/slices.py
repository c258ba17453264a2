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
from fmnist_core.wording import percent
from pages.shared.answered_images import answered_images
from pages.shared.collection import Measure, measure
from pages.shared.evidence import Evidence
from pages.shared.resources import images

SHOWN = 24
_EVERY = "All classes"


@dataclass(frozen=True)
class _Kind:
    """A measure on screen: its axis, what it means, the ends of it, and how a value is written."""

    measure: Measure
    axis: str
    meaning: str
    least: str
    most: str
    number: Callable[[float], str]


_KINDS = {
    "Brightness": _Kind(
        "brightness",
        "mean grey level",
        "The mean grey level of the item, 0 to 255, background left out.",
        "darkest",
        "brightest",
        lambda value: f"{value:.0f}",
    ),
    "Ink": _Kind(
        "ink",
        "inked pixels (%)",
        "The share of the square's 784 pixels that the item covers.",
        "least inked",
        "most inked",
        lambda value: f"{100 * value:.0f}",
    ),
    "Size": _Kind(
        "extent",
        "bounding box (% of square)",
        "The share of the square that the item's bounding box takes. Nearly every item is 28 "
        "pixels long, so small means slim.",
        "slimmest",
        "largest",
        lambda value: f"{100 * value:.0f}",
    ),
    "Typicality": _Kind(
        "oddness",
        "distance to class average",
        "The root mean square difference, in grey levels over all pixels, to the average training "
        "image of its class: small is typical.",
        "most typical",
        "oddest",
        lambda value: f"{value:.0f}",
    ),
}


@st.fragment
def error_slices(model: Model, found: Evidence) -> None:
    """Show accuracy in ten slices of one measure, and the images of the slice that was clicked."""
    st.subheader("On which images it errs", anchor=False)
    with st.container(horizontal=True, vertical_alignment="top"):
        name = st.segmented_control(
            "Sort the images by", list(_KINDS), default="Typicality", required=True, key="slice_by"
        )
        within = st.selectbox(
            "Within",
            [_EVERY, *CLASS_NAMES],
            key="slice_class",
            width=170,
            help="Classes differ in brightness and size, and some are harder. Within one class the "
            "measure alone speaks.",
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
    st.caption(kind.meaning)
    st.markdown(_verdict(parts, kind))
    st.echarts_chart(
        slice_chart(parts.slices, names, float(right.mean()), selected, kind.axis),
        height=HEIGHT,
        key=key,
        on_select="rerun",
        alt=f"Accuracy in slices by {kind.axis}",
    )
    st.caption(
        f"{len(indices):,} test images in {len(names)} slices of about the same size; bars are "
        "95 % intervals (Wilson). Click a point to see its images."
    )
    _images(model, found, indices[parts.members == selected], parts.slices[selected], kind)


def _range(part: Slice, kind: _Kind) -> str:
    low, high = kind.number(part.low), kind.number(part.high)
    return low if low == high else f"{low} – {high}"


def _verdict(found: Slices, kind: _Kind) -> str:
    """Return what the two ends of the measure say, and whether they can be told apart."""
    first, last = found.slices[0], found.slices[-1]
    if len(found.slices) == 1:
        return "All these images have the same value, so there is nothing to compare."
    words = (
        f"Of the {kind.least} it gets **{percent(first.accuracy)}** right, of the {kind.most} "
        f"**{percent(last.accuracy)}**. "
    )
    if first.interval[1] < last.interval[0] or last.interval[1] < first.interval[0]:
        return words + "Their intervals lie apart: the measure makes a difference."
    return words + "Their intervals overlap: at the ends, no difference is certain."


def _images(model: Model, found: Evidence, members: np.ndarray, part: Slice, kind: _Kind) -> None:
    """Show a slice's mistakes, the surest first, or its doubtful answers where all are right."""
    wrong = members[~found.right[members]]
    sure = found.probabilities.max(1)
    if len(wrong):
        order = wrong[np.argsort(-sure[wrong], kind="stable")]
        words = f"{len(wrong):,} mistakes among its {part.count:,} images, the surest first"
    else:
        order = members[np.argsort(sure[members], kind="stable")]
        words = f"no mistake among its {part.count:,} images; the least sure first"
    st.markdown(f"**{kind.axis[0].upper() + kind.axis[1:]} {_range(part, kind)}**: {words}")
    answered_images(
        order[:SHOWN],
        found.probabilities,
        f"slice_images_{model.name}",
        label=f"Images of the slice {_range(part, kind)}",
        marks=False,
        show_captions=True,
        size="large",
    )
