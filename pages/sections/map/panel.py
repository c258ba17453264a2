"""What is chosen on the map: one item with its neighbours, or the items of an encircled region."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from fmnist_core.data import atlas, projection
from fmnist_core.data.fashion_mnist import CLASS_NAMES
from fmnist_core.evaluation.metrics import wilson
from fmnist_core.figures.colors import class_colors
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
            st.caption(f"The star is {own.name} from the Classify page.")


def _nothing() -> None:
    st.info(
        "Point at the map to see an item, tap or click it to meet its neighbours, or encircle a "
        "region with **Lasso**.",
        title="Nothing chosen yet",
        icon=":material/touch_app:",
    )
    if own_item() is None:
        st.page_link(
            "pages/classify.py", label="Put your own drawing on the map", icon=":material/draw:"
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
            alt=f"{CLASS_NAMES[label]}, {split} image {index}",
        )
        with st.container(gap="small"):
            st.markdown(f"**{CLASS_NAMES[label]}**, {_NAMES[split]} image {index:,}")
            st.caption(_answer(shown, item, label))
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.page_link(
                    "pages/browse.py",
                    label="Its pixels",
                    icon=":material/grid_view:",
                    query_params={"image": f"{split}-{index}"},
                )
                st.button(
                    "Close", icon=":material/close:", type="tertiary", on_click=choose, args=(None,)
                )
    _sheet(near, label, "Nearest by pixels", "of 60,000 training images", "map_near_pixels")
    _near_features(shown, item, image, label)


_NAMES = {"train": "training", "test": "test"}


def _answer(shown: Map, item: int, label: int) -> str:
    values = shown.probabilities[item]
    if np.isnan(values[0]):
        return f"Not judged: {plain(shown.judge)} has answered for the 10,000 test images only."
    answer = int(values.argmax())
    verdict = "as labelled" if answer == label else f"not {CLASS_NAMES[label]}"
    sure = percent(float(values.max()), 0)
    return f"Taken for {CLASS_NAMES[answer]} with {sure}, {verdict}, by {plain(shown.judge)}."


def _near_features(shown: Map, item: int, image: np.ndarray, label: int) -> None:
    found, model = shown.features, shown.model
    if model is None:
        st.caption("Map by **Network** to see what a network finds similar instead.")
        return
    if found is None:
        if not st.toggle(f"Also as {plain(model.title)} sees it", key="map_features_too"):
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
        f"Nearest for {plain(model.title)}",
        f"of 10,000 test images, by the {min(found.width, 32)} main directions of its "
        f"{found.width:,} features ({percent(found.kept, 0)} of their variance)",
        "map_near_features",
    )


def _sheet(items: Sequence[int] | np.ndarray, label: int, title: str, among: str, key: str) -> None:
    labels = atlas.labels()[items]
    agreeing = int((labels == label).sum())
    st.markdown(f"**{title}**: {agreeing} of {len(labels)} carry the same label")
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
    st.caption(among[0].upper() + among[1:] + ".")


def _caption(item: int) -> str:
    split, index = atlas.place(item)
    return f"{CLASS_NAMES[atlas.labels()[item]]} · {_NAMES[split]} image {index:,}"


# A region


def _region(shown: Map, lasso: np.ndarray) -> None:
    items = shown.first + np.flatnonzero(projection.inside(shown.places, lasso))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{len(items):,} items** in this region")
        st.button("Clear", icon=":material/close:", type="tertiary", on_click=choose, args=(None,))
    if not len(items):
        st.caption("No item lies inside. Press Lasso and draw around some points.")
        return
    labels = atlas.labels()[items]
    counts = np.bincount(labels, minlength=10)
    order = [label for label in np.argsort(-counts, kind="stable") if counts[label]]
    st.markdown(
        " · ".join(
            f"{CLASS_NAMES[label]} {percent(counts[label] / len(items), 0)} ({counts[label]:,})"
            for label in order[:4]
        )
        + (f" · {len(order) - 4} more classes" if len(order) > 4 else "")
    )
    judged = ~np.isnan(shown.probabilities[items, 0])
    if judged.any():
        right = shown.probabilities[items].argmax(1)[judged] == labels[judged]
        low, high = wilson(int(right.sum()), len(right))
        st.caption(
            f"{percent(right.mean())} of {len(right):,} are recognised (95 % interval "
            f"{percent(low)} to {percent(high)}) by {plain(shown.judge)}."
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
        label="Items in the region",
        on_click=choose,
    )
