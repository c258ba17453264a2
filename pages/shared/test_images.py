"""Test images with what a model says about them: grids to click, and one image up close."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from fmnist_core.dataset import CLASS_NAMES
from fmnist_core.figures import CHART_CONFIG, class_colors, probability_bars
from pages.shared.contact_sheet import Size, contact_sheet
from pages.shared.resources import images


def answered_images(
    indices: Sequence[int] | np.ndarray,
    probabilities: np.ndarray,
    key: str,
    *,
    label: str,
    size: Size = "medium",
    marks: bool = True,
    show_captions: bool = False,
) -> None:
    """Show the test images of `indices` with the model's answers; a click opens one up close.

    `probabilities` is (10000, 10), for all test images. `marks` puts a cross on wrong answers.
    """
    data, chosen = images("test"), np.asarray(indices, int)
    answers, truths = probabilities[chosen].argmax(1), data.labels[chosen]
    sure = probabilities[chosen].max(1)
    clicked = contact_sheet(
        data.images[chosen],
        [
            f"{CLASS_NAMES[answer]} {share:.0%}"
            + ("" if answer == truth else f", is {CLASS_NAMES[truth]}")
            for answer, share, truth in zip(answers, sure, truths, strict=True)
        ],
        key,
        ids=chosen,
        marks=["" if right else "✗" for right in answers == truths] if marks else None,
        colors=class_colors(answers),
        size=size,
        show_captions=show_captions,
        label=label,
    )
    if clicked is not None:
        _up_close(clicked, probabilities[clicked])


@st.dialog("Up close", width="medium")
def _up_close(index: int, probabilities: np.ndarray) -> None:
    data = images("test")
    truth, answer = int(data.labels[index]), int(probabilities.argmax())
    if truth == answer:
        st.markdown(f"Test image {index:,}: **{CLASS_NAMES[truth]}**, recognised.")
    else:
        st.markdown(
            f"Test image {index:,}: labelled **{CLASS_NAMES[truth]}**, taken for "
            f"**{CLASS_NAMES[answer]}**. Is it a slip of the network, or of the label?"
        )
    picture, bars = st.columns([2, 3], vertical_alignment="center")
    # Enlarged without smoothing: these 784 squares are all that the network sees.
    picture.image(
        np.kron(data.images[index], np.ones((10, 10), np.uint8)),
        alt=f"Test image {index}, {CLASS_NAMES[truth]}",
    )
    bars.plotly_chart(
        probability_bars(probabilities, truth=truth),
        config=CHART_CONFIG,
        alt="Probability of each class",
    )
    with st.container(horizontal=True):
        st.page_link(
            "pages/browse.py",
            label="Its neighbours in the data",
            icon=":material/grid_view:",
            query_params={"image": f"test-{index}"},
        )
