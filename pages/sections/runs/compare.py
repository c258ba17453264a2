"""Several runs on one pair of axes, and what differs in their recipes."""

import pandas as pd
import streamlit as st

from fmnist_core.figures.training import HEIGHT, overlay
from fmnist_core.recipes.comparison import differences
from fmnist_core.runs.history import AXES, Axis, Curves, along
from fmnist_core.runs.run import Run
from fmnist_core.runs.status import RunError
from fmnist_core.sweeps.ranges import capital
from fmnist_core.translation import mark, say
from fmnist_core.wording import percent
from pages.sections.runs.deleting import delete
from pages.sections.runs.one import curves_of
from pages.shared.figure_download import figure_download
from pages.shared.markdown import page_address, plain
from pages.shared.resources import run_store
from pages.shared.runs.learning_curves import METRICS

MOST_LINKED = 20
_WORDS: dict[Axis, str] = {
    "epochs": mark("epochs"),
    "steps": mark("steps"),
    "images": mark("images seen"),
    "seconds": mark("seconds"),
}
# What recipes differ in besides hyperparameters.
_FIELDS = (mark("layers"), mark("parameters"))
_CHARTS = {
    mark("accuracy"): mark("accuracy of the chosen runs"),
    mark("loss"): mark("loss of the chosen runs"),
}


def several(chosen: list[Run], *, owned: bool = True, key: str = "runs") -> None:
    """Show several runs on one pair of axes, and what differs in their recipes.

    `key` tells two such views on one page apart.
    """
    st.subheader(say("{count} runs compared", count=len(chosen)), anchor=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.popover(say("Share"), icon=":material/share:"):
            st.markdown(
                say("Who has this link sees these runs side by side, and can change nothing.")
            )
            query = "compare=" + ",".join(run.id for run in chosen[:MOST_LINKED])
            st.code(page_address("runs", query), language=None, wrap_lines=True)
        if owned and st.button(
            say("Delete these {count}", count=len(chosen)),
            icon=":material/delete:",
            key="runs_delete_all",
        ):
            delete(chosen)
    histories = [curves_of(run) for run in chosen]
    recipes = [run.recipe for run in chosen]
    # Two runs may have the same name, columns may not.
    names = [f"{history.name} ({i})" for i, history in enumerate(histories, 1)]
    against, smoothing, baseline = _controls(names, key)
    at = [along(*pair, against) for pair in zip(histories, recipes, strict=True)]
    charts = {}
    for column, metric in zip(st.columns(2), METRICS, strict=True):
        option = charts[capital(say(metric))] = overlay(
            histories,
            metric,
            at=at,
            axis_name=say(_WORDS[against]),
            smoothing=smoothing,
            baseline=baseline,
        )
        column.echarts_chart(
            option, height=HEIGHT, key=f"{key}_overlay_{metric}", alt=say(_CHARTS[metric])
        )
    figure_download(charts, f"{key}_figures")
    st.caption(
        say("Solid: validation, smoothed; thin: as measured.")
        if smoothing
        else say("Solid: validation. Dotted: training.")
    )
    found = differences(recipes)
    st.markdown(say("**What differs**"))
    if not found:
        st.caption(say("The recipes are the same, so their curves are too on one machine."))
    table = {say("best validation accuracy"): _accuracies(histories, baseline)}
    table |= {say(field): texts for field, texts in found.items()}
    st.table(pd.DataFrame.from_dict(table, orient="index", columns=[plain(name) for name in names]))


def _controls(names: list[str], key: str) -> tuple[Axis, float, int | None]:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        against: Axis = st.segmented_control(
            say("Against"),
            AXES,
            default="epochs",
            required=True,
            format_func=lambda axis: capital(say(_WORDS[axis])),
            key=f"{key}_axis",
        )
        smoothing = st.slider(
            say("Smoothing"),
            0.0,
            0.95,
            0.0,
            0.05,
            key=f"{key}_smoothing",
            width=220,
            help=say("A running mean; the values themselves stay behind it as a thin line."),
        )
        baseline = st.selectbox(
            say("Baseline"),
            range(len(names)),
            None,
            format_func=lambda at: names[at],
            key=f"{key}_baseline",
            placeholder=say("None"),
            width=220,
        )
    return against, smoothing, baseline if baseline in range(len(names)) else None


def _accuracies(histories: list[Curves], baseline: int | None) -> list[str]:
    best = [
        max((one for one in history.epoch["val_accuracy"] if one is not None), default=None)
        for history in histories
    ]
    start = None if baseline is None else best[baseline]
    words = []
    for at, value in enumerate(best):
        text = "–" if value is None else percent(value, 2)
        if value is not None and start is not None and at != baseline:
            text = say(
                "{accuracy} ({difference:+.2f} points)",
                accuracy=text,
                difference=100 * (value - start),
            )
        words.append(text)
    return words


def linked() -> None:
    """Show the runs that the address asks to compare (`?compare=ID,ID`), whoever made them."""
    asked = st.query_params.get("compare", "").split(",")[:MOST_LINKED]
    found = []
    for run_id in filter(None, asked):
        try:
            run = run_store().get(run_id)
            _ = run.recipe
        except RunError as error:
            st.warning(plain(str(error)), icon=":material/link_off:")
        else:
            run.about.mark(shared=True)  # somebody has the link: it is not cleaned up
            found.append(run)
    if found:
        several(found, owned=False, key="linked")
        st.divider()
