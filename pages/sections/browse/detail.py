"""One image of the data set, opened large: its pixels, its label, its nearest neighbours."""

import numpy as np
import streamlit as st

from fmnist_core.data import statistics
from fmnist_core.data.fashion_mnist import CLASS_NAMES
from fmnist_core.translation import mark, say
from pages.components.contact_sheet import contact_sheet
from pages.components.pixel_view import pixel_view
from pages.shared import collection
from pages.shared.collection import SIZES, Reference
from pages.shared.resources import images

# The text field whose value is the open image; it is bound to the URL.
KEY = "image"
TITLES = {
    "train": mark("{label} · training image {index:,}"),
    "test": mark("{label} · test image {index:,}"),
}
NEIGHBOURS = 8


def open_image(reference: Reference | None) -> None:
    """Open this image, or none, on the next run; for callbacks."""
    st.session_state[KEY] = "" if reference is None else str(reference)


def show_image(reference: Reference, listed: np.ndarray | None) -> None:
    """Show one image in a dialog.

    Previous and Next walk through the indices `listed`, if the image is one of them, and else
    through its whole split.
    """
    dialog = st.dialog(_title(reference), width="large", on_dismiss=lambda: open_image(None))
    dialog(_content)(reference, listed)


def _title(reference: Reference) -> str:
    label = say(CLASS_NAMES[images(reference.split).labels[reference.index]])
    return say(TITLES[reference.split], label=label, index=reference.index)


def _content(reference: Reference, listed: np.ndarray | None) -> None:
    data = images(reference.split)
    image = data.images[reference.index]
    label = int(data.labels[reference.index])
    left, right = st.columns([6, 5], gap="medium")
    with left:
        _step_buttons(reference, listed)
        pixel_view(image, _title(reference), "browse_pixels")
    with right:
        # An empty place first: the picture must not wait for the measurements.
        facts, neighbours = st.container(), st.container()
        with facts:
            _facts(reference, label)
        with neighbours:
            _neighbours(reference, image, label)


def _step_buttons(reference: Reference, listed: np.ndarray | None) -> None:
    walk = np.arange(SIZES[reference.split]) if listed is None else listed
    found = np.flatnonzero(walk == reference.index)
    if len(found) == 0:
        walk = np.arange(SIZES[reference.split])
        found = np.array([reference.index])
    position = int(found[0])
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for text, icon, shortcut, there in (
            (say("Previous"), ":material/arrow_back:", "Left", position - 1),
            (say("Next"), ":material/arrow_forward:", "Right", position + 1),
        ):
            inside = 0 <= there < len(walk)
            target = Reference(reference.split, int(walk[there])) if inside else None
            st.button(
                text,
                icon=icon,
                shortcut=shortcut,
                disabled=not inside,
                on_click=_go,
                args=(target,),
            )
        st.caption(say("{position:,} of {count:,}", position=position + 1, count=len(walk)))


def _go(target: Reference | None) -> None:
    open_image(target)
    # A dialog reruns alone; the address bar belongs to the field outside it.
    st.rerun()


def _facts(reference: Reference, label: int) -> None:
    split, index = reference.split, reference.index
    odd = collection.measure(split, "oddness")
    same_class = odd[images(split).labels == label]
    more_typical = float((same_class > odd[index]).mean())
    image = images(split).images[[index]]
    closer = {
        "train": mark(
            "Closer to the average of its class than **{share:.0f} %** of the {count:,} training "
            "images with this label."
        ),
        "test": mark(
            "Closer to the average of its class than **{share:.0f} %** of the {count:,} test "
            "images with this label."
        ),
    }
    lines = (
        say("Label **{number}, {name}**", number=label, name=say(CLASS_NAMES[label])),
        say(
            "Ink covers **{share:.0f} %** of the square, with a mean brightness of "
            "**{brightness:.0f}** of 255.",
            share=100 * statistics.ink(image)[0],
            brightness=statistics.brightness(image)[0],
        ),
        say(closer[split], share=100 * more_typical, count=len(same_class)),
    )
    st.markdown("  \n".join(lines))


def _neighbours(reference: Reference, image: np.ndarray, label: int) -> None:
    train = images("train")
    with st.spinner(say("Comparing with 60,000 training images…")):
        own = reference.index if reference.split == "train" else None
        found, distances = collection.neighbour_index().nearest(image, NEIGHBOURS, own)
    labels = train.labels[found]
    agreeing = int((labels == label).sum())
    st.markdown(
        say(
            "**Nearest training images**: {agreeing} of {count} carry the same label.",
            agreeing=agreeing,
            count=NEIGHBOURS,
        ),
        help=say(
            "Compared pixel by pixel. The number is the root mean square difference in grey "
            "levels: 0 means identical, 255 means black against white everywhere."
        ),
    )
    contact_sheet(
        train.images[found],
        [
            say("{label}\ndistance {distance:.0f}", label=say(CLASS_NAMES[at]), distance=distance)
            for at, distance in zip(labels, distances, strict=True)
        ],
        "browse_neighbours",
        ids=found,
        marks=["" if same else "≠" for same in labels == label],
        columns=4,
        show_captions=True,
        label=say("Nearest training images"),
        on_click=lambda index: _go(Reference("train", index)),
    )
