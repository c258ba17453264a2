"""The visitor's runs, side by side."""

import pandas as pd
import streamlit as st

from fmnist_core.figures.training import HEIGHT, OVERLAY_COLORS, Metric, curve, overlay
from fmnist_core.recipes.comparison import describe_layers, differences
from fmnist_core.runs.history import Curves
from fmnist_core.runs.rows import valid_rows
from fmnist_core.runs.run import Run
from fmnist_core.runs.status import RunError
from fmnist_core.wording import percent
from pages.sections.runs.table import final_accuracy, run_table
from pages.shared.glossary_line import words
from pages.shared.markdown import plain
from pages.shared.navigation import ensure_navigation
from pages.shared.resources import engine, run_store
from pages.shared.run_controls import evaluate_link, replay_link, share
from pages.shared.run_words import badge
from pages.shared.visitor import visitor_id

REFRESH_SECONDS = 2.0
METRICS: tuple[Metric, Metric] = ("loss", "accuracy")

ensure_navigation()


def page() -> None:
    mine = run_store().of(visitor)
    if working and not any(run.status().active for run in mine):
        st.rerun()  # nothing moves any more: stop refreshing
    offer_undo()
    if not mine:
        empty()
        return
    st.caption("Tick one run to see and manage it, several to compare them. A column's head sorts.")
    chosen = run_table(mine)
    if len(chosen) == 1:
        one(chosen[0])
    elif chosen:
        several(chosen)


def empty() -> None:
    st.info(
        "Pick or build a network on the Train page and press Train: every run is kept here, with "
        "its curves, its recipe and its model, also when you close the browser.",
        title="No runs yet",
        icon=":material/model_training:",
    )
    st.page_link(
        "pages/train.py",
        label="Train the fastest network",
        icon=":material/bolt:",
        query_params={"preset": "lightning"},
    )


def offer_undo() -> None:
    if kept := st.session_state.pop("runs_kept", None):
        st.warning(kept, icon=":material/info:")
    deleted: list[tuple[str, str]] = st.session_state.get("runs_deleted", [])
    if not deleted:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        names = ", ".join(f"“{plain(name)}”" for _, name in deleted)
        st.markdown(f"Deleted {names}.", width="content")
        if st.button("Undo", icon=":material/undo:", key="runs_undo"):
            for run_id, _ in deleted:
                run_store().restore(run_id)
            st.session_state["runs_deleted"] = []
            st.rerun()


def delete(chosen: list[Run]) -> None:
    gone = []
    for run in chosen:
        name = run.status().name
        try:
            run_store().delete(run)
        except RunError as error:
            # A toast before the page starts over would be dropped.
            st.session_state["runs_kept"] = f"{plain(name)}: {plain(str(error))}"
        else:
            gone.append((run.id, name))
    st.session_state["runs_deleted"] = gone
    st.rerun()


def rename(run: Run) -> None:
    with st.popover("Rename", icon=":material/edit:"):
        name = st.text_input("New name", run.status().name, max_chars=60, key=f"name_{run.id}")
        if st.button("Rename it", type="primary", key="runs_rename"):
            try:
                run.rename(name)
            except RunError as error:
                st.error(str(error))
            else:
                st.rerun()


def one(run: Run) -> None:
    status = run.status()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(plain(status.name), anchor=False, width="content")
        st.markdown(badge(status), width="content")
    if status.reason:
        st.caption(plain(status.reason))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.page_link(
            "pages/train.py",
            label="Watch and control" if status.active else "Open, resume or train longer",
            icon=":material/monitoring:",
            query_params={"run": run.id},
        )
        if tested := final_accuracy(run):
            evaluate_link(run)
        if status.epoch:
            replay_link(run)
        st.page_link(
            "pages/train.py",
            label="Use this recipe",
            icon=":material/content_copy:",
            query_params={"recipe": run.recipe.to_link()},
        )
        share(run)
        rename(run)
        if st.button("Delete", icon=":material/delete:", key="runs_delete"):
            delete([run])
    if tested:
        accuracy, (low, high) = tested
        st.markdown(
            f"Test accuracy **{percent(accuracy, 2)}** (95 % interval {percent(low, 2)} to "
            f"{percent(high, 2)}, 10,000 images, seed {run.recipe.seed})"
        )
    st.caption(" → ".join(describe_layers(run.recipe)) + f": {run.recipe.parameters:,} parameters")
    history = curves_of(run)
    for column, metric in zip(st.columns(2), METRICS, strict=True):
        column.echarts_chart(
            curve(history, metric), height=HEIGHT, key=f"runs_{metric}", alt=f"{metric} by epoch"
        )


def several(chosen: list[Run]) -> None:
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


def curves_of(run: Run) -> Curves:
    return Curves.of(valid_rows(run.history()[0]), run.status().name)


st.title("Runs")
visitor = visitor_id()
working = any(run.status().active for run in run_store().of(visitor))
if working:
    engine()  # also settles what a crash left behind
st.fragment(page, run_every=REFRESH_SECONDS if working else None)()
words("run", "recipe", "seed", "validation-set", "test-set", "epoch")
