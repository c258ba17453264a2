"""How the shipped models stand spoilt images: one number each, from their cards."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import streamlit as st

from fmnist_core.evaluation.corruptions import CORRUPTIONS
from fmnist_core.models.card import Robustness
from fmnist_core.models.catalogue import shipped
from fmnist_core.wording import percent


def robustness_table() -> None:
    """Show the mean corruption accuracy of every shipped model that has one, the best first."""
    known = {
        model.title: model.card.robustness
        for model in shipped().values()
        if model.card and model.card.robustness
    }
    if not known:
        return
    st.subheader("One number for each shipped model", anchor=False)
    ranked = sorted(known.items(), key=lambda item: -item[1].accuracy)
    rows = [
        {
            "Model": title,
            "accuracy": score.accuracy,
            "interval": f"{percent(score.interval[0])} – {percent(score.interval[1])}",
            "clean": score.clean,
            "weakest": _weakest(score),
        }
        for title, score in ranked
    ]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        column_config={
            "accuracy": st.column_config.ProgressColumn(
                "Mean corruption accuracy", format="percent", min_value=0.0, max_value=1.0
            ),
            "interval": "95 % interval",
            "clean": st.column_config.NumberColumn("Unchanged", format="percent"),
            "weakest": "Weakest at",
        },
        alt="Mean corruption accuracy of the shipped models",
    )
    st.caption(
        f"Precomputed on {_samples(known)}: the mean accuracy over nine corruptions at five "
        "severities each (after Hendrycks and Dietterich 2019). The interval is over the choice of "
        "the images."
    )


def _weakest(score: Robustness) -> str:
    means = {name: float(np.mean(values)) for name, values in score.by_corruption.items()}
    name = min(means, key=means.__getitem__)
    title = CORRUPTIONS[name].title if name in CORRUPTIONS else name
    return f"{title}, {percent(means[name])}"


def _samples(known: Mapping[str, Robustness]) -> str:
    samples = sorted({(score.examples, score.seed) for score in known.values()})
    return " or ".join(f"{count:,} test images (seed {seed})" for count, seed in samples)
