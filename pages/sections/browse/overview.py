"""The data set as a whole: averages, extremes, balance, pixel values, the first nine."""

import numpy as np
import streamlit as st

from fmnist_core.data.fashion_mnist import CLASS_NAMES, Split
from fmnist_core.data.statistics import class_counts
from fmnist_core.translation import digits, mark, say
from pages.components.contact_sheet import contact_sheet
from pages.sections.browse.controls import VIEWS, back_to_first_page, choose_classes, current_split
from pages.sections.browse.detail import open_image
from pages.shared import collection
from pages.shared.collection import Reference
from pages.shared.resources import images

# Which part of the data to count: presets train on the first images and validate on the last.
PARTS: dict[str, tuple[Split, slice]] = {
    mark("All training"): ("train", slice(None)),
    mark("First 20,000"): ("train", slice(20_000)),
    mark("Last 5,000"): ("train", slice(-5_000, None)),
    mark("Test"): ("test", slice(None)),
}


def _only(label: int) -> None:
    """Open the images of one class; for callbacks."""
    if "class" not in st.session_state:
        # Streamlit writes a control's value into the address only if it was on screen before.
        st.query_params["class"] = say(CLASS_NAMES[label])
    st.session_state["class"] = [CLASS_NAMES[label]]
    st.session_state["view"] = say(VIEWS[0])
    back_to_first_page()


def class_overview() -> None:
    """Show what each class looks like on average, how it varies, and how many there are."""
    from fmnist_core.figures.browse import class_balance
    from fmnist_core.figures.style import CHART_CONFIG

    split = current_split()
    found = collection.class_images(split)
    st.subheader(say("The average of each class"), anchor=False)
    st.caption(say("All images of a class laid over each other. Click one to see the whole class."))
    _class_sheet("browse_average", found.mean, say("Average image of each class"))
    most = found.deviation.max()
    st.subheader(say("Where they differ"), anchor=False)
    st.caption(
        say(
            "The standard deviation of each pixel: black where all images of the class agree, "
            "white where they differ most (by {most:.0f} grey levels).",
            most=most,
        )
    )
    variation = found.deviation * (255 / most)
    _class_sheet("browse_variation", variation, say("Variation image of each class"))
    _extremes(split)
    st.subheader(say("How many of each"), anchor=False)
    part = st.segmented_control(
        say("Count"), list(PARTS), format_func=say, default="All training", required=True
    )
    of, which = PARTS.get(part, PARTS["All training"])
    counts = class_counts(images(of).labels[which])
    st.plotly_chart(
        class_balance(counts),
        config=CHART_CONFIG,
        key="browse_balance",
        alt=say("Number of images of each class"),
    )
    if counts.min() == counts.max():
        st.caption(
            say("Perfectly balanced: always guessing the same class is right 10 % of the time.")
        )
    else:
        st.caption(
            say(
                "Between {fewest:,} and {most:,} of each: always guessing the most frequent class "
                "is right {share:.1f} % of the time.",
                fewest=counts.min(),
                most=counts.max(),
                share=100 * counts.max() / counts.sum(),
            )
        )


def _class_sheet(key: str, pictures: np.ndarray, label: str) -> None:
    contact_sheet(
        np.rint(pictures).astype(np.uint8),
        [say(name) for name in CLASS_NAMES],
        key,
        size="large",
        show_captions=True,
        label=label,
        on_click=_only,
    )


def _extremes(split: Split) -> None:
    data = images(split)
    odd = collection.measure(split, "oddness")
    for title, pick in (
        (say("The most typical of each class"), np.argmin),
        (say("The least"), np.argmax),
    ):
        members = [np.flatnonzero(data.labels == label) for label in range(len(CLASS_NAMES))]
        found = [int(indices[pick(odd[indices])]) for indices in members]
        st.subheader(title, anchor=False)
        contact_sheet(
            data.images[found],
            [
                f"{say(name)}\n{digits(index, ',')}"
                for name, index in zip(CLASS_NAMES, found, strict=True)
            ],
            f"browse_{pick.__name__}",
            ids=found,
            size="large",
            show_captions=True,
            label=title,
            on_click=lambda index: open_image(Reference(split, index)),
        )


def pixel_values() -> None:
    """Show how often each grey level occurs, and the two numbers used for normalising."""
    from fmnist_core.figures.browse import pixel_values as chart
    from fmnist_core.figures.style import CHART_CONFIG

    split = current_split()
    classes = choose_classes()
    wanted = [at for at, name in enumerate(CLASS_NAMES) if name in classes] or range(10)
    histogram = collection.histogram(split)[list(wanted)].sum(axis=0)
    pixels = histogram.sum()
    values = np.arange(256) / 255
    mean = (histogram @ values) / pixels
    deviation = np.sqrt((histogram @ values**2) / pixels - mean**2)
    st.plotly_chart(
        chart(histogram),
        config=CHART_CONFIG,
        key="browse_histogram",
        alt=say("How many pixels have each grey level"),
    )
    st.markdown(
        say(
            "**{share:.1f} %** of these {pixels:,} pixels are background, exactly 0. Divided by "
            "255, as a network gets them, they have mean **{mean:.4f}** and standard deviation "
            "**{deviation:.4f}**.",
            share=100 * histogram[0] / pixels,
            pixels=pixels,
            mean=mean,
            deviation=deviation,
        )
    )


def first_nine() -> None:
    """Show the first nine training images, 3×3, with their labels."""
    data = images("train")
    st.caption(
        say(
            "The first nine training images with their labels: the sample that *128-64 with "
            "logits* starts with. Same images, same order for everyone."
        )
    )
    with st.container(width=480):
        contact_sheet(
            data.images[:9],
            [say(CLASS_NAMES[label]) for label in data.labels[:9]],
            "browse_first_nine",
            size="large",
            columns=3,
            show_captions=True,
            label=say("First nine training images"),
            on_click=lambda index: open_image(Reference("train", index)),
        )
