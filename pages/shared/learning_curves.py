"""One run's loss and accuracy side by side, to look at and to take along."""

import streamlit as st

from fmnist_core.figures.training import HEIGHT, Metric, curve
from fmnist_core.runs.history import Curves
from pages.shared.figure_download import figure_download

METRICS: tuple[Metric, Metric] = ("loss", "accuracy")


def learning_curves(curves: Curves, key: str) -> None:
    """Show how a run learnt; `key` tells two such views apart."""
    charts = {metric: curve(curves, metric) for metric in METRICS}
    for column, (metric, option) in zip(st.columns(2), charts.items(), strict=True):
        column.echarts_chart(
            option, height=HEIGHT, key=f"{key}_{metric}", alt=f"{metric} against epochs"
        )
    figure_download(
        {metric.capitalize(): option for metric, option in charts.items()}, f"{key}_figures"
    )
