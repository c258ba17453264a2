"""Several runs on one pair of axes, and what differs in their recipes."""

import pandas as pd
import streamlit as st

from fmnist_core.figures.training import HEIGHT, OVERLAY_COLORS, overlay
from fmnist_core.recipes.comparison import differences
from fmnist_core.runs.run import Run
from pages.sections.runs.deleting import delete
from pages.sections.runs.one import METRICS, curves_of
from pages.shared.markdown import plain


def several(chosen: list[Run]) -> None:
    """Show several runs on one pair of axes, and what differs in their recipes."""
    if len(chosen) > len(OVERLAY_COLORS):
        st.caption(f"The first {len(OVERLAY_COLORS)} are drawn: more lines cannot be told apart.")
    drawn = chosen[: len(OVERLAY_COLORS)]
    st.subheader(f"{len(drawn)} runs compared", anchor=False)
    if st.button(f"Delete these {len(chosen)}", icon=":material/delete:", key="runs_delete_all"):
        delete(chosen)
    histories = [curves_of(run) for run in drawn]
    for column, metric in zip(st.columns(2), METRICS, strict=True):
        column.echarts_chart(
            overlay(histories, metric),
            height=HEIGHT,
            key=f"runs_overlay_{metric}",
            alt=f"{metric} of the chosen runs",
        )
    st.caption("Solid: validation. Dotted: training.")
    st.markdown("**What differs in their recipes**")
    found = differences([run.recipe for run in drawn])
    if not found:
        st.caption("Nothing: the recipes are the same, so their curves are too on one machine.")
        return
    # Two runs may have the same name, columns may not.
    names = [f"{plain(history.name)} ({i})" for i, history in enumerate(histories, 1)]
    st.table(pd.DataFrame.from_dict(found, orient="index", columns=names))
