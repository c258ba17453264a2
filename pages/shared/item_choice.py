"""Which item the Understand pages look at: a test image, or what the visitor classified last."""

from dataclasses import dataclass, replace

import numpy as np
import streamlit as st

from fmnist_core.data.fashion_mnist import CLASS_NAMES
from fmnist_core.preprocessing.item import Item
from fmnist_core.translation import mark, say
from pages.components.encoding import png
from pages.shared.resources import images

OWN = "own"
_CHOSEN, _BEFORE = "chosen_item", "chosen_item_before"
_OWN_ITEM = "own_item"
_ANY = mark("Any class")
_SOURCES = {
    "test": mark(":material/grid_view: Test image"),
    OWN: mark(":material/draw: Your own"),
}
_OWN_NAMES = {
    "drawing": mark("your drawing"),
    "photo": mark("your photo"),
    "dataset": mark("your picture"),
}


@dataclass(frozen=True)
class ChosenItem:
    """One item to look at.

    `array` is the uint8 (28, 28) that a network gets; `name` is what to call it in a sentence,
    such as "test image 7" or "your drawing"; `truth` is the label 0 to 9 and `index` the number
    among the test images, both None for the visitor's own.
    """

    array: np.ndarray
    name: str
    truth: int | None = None
    index: int | None = None

    @property
    def reference(self) -> str:
        """How an address names it: test-7, or own."""
        return OWN if self.index is None else f"test-{self.index}"


def remember(item: Item) -> None:
    """Keep the visitor's own picture, so that the Understand pages can look into it."""
    if not item.empty:
        st.session_state[_OWN_ITEM] = ChosenItem(item.array, _OWN_NAMES[item.kind])


def own_item() -> ChosenItem | None:
    """Return what the visitor classified last on the Classify page, or None."""
    found = st.session_state.get(_OWN_ITEM)
    return replace(found, name=say(found.name)) if isinstance(found, ChosenItem) else None


def choose_item(key: str = "item") -> ChosenItem | None:
    """Show the choice and return it; None while there is no own picture.

    The address (`?item=test-7`, `?item=own`) says what is chosen; other pages of this visitor
    begin with the same item. `key` is the parameter's name, for a page that needs two.
    """
    _read_address(key)
    reference = st.session_state[_CHOSEN]
    st.session_state[f"{key}_source"] = OWN if reference == OWN else "test"
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.segmented_control(
            say("Item"),
            list(_SOURCES),
            format_func=lambda name: say(_SOURCES[name]),
            key=f"{key}_source",
            required=True,
            on_change=_choose_source,
            args=(key,),
        )
        if reference != OWN:
            return _test_item(key, int(reference.removeprefix("test-")))
        item = own_item()
        if item is not None:
            _preview(item)
    if item is None:
        st.info(
            say("Draw, upload or photograph something on the Classify page; then come back."),
            title=say("No picture of yours yet"),
            icon=":material/draw:",
        )
        st.page_link(
            "pages/classify.py", label=say("Draw an item"), icon=":material/arrow_forward:"
        )
    return item


def _test_item(key: str, index: int) -> ChosenItem:
    data = images("test")
    truth = int(data.labels[index])
    name = say("test image {index:,}", index=index)
    item = ChosenItem(data.images[index], name, truth, index)
    st.session_state[f"{key}_index"] = index
    wanted = st.session_state.get(f"{key}_class", _ANY)
    if wanted not in (_ANY, CLASS_NAMES[truth]):
        st.session_state[f"{key}_class"] = _ANY
    st.number_input(
        say("Number"),
        0,
        len(data) - 1,
        step=1,
        key=f"{key}_index",
        on_change=_choose_index,
        args=(key,),
        width=130,
    )
    st.selectbox(
        say("Class"),
        [_ANY, *CLASS_NAMES],
        format_func=say,
        key=f"{key}_class",
        on_change=_choose_other,
        args=(key,),
        width=150,
    )
    st.button(
        say("Another one"),
        icon=":material/shuffle:",
        key=f"{key}_next",
        on_click=_choose_other,
        args=(key,),
    )
    _preview(item)
    return item


def _preview(item: ChosenItem) -> None:
    told = item.name
    if item.truth is not None:
        told = say("{item}, labelled {label}", item=told, label=say(CLASS_NAMES[item.truth]))
    large = np.kron(item.array, np.ones((3, 3), np.uint8))
    with st.container(horizontal=True, vertical_alignment="center", gap="small", width="content"):
        st.image(png(large), width=68, alt=told)
        st.caption(told[0].upper() + told[1:], width="content")


def _read_address(key: str) -> None:
    asked = st.query_params.get(key)
    st.session_state.setdefault(_CHOSEN, "test-0")
    if asked is None:
        st.query_params[key] = st.session_state[_CHOSEN]
    elif asked == OWN or _number(asked) is not None:
        st.session_state[_CHOSEN] = asked
    else:
        st.warning(
            say("The link names no item: it takes test-0 to test-9999, or own."),
            icon=":material/link_off:",
        )
        st.query_params[key] = st.session_state[_CHOSEN]


def _number(reference: str) -> int | None:
    digits = reference.removeprefix("test-")
    if digits == reference or not (digits.isascii() and digits.isdecimal()) or len(digits) > 5:
        return None
    return int(digits) if int(digits) < len(images("test")) else None


def _choose(key: str, reference: str) -> None:
    if reference == OWN:
        st.session_state[_BEFORE] = st.session_state[_CHOSEN]
    st.session_state[_CHOSEN] = reference
    st.query_params[key] = reference


def choose_test_image(index: int, key: str = "item") -> None:
    """Choose a test image in the place of what was chosen; for callbacks."""
    _choose(key, f"test-{index}")


def _choose_source(key: str) -> None:
    if st.session_state[f"{key}_source"] == OWN:
        _choose(key, OWN)
    else:
        _choose(key, st.session_state.get(_BEFORE, "test-0"))


def _choose_index(key: str) -> None:
    _choose(key, f"test-{st.session_state[f'{key}_index']}")


def _choose_other(key: str) -> None:
    """Choose a random test image of the class that is chosen."""
    labels = images("test").labels
    wanted = st.session_state[f"{key}_class"]
    among = (
        np.flatnonzero(labels == CLASS_NAMES.index(wanted))
        if wanted in CLASS_NAMES
        else np.arange(len(labels))
    )
    _choose(key, f"test-{int(np.random.default_rng().choice(among))}")
