"""The question of the Why page: which answer to explain; and how a map's sanity is said."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from fmnist_core.data.fashion_mnist import CLASS_NAMES
from fmnist_core.explanations.methods import methods_for
from fmnist_core.models.catalogue import Model, ModelError
from fmnist_core.models.keras_models import Weights, weights_of
from fmnist_core.translation import mark, say
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
    told = mark("{model} takes {item} for **{answer}** ({share}).")
    if item.truth == answer:
        told = mark("{model} takes {item} for **{answer}** ({share}), as it is labelled.")
    elif item.truth is not None:
        told = mark("{model} takes {item} for **{answer}** ({share}); labelled {label}.")
    st.markdown(
        say(
            told,
            model=plain(model.title),
            item=item.name,
            answer=say(CLASS_NAMES[answer]),
            share=percent(float(probabilities[answer])),
            label="" if item.truth is None else say(CLASS_NAMES[item.truth]),
        )
    )
    # Another item, another answer to explain.
    key = f"why_label_{item.reference}_{model.name}"
    label = st.selectbox(
        say("Explain the score of"),
        order,
        format_func=lambda i: f"{say(CLASS_NAMES[i])} ({percent(float(probabilities[i]))})",
        key=key,
        width=280,
        help=say(
            "A score is the network's output before the softmax, minus the mean of all ten: what "
            "tells this class from the others. Choose another class to see what speaks for it."
        ),
    )
    return Question(model, weights, item, probabilities, label)


def sanity(correlation: float | None) -> None:
    """Say whether a map differs from those of networks with random weights."""
    if correlation is None:
        st.markdown(
            say(
                ":gray-badge[:material/block: no map] The map, or a random network's, is the same "
                "everywhere on the item: there is nothing to compare."
            )
        )
        return
    if abs(correlation) < ALIKE:
        st.markdown(
            say(
                ":green-badge[:material/check: differs] rank correlation **{correlation:+.2f}** "
                "with random weights.",
                correlation=correlation,
            ),
            help=say(
                "Mean over three random networks of Spearman's correlation of the maps' absolute "
                "values on the item's pixels: 1 is the same order, 0 is none."
            ),
        )
    else:
        st.markdown(
            say(
                ":orange-badge[:material/warning: alike] rank correlation **{correlation:+.2f}** "
                "with random weights: the map shows the picture more than this network.",
                correlation=correlation,
            )
        )
