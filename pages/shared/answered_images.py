"""Test images with what a model says about them: grids to click, and one image up close."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from fmnist_core.data.fashion_mnist import CLASS_NAMES
from fmnist_core.figures.colors import class_colors
from fmnist_core.figures.style import CHART_CONFIG, probability_bars
from fmnist_core.translation import say
from pages.components.contact_sheet import Size, contact_sheet
from pages.shared.markdown import plain
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
    other: np.ndarray | None = None,
    titles: tuple[str, str] = ("", ""),
) -> None:
    """Show the test images of `indices` with the model's answers; a click opens one up close.

    `probabilities` is (10000, 10), for all test images. `marks` puts a cross on wrong answers.
    `other` are those of a second model, whose answers stand below; `titles` names the two.
    """
    data, chosen = images("test"), np.asarray(indices, int)
    answers, truths = probabilities[chosen].argmax(1), data.labels[chosen]
    captions = [
        said
        if answer == truth
        else say("{answer}, is {label}", answer=said, label=say(CLASS_NAMES[truth]))
        for answer, said, truth in zip(answers, _said(probabilities[chosen]), truths, strict=True)
    ]
    if other is not None:
        captions = [
            say(
                "{first} and {second}, is {label}",
                first=first,
                second=second,
                label=say(CLASS_NAMES[truth]),
            )
            for first, second, truth in zip(
                _said(probabilities[chosen]), _said(other[chosen]), truths, strict=True
            )
        ]
    clicked = contact_sheet(
        data.images[chosen],
        captions,
        key,
        ids=chosen,
        marks=["" if right else "✗" for right in answers == truths] if marks else None,
        colors=class_colors(answers),
        size=size,
        show_captions=show_captions,
        label=label,
    )
    if clicked is not None:
        opinions = {titles[0]: probabilities[clicked]}
        if other is not None:
            opinions[titles[1]] = other[clicked]
        st.dialog(say("Up close"), width="medium")(_up_close)(clicked, opinions)


def _said(probabilities: np.ndarray) -> list[str]:
    """Return each row's answer and how sure it is."""
    return [f"{say(CLASS_NAMES[row.argmax()])} {row.max():.0%}" for row in probabilities]


def _up_close(index: int, opinions: dict[str, np.ndarray]) -> None:
    data = images("test")
    truth = int(data.labels[index])
    label = say(CLASS_NAMES[truth])
    answers = {title: int(values.argmax()) for title, values in opinions.items()}
    answer = next(iter(answers.values()))
    if len(answers) > 1:
        said = ", ".join(
            say("{answer} by {model}", answer=say(CLASS_NAMES[found]), model=title)
            for title, found in answers.items()
        )
        told = say(
            "Test image {index:,}: labelled **{label}**, taken for {answers}.",
            index=index,
            label=label,
            answers=plain(said),
        )
    elif truth == answer:
        told = say("Test image {index:,}: **{label}**, recognised.", index=index, label=label)
    else:
        told = say(
            "Test image {index:,}: labelled **{label}**, taken for **{answer}**. "
            "Is it a slip of the network, or of the label?",
            index=index,
            label=label,
            answer=say(CLASS_NAMES[answer]),
        )
    st.markdown(told)
    picture, bars = st.columns([2, 3], vertical_alignment="center")
    # Enlarged without smoothing: these 784 squares are all that the network sees.
    picture.image(
        np.kron(data.images[index], np.ones((10, 10), np.uint8)),
        alt=say("Test image {index}, {label}", index=index, label=label),
    )
    for title, values in opinions.items():
        if len(opinions) > 1:
            bars.caption(plain(title))
        bars.plotly_chart(
            probability_bars(values, truth=truth),
            config=CHART_CONFIG,
            key=f"close_{title}",
            alt=say("Probability of each class {model}", model=title).strip(),
        )
    with st.container(horizontal=True):
        st.page_link(
            "pages/browse.py",
            label=say("Its neighbours in the data"),
            icon=":material/grid_view:",
            query_params={"image": f"test-{index}"},
        )
        for name, label, icon in (
            ("why", say("Why this answer"), ":material/troubleshoot:"),
            ("inside", say("Inside the network"), ":material/account_tree:"),
        ):
            st.page_link(
                f"pages/{name}.py",
                label=label,
                icon=icon,
                query_params={"item": f"test-{index}"},
            )
