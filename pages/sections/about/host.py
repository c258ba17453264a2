"""What this host allows, and how it is now: for visitors who wait and for whoever runs it."""

import os
from collections.abc import Iterable

import psutil
import streamlit as st

from fmnist_core.engine.dispatcher import SLEEP_SECONDS
from fmnist_core.recipes.host import Limits, economical, memory_limit
from fmnist_core.wording import megabytes, short
from pages.shared.resources import engine_if_started

REFRESH_SECONDS = 5.0
_STATES = {
    "asleep": "asleep until there is something to do",
    "ready": "ready",
    "starting": "warming up",
    "unavailable": "cannot be reached",
}


def table(left: str, right: str, rows: Iterable[tuple[str, str]]) -> str:
    """Return a table of two columns in Markdown; st.dataframe would import pandas."""
    head = (f"| {left} | {right} |", "|---|--:|")
    return "\n".join([*head, *(f"| {name} | {value} |" for name, value in rows)])


def limits_table(limits: Limits) -> None:
    """Show the largest network that may be trained here, and how the time is shared."""
    rows = [
        ("Layers", f"{limits.layers}"),
        ("Parameters", short(limits.parameters)),
        ("Multiply-adds an image", short(limits.multiply_adds)),
        ("Memory of a run", megabytes(limits.memory_bytes)),
        ("Epochs", f"{limits.epochs:,}"),
        ("Trials of a sweep", f"{limits.trials:,}"),
    ]
    if limits.minutes_an_hour is not None:
        rows.append(("Your training, while others wait", f"{limits.minutes_an_hour} min an hour"))
    if limits.minutes_away is not None:
        rows.append(("A run that nobody looks at", f"paused after {limits.minutes_away} min"))
    st.markdown(table("Limit", f"On {limits.name}", rows))


@st.fragment(run_every=REFRESH_SECONDS)
def status() -> None:
    """Show queue, workers and memory, again every few seconds."""
    found = engine_if_started()
    load = found.load() if found else None
    web, others = _resident()
    limit = memory_limit()
    rows = [
        ("Engine", _STATES[load.state] if load else "asleep: nobody has trained since the start"),
        ("Workers", f"{load.workers}" if load else "0"),
        ("Runs that train", f"{load.working}" if load else "0"),
        ("Runs that wait", f"{load.waiting}" if load else "0"),
        ("Other tasks", f"{load.tasks}" if load else "0"),
        ("Memory of the web process", megabytes(web)),
        ("… of the engine's processes", megabytes(others) if others else "none runs"),
        ("Most that all may use", megabytes(limit) if limit else "no limit"),
        ("The machine", _machine()),
    ]
    st.markdown(table("System", "Now", rows))
    if economical():
        st.markdown(
            "**Economy:** memory is short here, so the engine starts with the first task, ends "
            f"after {SLEEP_SECONDS:.0f} seconds without one, and does one task at a time beside a "
            "run. A run then waits some seconds longer for its start."
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
    return f"{megabytes(psutil.virtual_memory().total)}, {os.cpu_count()} cores"
