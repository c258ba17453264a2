"""The browse page's grid: filtered, sorted, a page at a time."""

import numpy as np
import streamlit as st

from fmnist_core.data.fashion_mnist import CLASS_NAMES
from fmnist_core.translation import digits, say
from pages.components.contact_sheet import contact_sheet
from pages.sections.browse import controls
from pages.sections.browse.controls import DEFAULT_PER_PAGE, PER_PAGE
from pages.sections.browse.detail import open_image
from pages.shared import collection
from pages.shared.collection import EXPLANATIONS, SORTS, Reference
from pages.shared.resources import images


def image_grid() -> np.ndarray:
    """Show the filters and one page of images; return the indices of all that pass the filters."""
    split = controls.current_split()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        sort = st.selectbox(
            say("Order"),
            list(SORTS),
            format_func=say,
            key="sort",
            bind="query-params",
            on_change=controls.back_to_first_page,
            width=184,
            label_visibility="collapsed",
        )
        per_page = st.segmented_control(
            say("Images a page"),
            list(PER_PAGE),
            default=DEFAULT_PER_PAGE,
            required=True,
            key="size",
            bind="query-params",
            on_change=controls.back_to_first_page,
            label_visibility="collapsed",
        )
        classes = controls.choose_classes()
    with st.spinner(say("Measuring all images, once…")):
        found = collection.chosen(split, classes, sort)
    shown = found[controls.choose_page(len(found))]
    labels = images(split).labels[shown]
    contact_sheet(
        images(split).images[shown],
        [
            f"{say(CLASS_NAMES[at])} · {digits(index, ',')}"
            for at, index in zip(labels, shown, strict=True)
        ],
        "browse_sheet",
        ids=shown,
        size=PER_PAGE.get(per_page or 0, "medium"),
        label=say("train images") if split == "train" else say("test images"),
        on_click=lambda index: open_image(Reference(split, index)),
    )
    if sort in EXPLANATIONS:
        st.caption(say(EXPLANATIONS[sort]))
    return found
