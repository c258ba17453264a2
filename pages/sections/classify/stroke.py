"""One stroke on a test image, and whether that fools the best model."""

import numpy as np
import streamlit as st

from fmnist_core.data.fashion_mnist import CLASS_NAMES
from fmnist_core.guide.journal import Journal
from fmnist_core.guide.stroke import LONGEST, fools, read_points, with_stroke
from fmnist_core.models import catalogue
from fmnist_core.models.catalogue import ModelError
from fmnist_core.translation import mark, say
from fmnist_core.wording import percent
from pages.components.stroke_pad import stroke_pad
from pages.shared.resources import classifier_of, run_store
from pages.shared.visitor import visitor_id

INKS = {mark("White"): 255, mark("Black"): 0}
BEST = "best"


def stroke_on(image: np.ndarray, index: int, truth: int) -> np.ndarray:
    """Return test image `index`, uint8 (28, 28), with the visitor's stroke, once there is one.

    Says what *Best* makes of it, and notes in the visitor's journal when the stroke fooled it.
    """
    ink = INKS[
        st.segmented_control(
            say("Ink"),
            list(INKS),
            format_func=say,
            default="White",
            required=True,
            key="stroke_ink",
            width="content",
        )
        or "White"
    ]
    label = say(
        "Test image {index}, {label}: draw one stroke on it",
        index=index,
        label=say(CLASS_NAMES[truth]),
    )
    points = read_points(stroke_pad(image, index, label, ink=ink, longest=LONGEST))
    if points is None:
        return image
    changed = with_stroke(image, points, ink)
    _judge(image, changed, index, truth)
    return changed


def _judge(image: np.ndarray, changed: np.ndarray, index: int, truth: int) -> None:
    best = catalogue.shipped().get(BEST)
    if best is None:
        return
    try:
        before, after = classifier_of(best).probabilities(np.stack([image, changed]))
    except ModelError:
        return
    told = _told(best.title, before, after)
    if not fools(before, after, truth):
        if before.argmax() == truth:
            st.caption(f"{told}.")
        else:
            st.caption(say("{told}. It was wrong before: try another image.", told=told))
        return
    new = Journal(run_store().root, visitor_id()).note(
        "fooled",
        f"{BEST}-{index}-{int(after.argmax())}",
        told=say("test image {index:,}, {told}", index=index, told=told),
    )
    st.success(say("Fooled! {told}.", told=told), icon=":material/flag:")
    if new:
        st.page_link("pages/missions.py", label=say("To the missions"), icon=":material/flag:")


def _told(title: str, before: np.ndarray, after: np.ndarray) -> str:
    return say(
        "{model}: {before} before, {after} with your stroke",
        model=title,
        before=_said(before),
        after=_said(after),
    )


def _said(probabilities: np.ndarray) -> str:
    top = int(probabilities.argmax())
    return f"{say(CLASS_NAMES[top])} {percent(float(probabilities[top]))}"
