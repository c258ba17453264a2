"""The four views of the browse page: images, classes, pixels, and the first nine."""

from collections.abc import Collection

import numpy as np
import streamlit as st

from fmnist_core.dataset import CLASS_NAMES, Split
from fmnist_core.statistics import class_counts
from pages.shared import collection
from pages.shared.collection import EXPLANATIONS, SORTS, Reference
from pages.shared.contact_sheet import Size, contact_sheet
from pages.shared.image_detail import open_image
from pages.shared.resources import images

VIEWS = ("Images", "Classes", "Pixels", "First nine")
SPLITS: dict[str, Split] = {"Training": "train", "Test": "test"}
PER_PAGE: dict[int, Size] = {25: "huge", 100: "medium", 400: "small"}
DEFAULT_PER_PAGE = 100
LINK = ":material/link_off:"

# Which part of the data to count: presets train on the first images and validate on the last.
PARTS: dict[str, tuple[Split, slice]] = {
    "All training": ("train", slice(None)),
    "First 20,000": ("train", slice(20_000)),
    "Last 5,000": ("train", slice(-5_000, None)),
    "Test": ("test", slice(None)),
}

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


def _back_to_first_page() -> None:
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
        on_change=_back_to_first_page,
        help="Networks learn from the 60,000 training images. The 10,000 test images, never "
        "trained on, measure what they learnt.",
    )


def _choose_classes() -> list[str]:
    return list(
        st.pills(
            "Classes",
            CLASS_NAMES,
            selection_mode="multi",
            key="class",
            bind="query-params",
            on_change=_back_to_first_page,
            # One row that scrolls sideways: on a phone the images come first.
            wrap=False,
            label_visibility="collapsed",
        )
    )


def _choose_page(count: int) -> slice:
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


def image_grid() -> np.ndarray:
    """Show the filters and one page of images; return the indices of all that pass the filters."""
    split = current_split()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        sort = st.selectbox(
            "Order",
            list(SORTS),
            key="sort",
            bind="query-params",
            on_change=_back_to_first_page,
            width=184,
            label_visibility="collapsed",
        )
        per_page = st.segmented_control(
            "Images a page",
            list(PER_PAGE),
            default=DEFAULT_PER_PAGE,
            required=True,
            key="size",
            bind="query-params",
            on_change=_back_to_first_page,
            label_visibility="collapsed",
        )
        classes = _choose_classes()
    with st.spinner("Measuring all images, once…"):
        found = collection.chosen(split, classes, sort)
    shown = found[_choose_page(len(found))]
    labels = images(split).labels[shown]
    contact_sheet(
        images(split).images[shown],
        [f"{CLASS_NAMES[at]} · {index:,}" for at, index in zip(labels, shown, strict=True)],
        "browse_sheet",
        ids=shown,
        size=PER_PAGE.get(per_page or 0, "medium"),
        label=f"{split} images",
        on_click=lambda index: open_image(Reference(split, index)),
    )
    if sort in EXPLANATIONS:
        st.caption(EXPLANATIONS[sort])
    return found


def _only(label: int) -> None:
    """Open the images of one class; for callbacks."""
    if "class" not in st.session_state:
        # Streamlit writes a control's value into the address only if it was on screen before.
        st.query_params["class"] = CLASS_NAMES[label]
    st.session_state["class"] = [CLASS_NAMES[label]]
    st.session_state["view"] = VIEWS[0]
    _back_to_first_page()


def class_overview() -> None:
    """Show what each class looks like on average, how it varies, and how many there are."""
    from fmnist_core.figures import CHART_CONFIG
    from fmnist_core.figures_browse import class_balance

    split = current_split()
    found = collection.class_images(split)
    st.subheader("The average of each class", anchor=False)
    st.caption("All images of a class laid over each other. Click one to see the whole class.")
    _class_sheet("Average", found.mean)
    most = found.deviation.max()
    st.subheader("Where they differ", anchor=False)
    st.caption(
        "The standard deviation of each pixel: black where all images of the class agree, "
        f"white where they differ most (by {most:.0f} grey levels)."
    )
    _class_sheet("Variation", found.deviation * (255 / most))
    _extremes(split)
    st.subheader("How many of each", anchor=False)
    part = st.segmented_control("Count", list(PARTS), default="All training", required=True)
    of, which = PARTS.get(part, PARTS["All training"])
    counts = class_counts(images(of).labels[which])
    st.plotly_chart(class_balance(counts), config=CHART_CONFIG, key="browse_balance")
    if counts.min() == counts.max():
        st.caption("Perfectly balanced: always guessing the same class is right 10 % of the time.")
    else:
        st.caption(
            f"Between {counts.min():,} and {counts.max():,} of each: always guessing the most "
            f"frequent class is right {counts.max() / counts.sum():.1%} of the time."
        )


def _class_sheet(name: str, pictures: np.ndarray) -> None:
    contact_sheet(
        np.rint(pictures).astype(np.uint8),
        CLASS_NAMES,
        f"browse_{name.lower()}",
        size="large",
        show_captions=True,
        label=f"{name} image of each class",
        on_click=_only,
    )


def _extremes(split: Split) -> None:
    data = images(split)
    odd = collection.measure(split, "oddness")
    for title, pick in (("The most typical of each class", np.argmin), ("The least", np.argmax)):
        members = [np.flatnonzero(data.labels == label) for label in range(len(CLASS_NAMES))]
        found = [int(indices[pick(odd[indices])]) for indices in members]
        st.subheader(title, anchor=False)
        contact_sheet(
            data.images[found],
            [f"{name} · {index:,}" for name, index in zip(CLASS_NAMES, found, strict=True)],
            f"browse_{pick.__name__}",
            ids=found,
            size="large",
            show_captions=True,
            label=title,
            on_click=lambda index: open_image(Reference(split, index)),
        )


def pixel_values() -> None:
    """Show how often each grey level occurs, and the two numbers used for normalising."""
    from fmnist_core.figures import CHART_CONFIG
    from fmnist_core.figures_browse import pixel_values as chart

    split = current_split()
    classes = _choose_classes()
    wanted = [at for at, name in enumerate(CLASS_NAMES) if name in classes] or range(10)
    histogram = collection.histogram(split)[list(wanted)].sum(axis=0)
    pixels = histogram.sum()
    values = np.arange(256) / 255
    mean = (histogram @ values) / pixels
    deviation = np.sqrt((histogram @ values**2) / pixels - mean**2)
    st.plotly_chart(chart(histogram), config=CHART_CONFIG, key="browse_histogram")
    st.markdown(
        f"**{histogram[0] / pixels:.1%}** of these {pixels:,} pixels are background, exactly 0. "
        f"Divided by 255, as a network gets them, they have mean **{mean:.4f}** and standard "
        f"deviation **{deviation:.4f}**."
    )


def first_nine() -> None:
    """Show the first nine training images, 3×3, with their labels."""
    data = images("train")
    st.caption(
        "The first nine training images with their labels: the sample that *128-64 with logits* "
        "starts with. Same images, same order for everyone."
    )
    with st.container(width=480):
        contact_sheet(
            data.images[:9],
            [CLASS_NAMES[label] for label in data.labels[:9]],
            "browse_first_nine",
            size="large",
            columns=3,
            show_captions=True,
            label="First nine training images",
            on_click=lambda index: open_image(Reference("train", index)),
        )
