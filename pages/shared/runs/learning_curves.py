"""One run's loss and accuracy side by side, to look at and to take along."""

import streamlit as st

from fmnist_core.figures.training import HEIGHT, Metric, curve
from fmnist_core.runs.history import Curves
from fmnist_core.translation import mark, say
from pages.shared.figure_download import figure_download

METRICS: tuple[Metric, Metric] = ("loss", "accuracy")
# What a chart is called, alone and to those who cannot see it.
TITLES: dict[Metric, str] = {"loss": mark("Loss"), "accuracy": mark("Accuracy")}
_ALTS: dict[Metric, str] = {
    "loss": mark("loss against epochs"),
    "accuracy": mark("accuracy against epochs"),
}


def learning_curves(curves: Curves, key: str) -> None:
    """Show how a run learnt; `key` tells two such views apart."""
    charts = {metric: curve(curves, metric) for metric in METRICS}
    for column, (metric, option) in zip(st.columns(2), charts.items(), strict=True):
        column.echarts_chart(option, height=HEIGHT, key=f"{key}_{metric}", alt=say(_ALTS[metric]))
    figure_download(
        {say(TITLES[metric]): option for metric, option in charts.items()}, f"{key}_figures"
    )
