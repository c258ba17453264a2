"""What this host allows, and how it is now: for visitors who wait and for whoever runs it."""

import os
from collections.abc import Iterable

import psutil
import streamlit as st

from fmnist_core.engine.dispatcher import SLEEP_SECONDS
from fmnist_core.recipes.host import Limits, economical, memory_limit
from fmnist_core.translation import digits, mark, say
from fmnist_core.wording import megabytes, short
from pages.shared.resources import engine_if_started

REFRESH_SECONDS = 5.0
_STATES = {
    "asleep": mark("asleep until there is something to do"),
    "ready": mark("ready"),
    "starting": mark("warming up"),
    "unavailable": mark("cannot be reached"),
}


def table(left: str, right: str, rows: Iterable[tuple[str, str]]) -> str:
    """Return a table of two columns in Markdown; st.dataframe would import pandas."""
    head = (f"| {left} | {right} |", "|---|--:|")
    return "\n".join([*head, *(f"| {name} | {value} |" for name, value in rows)])


def limits_table(limits: Limits) -> None:
    """Show the largest network that may be trained here, and how the time is shared."""
    rows = [
        (say("Layers"), f"{limits.layers}"),
        (say("Parameters"), short(limits.parameters)),
        (say("Multiply-adds an image"), short(limits.multiply_adds)),
        (say("Memory of a run"), megabytes(limits.memory_bytes)),
        (say("Epochs"), digits(limits.epochs, ",")),
        (say("Trials of a sweep"), digits(limits.trials, ",")),
    ]
    if limits.minutes_an_hour is not None:
        share = say("{minutes} min an hour", minutes=limits.minutes_an_hour)
        rows.append((say("Your training, while others wait"), share))
    if limits.minutes_away is not None:
        paused = say("paused after {minutes} min", minutes=limits.minutes_away)
        rows.append((say("A run that nobody looks at"), paused))
    here = say("On the shared host") if limits.shared else say("On this computer")
    st.markdown(table(say("Limit"), here, rows))


@st.fragment(run_every=REFRESH_SECONDS)
def status() -> None:
    """Show queue, workers and memory, again every few seconds."""
    found = engine_if_started()
    load = found.load() if found else None
    web, others = _resident()
    limit = memory_limit()
    rows = [
        (
            say("Engine"),
            say(_STATES[load.state]) if load else say("asleep: nobody has trained since the start"),
        ),
        (say("Workers"), f"{load.workers}" if load else "0"),
        (say("Runs that train"), f"{load.working}" if load else "0"),
        (say("Runs that wait"), f"{load.waiting}" if load else "0"),
        (say("Other tasks"), f"{load.tasks}" if load else "0"),
        (say("Memory of the web process"), megabytes(web)),
        (say("… of the engine's processes"), megabytes(others) if others else say("none runs")),
        (say("Most that all may use"), megabytes(limit) if limit else say("no limit")),
        (say("The machine"), _machine()),
    ]
    st.markdown(table(say("System"), say("Now"), rows))
    if economical():
        st.markdown(
            say(
                "**Economy:** memory is short here, so the engine starts with the first task, "
                "ends after {seconds:.0f} seconds without one, and does one task at a time beside "
                "a run. A run then waits some seconds longer for its start.",
                seconds=SLEEP_SECONDS,
            )
        )


def _resident() -> tuple[float, float]:
    """Return the resident bytes of this process and of all processes that it started."""
    here, others = psutil.Process(), 0.0
    for process in here.children(recursive=True):
        try:
            others += process.memory_info().rss
        except psutil.Error:  # it has just ended
            continue
    return here.memory_info().rss, others


def _machine() -> str:
    return say(
        "{memory}, {cores} cores",
        memory=megabytes(psutil.virtual_memory().total),
        cores=os.cpu_count(),
    )
