"""The question of the Why page: which answer to explain; and how a map's sanity is said."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from fmnist_core.data.fashion_mnist import CLASS_NAMES
from fmnist_core.explanations.methods import methods_for
from fmnist_core.models.catalogue import Model, ModelError
from fmnist_core.models.keras_models import Weights, weights_of
from fmnist_core.wording import percent
from pages.shared.item_choice import ChosenItem
from pages.shared.markdown import plain
from pages.shared.resources import classifier_of

# From here on a random network's map is so alike that the map says little about this network.
ALIKE = 0.5


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


def sanity(correlation: float | None) -> None:
    """Say whether a map differs from those of networks with random weights."""
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
