"""The sum of one unit of a layer, step by step."""

import numpy as np
import streamlit as st

from fmnist_core.data.fashion_mnist import CLASS_NAMES
from fmnist_core.explanations.arithmetic import Place, arithmetic
from fmnist_core.explanations.feature_maps import LayerOutput
from fmnist_core.models.keras_models import Weights
from fmnist_core.wording import percent
from pages.components.arithmetic import arithmetic_view
from pages.shared.engine_work import work


def unit_sum(weights: Weights, image: np.ndarray, layer: LayerOutput, place: Place) -> None:
    """Show how the unit at `place` of a layer gets its value for a uint8 (28, 28) image."""
    if layer.position == 0:
        value = round(float(layer.values[place]) * 255)
        st.markdown(
            f"Pixel in row {place[0]}, column {place[1]}: **{value}** of 255, which the network "
            f"gets as **{value / 255:.4f}**. Choose a later layer to see a sum."
        )
        return
    found = work(
        "inside_sum",
        arithmetic,
        weights,
        image,
        layer.position,
        place,
        label="Doing the sum",
    )
    if found is None:
        return
    where = f"unit {place[0]}" if len(place) == 1 else "row {}, column {}, map {}".format(*place)
    st.caption(f"How {where} gets its value. The strongest parts come first.")
    arithmetic_view(found, "inside_arithmetic")
    if found.rivals is not None and len(found.rivals) == len(CLASS_NAMES):
        raised = np.exp(np.array(found.rivals) - max(found.rivals))
        rows = ["| Class | before | e to it | share |", "|---|--:|--:|--:|"]
        for name, before, up in zip(CLASS_NAMES, found.rivals, raised, strict=True):
            rows.append(f"| {name} | {before:.3f} | {up:.3g} | {percent(up / raised.sum())} |")
        st.markdown("\n".join(rows))
