"""The maps of the Why page, each beside those of random networks, and their scores."""

import numpy as np
import streamlit as st

from fmnist_core.data.fashion_mnist import CLASS_NAMES
from fmnist_core.explanations import methods
from fmnist_core.explanations.checks import Curves
from fmnist_core.explanations.methods import METHODS, Check, Explained
from fmnist_core.figures.explanations import HEIGHT, faithfulness_curves
from fmnist_core.figures.heatmaps import enlarged, overlay
from fmnist_core.models.keras_models import Weights
from fmnist_core.translation import digits, mark, say
from pages.sections.why.question import Question, sanity
from pages.shared.engine_work import known, work
from pages.shared.resources import images

COMPARED = 50
RANDOM = mark("Random order")
_ALTS = {
    "deletion": mark("Deletion curves of every method"),
    "insertion": mark("Insertion curves of every method"),
}


def maps(asked: Question) -> None:
    """Show each method's map with the maps of random networks below it."""
    st.subheader(say("What the answer rests on"), anchor=False)
    if asked.methods[0] != "grad_cam":
        st.info(
            say(
                "This network has no convolutions, so it has no feature maps and Grad-CAM does not "
                "exist for it. The input gradient stands in its place."
            ),
            icon=":material/info:",
        )
    st.caption(
        say(
            "Orange speaks for the class, blue against it; each map has its own scale. Below: the "
            "same method on {count} networks of the same layers with random weights. A map that "
            "shows what this network has learned must look different from those "
            "([Adebayo et al. 2018](https://arxiv.org/abs/1810.03292)).",
            count=len(methods.RANDOM_SEEDS),
        )
    )
    cards = [
        column.container(border=True, height="stretch") for column in st.columns(len(asked.methods))
    ]
    # All maps first: three random networks each take longer.
    shown = []
    for card, name in zip(cards, asked.methods, strict=True):
        with card:
            shown.append(_map(asked, name))
    for card, name, found in zip(cards, asked.methods, shown, strict=True):
        if found is not None:
            with card:
                _check(asked, name, found)


def _arguments(asked: Question, name: str) -> tuple[Weights, str, np.ndarray, int]:
    return asked.weights, name, asked.item.array, asked.label


def _map(asked: Question, name: str) -> Explained | None:
    """Show one method's map and return it, or None while the engine works on it."""
    method = METHODS[name]
    title, text = say(method.title), say(method.text)
    st.markdown(f"**{title}**", help=f"{text} {say(method.source)}")
    found: Explained | None = work(
        f"why_{name}", methods.explain, *_arguments(asked, name), label=title
    )
    picture = asked.item.array if found is None else overlay(asked.item.array, found.map)
    st.image(
        enlarged(picture),
        alt=say(
            "{method} for {name} on {item}",
            method=title,
            name=say(CLASS_NAMES[asked.label]),
            item=asked.item.name,
        ),
        width="stretch",
    )
    st.caption(text)
    if found is not None and found.shares is not None:
        _completeness(*found.shares)
    return found


def _check(asked: Question, name: str, found: Explained) -> None:
    """Show the maps of random networks, and how like the network's they are."""
    checked: Check | None = work(
        f"why_check_{name}",
        methods.check,
        *_arguments(asked, name),
        found.map,
        label=say("Asking networks with random weights"),
    )
    if checked is None:
        return
    pictures = [enlarged(overlay(asked.item.array, other), 140) for other in checked.random]
    side, gap = 140, 4
    row = np.zeros((side, side * len(pictures) + gap * (len(pictures) - 1), 4), np.uint8)
    for at, picture in enumerate(pictures):
        left = at * (side + gap)
        row[:, left : left + side, :3], row[:, left : left + side, 3] = picture, 255
    alt = say("{method} on networks with random weights", method=say(METHODS[name].title))
    st.image(row, alt=alt, width="stretch")
    sanity(checked.correlation)


def _completeness(total: float, difference: float) -> None:
    gap = abs(total - difference)
    st.markdown(
        say(
            mark(
                "The shares add up to **{total:.2f}**, the score rose by **{rise:.2f}**: a gap of "
                "**{gap:.3f}** ({share:.1f} % of it)."
            )
            if difference
            else mark(
                "The shares add up to **{total:.2f}**, the score rose by **{rise:.2f}**: a gap of "
                "**{gap:.3f}**."
            ),
            total=total,
            rise=difference,
            gap=gap,
            share=100 * gap / abs(difference) if difference else 0.0,
        ),
        help=say(
            "Completeness: from the empty image to this one, the shares of all pixels together are "
            "the rise of the score. The gap is what averaging over {count} steps leaves.",
            count=methods.FINE_STEPS,
        ),
    )


def faithfulness(asked: Question) -> None:
    """Show whether the pixels that a map calls important are."""
    st.subheader(say("Which map knows best?"), anchor=False)
    st.markdown(
        say(
            "Take away the pixels that a map calls most important: a good map makes the "
            "probability fall at once (**deletion**). Bring them to an empty image: it should rise "
            "at once (**insertion**) ([Petsiuk et al. 2018](https://arxiv.org/abs/1806.07421))."
        )
    )
    found: dict[str, Curves] = {}
    for name in asked.methods:
        if (one := known(methods.explain, *_arguments(asked, name))) is None:
            st.caption(say("This follows when the maps above are there."))
            return
        found[say(METHODS[name].title)] = one.curves
    baseline = work(
        "why_random_order",
        methods.random_order,
        asked.weights,
        asked.item.array,
        asked.label,
        label=say("Taking pixels in random orders"),
    )
    if baseline is None:
        return
    found[say(RANDOM)] = baseline
    for column, which in zip(st.columns(2), ("deletion", "insertion"), strict=True):
        column.echarts_chart(
            faithfulness_curves(found, which, asked.label),
            height=HEIGHT,
            key=f"why_{which}",
            alt=say(_ALTS[which]),
        )
    rows = [
        say("| Method | Deletion (less is better) | Insertion (more is better) |"),
        "|---|--:|--:|",
    ]
    for title, curves in found.items():
        away, back = curves.areas
        rows.append(f"| {title} | {digits(away, '.3f')} | {digits(back, '.3f')} |")
    st.markdown("\n".join(rows))
    st.caption(
        say(
            "Areas under the curves, on this one image; random is the mean of {count} orders. One "
            "image is an anecdote: compare on more.",
            count=methods.RANDOM_ORDERS,
        )
    )
    _compare(asked)


@st.fragment
def _compare(asked: Question) -> None:
    key = f"why_compare_{asked.model.name}"
    if not st.session_state.get(key):
        if st.button(
            say("Compare on {count} test images", count=COMPARED),
            icon=":material/balance:",
            key="why_compare",
        ):
            st.session_state[key] = True
            st.rerun(scope="fragment")
        return
    chosen = np.random.default_rng(0).choice(len(images("test")), COMPARED, replace=False)
    areas = work(
        "why_compare_work",
        methods.compare,
        asked.weights,
        tuple(asked.methods),
        images("test").images[np.sort(chosen)],
        label=say("Explaining {count} answers", count=COMPARED),
    )
    if areas is None:
        return
    rows = [say("| Method | Deletion | Insertion |"), "|---|--:|--:|"]
    for at, title in enumerate([*(METHODS[name].title for name in asked.methods), RANDOM]):
        mean, error = areas[:, at].mean(0), areas[:, at].std(0, ddof=1) / np.sqrt(len(areas))
        away, back = (f"{digits(mean[i], '.3f')} ± {digits(error[i], '.3f')}" for i in range(2))
        rows.append(f"| {say(title)} | {away} | {back} |")
    st.markdown("\n".join(rows))
    st.caption(
        say(
            "Mean and standard error over {count} test images (drawn with seed 0), each explained "
            "for the network's own answer.",
            count=COMPARED,
        )
    )
