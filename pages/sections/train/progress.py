"""How far a run is, in a bar and in words."""

import streamlit as st

from fmnist_core.runs.run import Run
from fmnist_core.runs.status import Status
from fmnist_core.translation import say, say_count
from fmnist_core.wording import duration
from pages.shared.resources import engine


def progress(run: Run, status: Status) -> None:
    """Show how far a run is; one that waits, for how long, and what to do meanwhile."""
    if status.status == "queued":
        st.progress(status.progress, _waiting(run, status))
        _meanwhile()
    elif status.status == "starting":
        st.progress(
            status.progress,
            say(
                "Warming up: the network is being built. The first run after a start takes longer, "
                "because TensorFlow is loaded then."
            ),
        )
    elif status.status == "running" and status.epoch >= status.epochs:
        st.progress(
            1.0,
            say("All epochs are done. The best one is restored and measured on the test images."),
        )
    elif status.epochs:
        st.progress(status.progress, _where(status))


def _where(status: Status) -> str:
    epoch = {"epoch": status.present_epoch, "epochs": status.epochs}
    words = say("Epoch {epoch} of {epochs}", **epoch)
    if status.batches and (status.active or status.batch):
        words = say(
            "Epoch {epoch} of {epochs}, batch {batch:,} of {batches:,}",
            **epoch,
            batch=status.batch,
            batches=status.batches,
        )
    if status.active and status.seconds_left is not None:
        left = duration(status.seconds_left)
        words = say("{place}: about {time} left", place=words, time=left)
    return words


def _waiting(run: Run, status: Status) -> str:
    state, wait = engine().state(), engine().wait(run)
    if state == "unavailable":
        return say(
            "The training engine cannot be reached. It is tried again; the run stays in line."
        )
    words = say("Waiting for its turn.")
    if status.epoch or status.batch:
        words = say(
            "Epoch {epoch} of {epochs}: making room for others.",
            epoch=status.present_epoch,
            epochs=status.epochs,
        )
    if wait is not None and wait.place > 1:
        first = say_count(
            "{number} other run is first; it goes on in about {time}.",
            "{number} other runs are first; it goes on in about {time}.",
            wait.place - 1,
            time=duration(wait.seconds),
        )
        return f"{words} {first}"
    if wait is not None and wait.seconds >= 1:
        soon = say("It is next, in about {time}.", time=duration(wait.seconds))
        return f"{words} {soon}"
    if state == "starting":
        return say("Warming up: TensorFlow is being loaded, once; this takes some seconds.")
    next_one = say("It is next.")
    return f"{words} {next_one}"


def _meanwhile() -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(say("It starts by itself. Meanwhile:"), width="content")
        st.page_link("pages/classify.py", label=say("Draw an item"), icon=":material/draw:")
        st.page_link("pages/replay.py", label=say("Replay a run"), icon=":material/history:")
        st.page_link("pages/browse.py", label=say("Look at the data"), icon=":material/grid_view:")
