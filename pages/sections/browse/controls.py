"""What a visitor chooses on the browse page, kept in its address."""

from collections.abc import Collection

import streamlit as st

from fmnist_core.data.fashion_mnist import CLASS_NAMES, Split
from fmnist_core.guide.glossary import explain
from fmnist_core.translation import mark, say, say_count
from pages.components.contact_sheet import Size
from pages.shared.collection import SORTS
from pages.shared.language import links

VIEWS = (mark("Images"), mark("Classes"), mark("Pixels"), mark("First nine"))
SPLITS: dict[str, Split] = {mark("Training"): "train", mark("Test"): "test"}
PER_PAGE: dict[int, Size] = {25: "huge", 100: "medium", 400: "small"}
DEFAULT_PER_PAGE = 100
LINK = ":material/link_off:"

# What a link may say, by its parameter: the values, and the sentence for another one.
PARAMETERS: dict[str, tuple[Collection[str], str]] = {
    "view": (VIEWS, mark("The link asks for a view that does not exist. You see the images.")),
    "split": (
        SPLITS,
        mark("The link asks for a split that does not exist. You see the training images."),
    ),
    "class": (
        CLASS_NAMES,
        mark("The link asks for a class that does not exist. You see the classes that exist."),
    ),
    "sort": (
        SORTS,
        mark("The link asks for an order that does not exist. You see the order of the data set."),
    ),
    "size": (
        {str(n) for n in PER_PAGE},
        mark("The link asks for a page size that does not exist. You see 100 images a page."),
    ),
}


def link_problems() -> list[str]:
    """Return one sentence for each part of the page's address that cannot be used."""
    return [
        say(sentence)
        for key, (values, sentence) in PARAMETERS.items()
        # Once a control exists, it keeps its part of the address in order.
        if key not in st.session_state and None in links.in_any_language(key, values)
    ]


def follow_link() -> None:
    """Choose what a link says that was made in another language than the visitor's."""
    for key, (values, _) in PARAMETERS.items():
        links.follow_link(key, values, shown=key == "view", several=key == "class")


def current_split() -> Split:
    """Return the split that the control `choose_split` shows."""
    return SPLITS.get(st.session_state.get("split", ""), "train")


def back_to_first_page() -> None:
    """Show the first page on the next run; for callbacks."""
    st.session_state["page"] = 1


def choose_split() -> None:
    """Show the control for training or test images."""
    st.segmented_control(
        say("Split"),
        list(SPLITS),
        format_func=say,
        default="Training",
        required=True,
        key="split",
        bind="query-params",
        on_change=back_to_first_page,
        help=explain(
            "test-set",
            say(
                "Networks learn from the 60,000 training images; test images measure what they "
                "learnt."
            ),
        ),
    )


def choose_classes() -> list[str]:
    """Show the ten classes; return the names of the chosen ones, none for all."""
    return list(
        st.pills(
            say("Classes"),
            CLASS_NAMES,
            format_func=say,
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
        st.warning(
            say("The link asks for a page outside 1 to {pages:,}. You see page 1.", pages=pages),
            icon=LINK,
        )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        page = st.pagination(pages, key="page", bind="query-params")
        st.caption(say_count("{number:,} image", "{number:,} images", count))
    return slice((page - 1) * per_page, page * per_page)
