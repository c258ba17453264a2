"""What is chosen on the map: one item with its neighbours, or the items of an encircled region."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from fmnist_core.data import atlas, projection
from fmnist_core.data.fashion_mnist import CLASS_NAMES
from fmnist_core.evaluation.metrics import wilson
from fmnist_core.figures.colors import class_colors
from fmnist_core.translation import digits, mark, say, say_count
from fmnist_core.wording import percent
from pages.components.contact_sheet import contact_sheet
from pages.components.encoding import png
from pages.components.item_map import map_pictures, map_selection
from pages.sections.map.layouts import NAME, Map, features_of
from pages.shared import collection
from pages.shared.collection import Reference, parse_reference
from pages.shared.item_choice import own_item
from pages.shared.markdown import plain
from pages.shared.resources import classifier_of

KEY = "image"  # the address says which item is chosen: ?image=train-123
_LASSO = "map_lasso"
_NEIGHBOURS = 8
_A_PAGE = 120


def chosen() -> int | None:
    """Return the number of the item that the address names, or None."""
    reference = parse_reference(st.query_params.get(KEY, ""), "train")
    return None if reference is None else atlas.number(reference.split, reference.index)


def choose(item: int | None) -> None:
    """Choose an item, or none, and let go of the region; for callbacks."""
    st.session_state.pop(_LASSO, None)
    if item is None:
        st.query_params.pop(KEY, None)
    else:
        st.query_params[KEY] = str(Reference(*atlas.place(item)))


@st.fragment
def pictures() -> None:
    """Answer the map's questions for small pictures."""
    map_pictures(atlas.pictures, atlas.ITEMS, NAME)


@st.fragment
def panel(shown: Map) -> None:
    """Show what is chosen, and mark it on the map."""
    item, own = chosen(), own_item()
    near = _near_pixels(item) if item is not None else np.empty(0, np.int64)
    # What the browser gets takes no room, but the gap before the next element does.
    body = st.container()
    spot = None
    if item is not None and not shown.first <= item < shown.first + shown.count:
        spot = shown.spot(atlas.pictures([item])[0])
    event = map_selection(
        NAME,
        selected=item,
        spot=spot,
        neighbours=near,
        own=None if own is None else shown.spot(own.array),
        lasso=st.session_state.get(_LASSO),
    )
    if event is not None:
        if event.picked is not None:
            choose(event.picked)
        else:
            choose(None)
            st.session_state[_LASSO] = event.lasso
        st.rerun(scope="fragment")
    lasso: np.ndarray | None = st.session_state.get(_LASSO)
    with body:
        if lasso is not None:
            _region(shown, lasso)
        elif item is not None:
            _item(shown, item, near)
        else:
            _nothing()
        if own is not None:
            st.caption(say("The star is {item} from the Classify page.", item=own.name))


def _nothing() -> None:
    st.info(
        say(
            "Point at the map to see an item, tap or click it to meet its neighbours, or encircle "
            "a region with **Lasso**."
        ),
        title=say("Nothing chosen yet"),
        icon=":material/touch_app:",
    )
    if own_item() is None:
        st.page_link(
            "pages/classify.py",
            label=say("Put your own drawing on the map"),
            icon=":material/draw:",
        )


# One item


def _near_pixels(item: int) -> np.ndarray:
    own = item if item < atlas.TRAIN else None
    image = atlas.pictures([item])[0]
    return collection.neighbour_index().nearest(image, _NEIGHBOURS, own)[0]


def _item(shown: Map, item: int, near: np.ndarray) -> None:
    split, index = atlas.place(item)
    label = int(atlas.labels()[item])
    image = atlas.pictures([item])[0]
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.image(
            png(np.kron(image, np.ones((5, 5), np.uint8))),
            width=120,
            alt=say(_ALTS[split], name=say(CLASS_NAMES[label]), index=index),
        )
        with st.container(gap="small"):
            st.markdown(say(_TITLES[split], name=say(CLASS_NAMES[label]), index=index))
            st.caption(_answer(shown, item, label))
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.page_link(
                    "pages/browse.py",
                    label=say("Its pixels"),
                    icon=":material/grid_view:",
                    query_params={"image": f"{split}-{index}"},
                )
                st.button(
                    say("Close"),
                    icon=":material/close:",
                    type="tertiary",
                    on_click=choose,
                    args=(None,),
                )
    _sheet(
        near, label, say("Nearest by pixels"), say("Of 60,000 training images."), "map_near_pixels"
    )
    _near_features(shown, item, image, label)


_ALTS = {
    "train": mark("{name}, train image {index}"),
    "test": mark("{name}, test image {index}"),
}
_TITLES = {
    "train": mark("**{name}**, training image {index:,}"),
    "test": mark("**{name}**, test image {index:,}"),
}
_CAPTIONS = {
    "train": mark("{name} · training image {index:,}"),
    "test": mark("{name} · test image {index:,}"),
}


def _answer(shown: Map, item: int, label: int) -> str:
    values = shown.probabilities[item]
    if np.isnan(values[0]):
        return say(
            "Not judged: {judge} has answered for the 10,000 test images only.",
            judge=plain(shown.judge),
        )
    answer = int(values.argmax())
    return say(
        mark("Taken for {answer} with {sure}, as labelled, by {judge}.")
        if answer == label
        else mark("Taken for {answer} with {sure}, not {label}, by {judge}."),
        answer=say(CLASS_NAMES[answer]),
        sure=percent(float(values.max()), 0),
        label=say(CLASS_NAMES[label]),
        judge=plain(shown.judge),
    )


def _near_features(shown: Map, item: int, image: np.ndarray, label: int) -> None:
    found, model = shown.features, shown.model
    if model is None:
        st.caption(say("Map by **Network** to see what a network finds similar instead."))
        return
    if found is None:
        also = say("Also as {model} sees it", model=plain(model.title))
        if not st.toggle(also, key="map_features_too"):
            return
        found = features_of(model)
        if found is None:
            return
    reduced = found.reduce(classifier_of(model).features(image))[0]
    own = item - atlas.TRAIN if item >= atlas.TRAIN else None
    near, _ = found.nearest(reduced, _NEIGHBOURS, own)
    _sheet(
        near + atlas.TRAIN,
        label,
        say("Nearest for {model}", model=plain(model.title)),
        say(
            "Of 10,000 test images, by the {count} main directions of its {width:,} features "
            "({share} of their variance).",
            count=min(found.width, 32),
            width=found.width,
            share=percent(found.kept, 0),
        ),
        "map_near_features",
    )


def _sheet(items: Sequence[int] | np.ndarray, label: int, title: str, among: str, key: str) -> None:
    labels = atlas.labels()[items]
    agreeing = int((labels == label).sum())
    st.markdown(
        say(
            "**{title}**: {number} of {count} carry the same label",
            title=title,
            number=agreeing,
            count=len(labels),
        )
    )
    contact_sheet(
        atlas.pictures(items),
        [_caption(int(item)) for item in items],
        key,
        ids=items,
        marks=["" if same else "≠" for same in labels == label],
        colors=class_colors(labels),
        columns=_NEIGHBOURS if len(items) == _NEIGHBOURS else None,
        label=title,
        on_click=choose,
    )
    st.caption(among)


def _caption(item: int) -> str:
    split, index = atlas.place(item)
    return say(_CAPTIONS[split], name=say(CLASS_NAMES[atlas.labels()[item]]), index=index)


# A region


def _region(shown: Map, lasso: np.ndarray) -> None:
    items = shown.first + np.flatnonzero(projection.inside(shown.places, lasso))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(say("**{count:,} items** in this region", count=len(items)))
        st.button(
            say("Clear"), icon=":material/close:", type="tertiary", on_click=choose, args=(None,)
        )
    if not len(items):
        st.caption(say("No item lies inside. Press Lasso and draw around some points."))
        return
    labels = atlas.labels()[items]
    counts = np.bincount(labels, minlength=10)
    order = [label for label in np.argsort(-counts, kind="stable") if counts[label]]
    parts = [
        f"{say(CLASS_NAMES[label])} {percent(counts[label] / len(items), 0)} "
        f"({digits(int(counts[label]), ',')})"
        for label in order[:4]
    ]
    if len(order) > 4:
        parts.append(say_count("{number} more class", "{number} more classes", len(order) - 4))
    st.markdown(" · ".join(parts))
    judged = ~np.isnan(shown.probabilities[items, 0])
    if judged.any():
        right = shown.probabilities[items].argmax(1)[judged] == labels[judged]
        low, high = wilson(int(right.sum()), len(right))
        st.caption(
            say(
                "{share} of {count:,} are recognised (95 % interval {low} to {high}) by {judge}.",
                share=percent(right.mean()),
                count=len(right),
                low=percent(low),
                high=percent(high),
                judge=plain(shown.judge),
            )
        )
    _region_sheet(items)


def _region_sheet(items: np.ndarray) -> None:
    pages = -(-len(items) // _A_PAGE)
    page = 1
    if pages > 1:
        page = st.pagination(pages, key=f"map_region_{hash(items.tobytes()) & 0xFFFFFF}")
    some = items[(page - 1) * _A_PAGE : page * _A_PAGE]
    contact_sheet(
        atlas.pictures(some),
        [_caption(int(item)) for item in some],
        "map_region_sheet",
        ids=some,
        colors=class_colors(atlas.labels()[some]),
        size="small",
        label=say("Items in the region"),
        on_click=choose,
    )
