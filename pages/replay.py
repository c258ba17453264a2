"""Time travel: a run replayed, moment by moment, with one scrubber."""

import streamlit as st

from fmnist_core.figures.training import HEIGHT, Metric, curve
from fmnist_core.guide.glossary import explain
from fmnist_core.runs.history import Curves
from fmnist_core.runs.rows import valid_rows
from fmnist_core.runs.run import Run
from pages.components.replay_player import replay_player
from pages.sections.replay.choice import Past, choose_past, replay_of
from pages.shared.glossary_line import words
from pages.shared.navigation import ensure_navigation
from pages.shared.resources import images

METRICS: tuple[Metric, Metric] = ("accuracy", "loss")
FIRST = {"preset": "lightning"}

ensure_navigation()


def curves_alone(past: Past, curves: Curves) -> None:
    st.info(
        "A shipped model brings only its curves. A network that you train here keeps its answers, "
        "its filters and your own drawing, and can be replayed."
        if past.shipped
        else "This run was trained before the app kept moments to replay: there are only its "
        "curves. Train it longer, and the new epochs are kept; or train its recipe anew.",
        title="Only the curves were kept",
        icon=":material/history_toggle_off:",
    )
    with st.container(horizontal=True):
        st.page_link(
            "pages/train.py",
            label="Train the fastest network",
            icon=":material/bolt:",
            query_params=FIRST,
        )
        if not past.shipped:
            st.page_link(
                "pages/train.py",
                label="Open this run",
                icon=":material/monitoring:",
                query_params={"run": past.name},
            )
    for column, metric in zip(st.columns(2), METRICS, strict=True):
        column.echarts_chart(
            curve(curves, metric),
            height=HEIGHT,
            key=f"replay_{metric}",
            alt=f"{metric} against epochs",
        )


st.title("Time travel", anchor=False, help=explain("epoch", "Every run keeps its epochs."))
st.markdown("Go back through a training run, and see what the network knew at every moment.")
past = choose_past()
if past is None:
    st.info(
        "Train a network, for example the fastest one: half a minute later its run can be "
        "replayed here. What you last drew on the Classify page goes along.",
        title="No run yet",
        icon=":material/history:",
    )
    st.page_link(
        "pages/train.py",
        label="Train the fastest network",
        icon=":material/bolt:",
        query_params=FIRST,
    )
    st.stop()

curves = Curves.of(valid_rows(Run(past.folder).history()[0]), past.title)
replay = replay_of(past)
if replay is None:
    curves_alone(past, curves)
    st.stop()

epochs = [moment.epoch for moment in replay.moments if not moment.batch]
if curves.epochs and epochs and epochs[0] > curves.epochs[0]:
    st.caption(
        f"Kept from epoch {epochs[0]} on: the app kept no moments when the earlier ones were "
        "trained."
    )
elif len(epochs) < len(curves.epochs):
    st.caption(
        f"{len(epochs)} of {len(curves.epochs)} epochs are kept, evenly chosen, so that a run "
        "takes less than 5 MB."
    )
replay_player(replay, curves, images("train").images, f"replay_{past.name}")
if replay.own_item is None:
    whose = "This is a run recorded beforehand. Yours" if past.shipped else "A run"
    st.caption(
        f"{whose} can follow a drawing of your own: draw something on the Classify page, then "
        "press Train, and you see here what the network took it for at every moment."
    )
words("epoch", "confusion-matrix", "radviz", "filter", "forgetting", "validation-set")
