"""The sections of the Why page: the question, the maps, their tests, the smallest change."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from fmnist_core.dataset import CLASS_NAMES
from fmnist_core.explanations import why
from fmnist_core.explanations.faithfulness import Curves
from fmnist_core.explanations.why import METHODS, Check, Explained, methods_for
from fmnist_core.figures import percent
from fmnist_core.figures_maps import enlarged, limit_of, overlay, signed
from fmnist_core.figures_why import HEIGHT, faithfulness_curves, way
from fmnist_core.models import Model, ModelError
from fmnist_core.worker_models import Weights, weights_of
from pages.shared.engine_work import known, work
from pages.shared.item_choice import ChosenItem
from pages.shared.resources import classifier_of, images
from pages.shared.run_words import plain

# From here on a random network's map is so alike that the map says little about this network.
ALIKE = 0.5
SMOOTHNESS = {"Any pixels": 0.0, "Smooth": 1.0, "Smoother": 2.0}
COMPARED = 50
RANDOM = "Random order"


@dataclass(frozen=True)
class Question:
    """Why does this model take this item for `label`? `probabilities` is float32 (10,)."""

    model: Model
    weights: Weights
    item: ChosenItem
    probabilities: np.ndarray
    label: int

    @property
    def methods(self) -> list[str]:
        """The methods that fit the network, in the order of the page."""
        return methods_for(self.model.recipe)


def question(model: Model, item: ChosenItem) -> Question | None:
    """Show the answer and let the visitor choose which class to explain; None without weights."""
    try:
        weights = weights_of(model)
        probabilities = classifier_of(model).probabilities(item.array)[0]
    except ModelError as error:
        st.info(plain(str(error)), icon=":material/model_training:")
        return None
    answer = int(probabilities.argmax())
    order = [int(i) for i in np.argsort(-probabilities, kind="stable")]
    told = f"{plain(model.title)} takes {item.name} for **{CLASS_NAMES[answer]}**"
    told += f" ({percent(float(probabilities[answer]))})"
    if item.truth is not None:
        right = item.truth == answer
        told += ", as it is labelled." if right else f"; labelled {CLASS_NAMES[item.truth]}."
    else:
        told += "."
    st.markdown(told)
    # Another item, another answer to explain.
    key = f"why_label_{item.reference}_{model.name}"
    label = st.selectbox(
        "Explain the score of",
        order,
        format_func=lambda i: f"{CLASS_NAMES[i]} ({percent(float(probabilities[i]))})",
        key=key,
        width=280,
        help="A score is the network's output before the softmax, minus the mean of all ten: what "
        "tells this class from the others. Choose another class to see what speaks for it.",
    )
    return Question(model, weights, item, probabilities, label)


def maps(asked: Question) -> None:
    """Show each method's map with the maps of random networks below it."""
    st.subheader("What the answer rests on", anchor=False)
    if asked.methods[0] != "grad_cam":
        st.info(
            "This network has no convolutions, so it has no feature maps and Grad-CAM does not "
            "exist for it. The input gradient stands in its place.",
            icon=":material/info:",
        )
    st.caption(
        "Orange speaks for the class, blue against it; each map has its own scale. Below: the same "
        f"method on {len(why.RANDOM_SEEDS)} networks of the same layers with random weights. A map "
        "that shows what this network has learned must look different from those "
        "([Adebayo et al. 2018](https://arxiv.org/abs/1810.03292))."
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
    st.markdown(f"**{method.title}**", help=f"{method.text} {method.source}")
    found: Explained | None = work(
        f"why_{name}", why.explain, *_arguments(asked, name), label=method.title
    )
    picture = asked.item.array if found is None else overlay(asked.item.array, found.map)
    st.image(
        enlarged(picture),
        alt=f"{method.title} for {CLASS_NAMES[asked.label]} on {asked.item.name}",
        width="stretch",
    )
    st.caption(method.text)
    if found is not None and found.shares is not None:
        _completeness(*found.shares)
    return found


def _check(asked: Question, name: str, found: Explained) -> None:
    """Show the maps of random networks, and how like the network's they are."""
    checked: Check | None = work(
        f"why_check_{name}",
        why.check,
        *_arguments(asked, name),
        found.map,
        label="Asking networks with random weights",
    )
    if checked is None:
        return
    pictures = [enlarged(overlay(asked.item.array, other), 140) for other in checked.random]
    side, gap = 140, 4
    row = np.zeros((side, side * len(pictures) + gap * (len(pictures) - 1), 4), np.uint8)
    for at, picture in enumerate(pictures):
        left = at * (side + gap)
        row[:, left : left + side, :3], row[:, left : left + side, 3] = picture, 255
    st.image(row, alt=f"{METHODS[name].title} on networks with random weights", width="stretch")
    _sanity(checked.correlation)


def _sanity(correlation: float | None) -> None:
    if correlation is None:
        st.markdown(
            ":gray-badge[:material/block: no map] The map, or a random network's, is the same "
            "everywhere on the item: there is nothing to compare."
        )
        return
    words = f"rank correlation **{correlation:+.2f}** with random weights"
    if abs(correlation) < ALIKE:
        st.markdown(
            f":green-badge[:material/check: differs] {words}.",
            help="Mean over three random networks of Spearman's correlation of the maps' absolute "
            "values on the item's pixels: 1 is the same order, 0 is none.",
        )
    else:
        st.markdown(
            f":orange-badge[:material/warning: alike] {words}: the map shows the picture more than "
            "this network.",
        )


def _completeness(total: float, difference: float) -> None:
    gap = abs(total - difference)
    share = f" ({gap / abs(difference):.1%} of it)".replace("%", " %") if difference else ""
    st.markdown(
        f"The shares add up to **{total:.2f}**, the score rose by **{difference:.2f}**: a gap of "
        f"**{gap:.3f}**{share}.",
        help="Completeness: from the empty image to this one, the shares of all pixels together "
        "are the rise of the score. The gap is what averaging over 64 steps leaves.",
    )


def faithfulness(asked: Question) -> None:
    """Show whether the pixels that a map calls important are."""
    st.subheader("Which map knows best?", anchor=False)
    st.markdown(
        "Take away the pixels that a map calls most important: a good map makes the probability "
        "fall at once (**deletion**). Bring them to an empty image: it should rise at once "
        "(**insertion**) ([Petsiuk et al. 2018](https://arxiv.org/abs/1806.07421))."
    )
    found: dict[str, Curves] = {}
    for name in asked.methods:
        if (one := known(why.explain, *_arguments(asked, name))) is None:
            st.caption("This follows when the maps above are there.")
            return
        found[METHODS[name].title] = one.curves
    baseline = work(
        "why_random_order",
        why.random_order,
        asked.weights,
        asked.item.array,
        asked.label,
        label="Taking pixels in random orders",
    )
    if baseline is None:
        return
    found[RANDOM] = baseline
    for column, which in zip(st.columns(2), ("deletion", "insertion"), strict=True):
        column.echarts_chart(
            faithfulness_curves(found, which, asked.label),
            height=HEIGHT,
            key=f"why_{which}",
            alt=f"{which.capitalize()} curves of every method",
        )
    rows = ["| Method | Deletion (less is better) | Insertion (more is better) |", "|---|--:|--:|"]
    for title, curves in found.items():
        away, back = curves.areas
        rows.append(f"| {title} | {away:.3f} | {back:.3f} |")
    st.markdown("\n".join(rows))
    st.caption(
        "Areas under the curves, on this one image; random is the mean of "
        f"{why.RANDOM_ORDERS} orders. One image is an anecdote: compare on more."
    )
    _compare(asked)


@st.fragment
def _compare(asked: Question) -> None:
    key = f"why_compare_{asked.model.name}"
    if not st.session_state.get(key):
        if st.button(
            f"Compare on {COMPARED} test images", icon=":material/balance:", key="why_compare"
        ):
            st.session_state[key] = True
            st.rerun(scope="fragment")
        return
    chosen = np.random.default_rng(0).choice(len(images("test")), COMPARED, replace=False)
    areas = work(
        "why_compare_work",
        why.compare,
        asked.weights,
        tuple(asked.methods),
        images("test").images[np.sort(chosen)],
        label=f"Explaining {COMPARED} answers",
    )
    if areas is None:
        return
    rows = ["| Method | Deletion | Insertion |", "|---|--:|--:|"]
    for at, title in enumerate([*(METHODS[name].title for name in asked.methods), RANDOM]):
        mean, error = areas[:, at].mean(0), areas[:, at].std(0, ddof=1) / np.sqrt(len(areas))
        rows.append(
            f"| {title} | {mean[0]:.3f} ± {error[0]:.3f} | {mean[1]:.3f} ± {error[1]:.3f} |"
        )
    st.markdown("\n".join(rows))
    st.caption(
        f"Mean and standard error over {COMPARED} test images (drawn with seed 0), each explained "
        "for the network's own answer."
    )


@st.fragment
def smallest_change(asked: Question) -> None:
    """Show the smallest change that flips the answer, with a slider along the way."""
    st.subheader("The smallest change that flips it", anchor=False)
    answer = int(asked.probabilities.argmax())
    order = [int(i) for i in np.argsort(-asked.probabilities, kind="stable") if i != answer]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        goal = st.selectbox(
            "What it should say instead",
            order,
            format_func=lambda i: CLASS_NAMES[i],
            key=f"why_goal_{asked.item.reference}_{asked.model.name}",
            width=220,
        )
        smooth = st.segmented_control(
            "What may change",
            list(SMOOTHNESS),
            default="Any pixels",
            required=True,
            key="why_smooth",
            persist_state="session",
            help="With any pixels the change is as small as can be, and looks like noise. Smooth "
            "changes are blurred by 1 or 2 pixels: larger, but sometimes one sees what the "
            "network looks for.",
        )
    found = work(
        "why_flip",
        why.flip,
        asked.weights,
        asked.item.array,
        goal,
        SMOOTHNESS[str(smooth)],
        label="Looking for the smallest change",
    )
    if found is None:
        return
    change = found.change
    if change.flips is None or change.size is None:
        st.warning(
            f"No such change towards {CLASS_NAMES[goal]} was found. Try another class, or let any "
            "pixels change.",
            icon=":material/search_off:",
        )
        return
    amount = st.slider(
        "Amount of the change",
        0,
        200,
        100,
        step=2,
        format="%d %%",
        key="why_amount",
        help="At 100 % the answer flips.",
    )
    stage = min(len(change.images) - 1, round(amount / 100 * change.flips))
    _stage(asked, change.images, change.answers, stage)
    st.echarts_chart(
        way(change, stage), height=HEIGHT, key="why_way", alt="Probabilities on the way"
    )
    pixels = change.images[change.flips].astype(int) - change.images[0]
    st.markdown(
        f"It flips when pixels change by **{change.size:.1f} of 255** grey levels (root mean "
        f"square over all 784), at most by {np.abs(pixels).max()}. Found by DeepFool "
        "([Moosavi-Dezfooli et al. 2016](https://arxiv.org/abs/1511.04599)); a smaller one may "
        "exist."
    )
    _sanity(found.correlation)


def _stage(asked: Question, stages: np.ndarray, answers: np.ndarray, stage: int) -> None:
    now = answers[stage]
    top = int(now.argmax())
    difference = stages.astype(float) - stages[0]
    left, right = st.columns(2)
    left.markdown(f"Taken for **{CLASS_NAMES[top]}** ({percent(float(now[top]))})")
    left.image(
        enlarged(stages[stage]),
        alt=f"{asked.item.name}, changed; taken for {CLASS_NAMES[top]}",
    )
    right.markdown("The change: orange adds ink, blue takes it")
    # One scale for the whole way, so that the change is seen to grow.
    right.image(enlarged(signed(difference[stage], limit_of(difference[-1]))), alt="The change")
