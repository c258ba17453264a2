"""Time travel: a run replayed, moment by moment, with one scrubber."""

import streamlit as st

from fmnist_core.figures.training import HEIGHT, Metric, curve
from fmnist_core.guide.glossary import explain
from fmnist_core.runs.history import Curves
from fmnist_core.runs.rows import valid_rows
from fmnist_core.runs.run import Run
from fmnist_core.translation import mark, say
from pages.components.replay_player import replay_player
from pages.sections.replay.choice import Past, choose_past, replay_of
from pages.shared.glossary_line import words
from pages.shared.navigation import ensure_navigation
from pages.shared.resources import images

METRICS: tuple[Metric, Metric] = ("accuracy", "loss")
_CHARTS = {"accuracy": mark("accuracy against epochs"), "loss": mark("loss against epochs")}
FIRST = {"preset": "lightning"}

ensure_navigation()


def curves_alone(past: Past, curves: Curves) -> None:
    st.info(
        say(
            "A shipped model brings only its curves. A network that you train here keeps its "
            "answers, its filters and your own drawing, and can be replayed."
        )
        if past.shipped
        else say(
            "This run was trained before the app kept moments to replay: there are only its "
            "curves. Train it longer, and the new epochs are kept; or train its recipe anew."
        ),
        title=say("Only the curves were kept"),
        icon=":material/history_toggle_off:",
    )
    with st.container(horizontal=True):
        st.page_link(
            "pages/train.py",
            label=say("Train the fastest network"),
            icon=":material/bolt:",
            query_params=FIRST,
        )
        if not past.shipped:
            st.page_link(
                "pages/train.py",
                label=say("Open this run"),
                icon=":material/monitoring:",
                query_params={"run": past.name},
            )
    for column, metric in zip(st.columns(2), METRICS, strict=True):
        column.echarts_chart(
            curve(curves, metric),
            height=HEIGHT,
            key=f"replay_{metric}",
            alt=say(_CHARTS[metric]),
        )


st.title(
    say("Time travel"), anchor=False, help=explain("epoch", say("Every run keeps its epochs."))
)
st.markdown(say("Go back through a training run, and see what the network knew at every moment."))
past = choose_past()
if past is None:
    st.info(
        say(
            "Train a network, for example the fastest one: half a minute later its run can be "
            "replayed here. What you last drew on the Classify page goes along."
        ),
        title=say("No run yet"),
        icon=":material/history:",
    )
    st.page_link(
        "pages/train.py",
        label=say("Train the fastest network"),
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
        say(
            "Kept from epoch {epoch} on: the app kept no moments when the earlier ones were "
            "trained.",
            epoch=epochs[0],
        )
    )
elif len(epochs) < len(curves.epochs):
    st.caption(
        say(
            "{kept} of {count} epochs are kept, evenly chosen, so that a run takes less than 5 MB.",
            kept=len(epochs),
            count=len(curves.epochs),
        )
    )
replay_player(replay, curves, images("train").images, f"replay_{past.name}")
if replay.own_item is None:
    st.caption(
        say(
            "This is a run recorded beforehand. Yours can follow a drawing of your own: draw "
            "something on the Classify page, then press Train, and you see here what the network "
            "took it for at every moment."
        )
        if past.shipped
        else say(
            "A run can follow a drawing of your own: draw something on the Classify page, then "
            "press Train, and you see here what the network took it for at every moment."
        )
    )
words("epoch", "confusion-matrix", "radviz", "filter", "forgetting", "validation-set")
