"""Images that are nearly the same picture: pairs, their labels, and what leaks into the test."""

import numpy as np
import streamlit as st

from fmnist_core.data import atlas, duplicates
from fmnist_core.data.duplicates import Kind, Pairs
from fmnist_core.data.fashion_mnist import CLASS_NAMES
from fmnist_core.figures.colors import class_colors
from fmnist_core.translation import mark, say
from fmnist_core.wording import percent
from pages.components.contact_sheet import contact_sheet
from pages.sections.detective.suspects import up_close

KINDS: dict[str, Kind] = {
    mark("Training and test"): "between",
    mark("Within training"): "train",
    mark("Within test"): "test",
}
FARTHEST = 18.0  # the shipped pairs go so far
_A_PAGE = 24  # pairs
_PAIRS_A_ROW = 4


def near_duplicates() -> None:
    """Show the pairs of one kind up to a distance that the visitor sets."""
    found = atlas.duplicates()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        name = st.segmented_control(
            say("Pairs"),
            list(KINDS),
            format_func=say,
            default=next(iter(KINDS)),
            required=True,
            key="pairs_kind",
        )
        distance = st.slider(
            say("Differ by at most (grey levels)"),
            2.0,
            FARTHEST,
            14.0,
            0.5,
            key="pairs_distance",
            width=260,
            help=say(
                "The root mean square difference over all 784 pixels, of 255. Up to about 14 two "
                "pictures are nearly always the same product; beyond, judge for yourself."
            ),
        )
        different = st.toggle(say("Only with different labels"), key="pairs_different")
    near = found.within(distance)
    kind = KINDS[str(name)]
    some = near.of_kind(kind, atlas.TRAIN)
    labels = atlas.labels()
    apart = labels[some.items[:, 0]] != labels[some.items[:, 1]]
    words = say(
        "**{count:,} pairs**; **{different:,}** carry two different labels, so at least one of "
        "these is wrong or the item belongs to both classes.",
        count=len(some.items),
        different=int(apart.sum()),
    )
    if kind == "between":
        share = duplicates.leaking(near, atlas.TRAIN, atlas.TEST)
        words += " " + say(
            "**{share}** of the 10,000 test images have such a twin in training: a network may "
            "simply remember them, and its test accuracy flatters it a little.",
            share=percent(share),
        )
    st.markdown(words)
    if different:
        some = Pairs(some.items[apart], some.distances[apart])
    if not len(some.items):
        st.info(
            say("No pair is that close. Allow a larger difference."), icon=":material/search_off:"
        )
        return
    pages = -(-min(len(some.items), 1200) // _A_PAGE)
    page = 1
    if pages > 1:
        page = st.pagination(pages, key=f"pairs_{kind}_{distance}_{different}")
    _pairs(Pairs(*(part[(page - 1) * _A_PAGE : page * _A_PAGE] for part in vars(some).values())))


def _pairs(shown: Pairs) -> None:
    items = shown.items.ravel()
    labels = atlas.labels()[items]
    apart = np.repeat(labels[::2] != labels[1::2], 2)
    clicked = contact_sheet(
        atlas.pictures(items),
        [
            _caption(int(item), int(label), float(distance))
            for item, label, distance in zip(
                items, labels, np.repeat(shown.distances, 2), strict=True
            )
        ],
        "pairs_sheet",
        ids=items,
        colors=class_colors(labels),
        marks=["≠" if differ else "" for differ in apart],
        columns=2 * _PAIRS_A_ROW,
        label=say("Near-duplicates, two by two"),
    )
    st.caption(say("Two by two, most alike first; the line below is the colour of the label."))
    if clicked is not None:
        up_close(clicked)


def _caption(item: int, label: int, distance: float) -> str:
    split, index = atlas.place(item)
    return say(
        mark("{name}\ntraining image {index:,}\ndifference {distance:.1f}")
        if split == "train"
        else mark("{name}\ntest image {index:,}\ndifference {distance:.1f}"),
        name=say(CLASS_NAMES[label]),
        index=index,
        distance=distance,
    )
