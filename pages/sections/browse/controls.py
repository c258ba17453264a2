"""What a visitor chooses on the browse page, kept in its address."""

from collections.abc import Collection

import streamlit as st

from fmnist_core.data.fashion_mnist import CLASS_NAMES, Split
from fmnist_core.guide.glossary import explain
from pages.components.contact_sheet import Size
from pages.shared.collection import SORTS

VIEWS = ("Images", "Classes", "Pixels", "First nine")
SPLITS: dict[str, Split] = {"Training": "train", "Test": "test"}
PER_PAGE: dict[int, Size] = {25: "huge", 100: "medium", 400: "small"}
DEFAULT_PER_PAGE = 100
LINK = ":material/link_off:"

# What a link may say, by its parameter: the name on screen, the values, and what comes instead.
PARAMETERS: dict[str, tuple[str, Collection[str], str]] = {
    "view": ("a view", VIEWS, "the images"),
    "split": ("a split", SPLITS, "the training images"),
    "class": ("a class", CLASS_NAMES, "the classes that exist"),
    "sort": ("an order", SORTS, "the order of the data set"),
    "size": ("a page size", {str(n) for n in PER_PAGE}, f"{DEFAULT_PER_PAGE} images a page"),
}


def link_problems() -> list[str]:
    """Return one sentence for each part of the page's address that cannot be used."""
    return [
        f"The link asks for {name} that does not exist. You see {instead}."
        for key, (name, values, instead) in PARAMETERS.items()
        # Once a control exists, it keeps its part of the address in order.
        if key not in st.session_state and not set(st.query_params.get_all(key)) <= set(values)
    ]


def current_split() -> Split:
    """Return the split that the control `choose_split` shows."""
    return SPLITS.get(st.session_state.get("split", ""), "train")


def back_to_first_page() -> None:
    """Show the first page on the next run; for callbacks."""
    st.session_state["page"] = 1


def choose_split() -> None:
    """Show the control for training or test images."""
    st.segmented_control(
        "Split",
        list(SPLITS),
        default="Training",
        required=True,
        key="split",
        bind="query-params",
        on_change=back_to_first_page,
        help=explain(
            "test-set",
            "Networks learn from the 60,000 training images; test images measure what they learnt.",
        ),
    )


def choose_classes() -> list[str]:
    """Show the ten classes; return the names of the chosen ones, none for all."""
    return list(
        st.pills(
            "Classes",
            CLASS_NAMES,
            selection_mode="multi",
            key="class",
            bind="query-params",
            on_change=back_to_first_page,
            # One row that scrolls sideways: on a phone the images come first.
            wrap=False,
            label_visibility="collapsed",
        )
    )


def choose_page(count: int) -> slice:
    """Show the page number; return which of `count` images are on that page."""
    asked = st.query_params.get("page", "1") if "page" not in st.session_state else "1"
    per_page = st.session_state.get("size", DEFAULT_PER_PAGE)
    # A browser may send any number; only the three sizes are shown.
    per_page = per_page if per_page in PER_PAGE else DEFAULT_PER_PAGE
    pages = -(-count // per_page)
    if asked not in {str(number) for number in range(1, pages + 1)}:
        st.warning(f"The link asks for a page outside 1 to {pages:,}. You see page 1.", icon=LINK)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        page = st.pagination(pages, key="page", bind="query-params")
        st.caption(f"{count:,} images")
    return slice((page - 1) * per_page, page * per_page)
