"""One quiet line on every page while something of the visitor's trains, waits or has just ended."""

import streamlit as st

from fmnist_core.runs.run import Run
from fmnist_core.runs.status import Status
from fmnist_core.translation import say
from fmnist_core.wording import duration
from pages.components.run_notice import run_notice
from pages.shared.engine_work import PAGE
from pages.shared.markdown import plain
from pages.shared.resources import engine, engine_if_started, run_store
from pages.shared.runs.words import badge, word
from pages.shared.visitor import known_visitor

TICK_SECONDS = 2.0
_LOOKED, _SHOWN = "_runs_looked_for", "_chip_shown"


def chip() -> None:
    """Show the visitor's runs that are under way or have just ended, in one line.

    The run that the page itself shows is left out. Nothing is read from the disk for a visitor
    who has none.
    """
    visitor = known_visitor()
    if visitor is None:
        return
    if engine_if_started() is None and not st.session_state.get(_LOOKED):
        st.session_state[_LOOKED] = True
        if any(run.status().active for run in run_store().of(visitor)):
            engine()  # the server was restarted: it settles what was under way
    found = engine_if_started()
    if found is None:
        return
    active, ended = found.mine(visitor)
    if active or ended:
        going = bool(active)
        st.fragment(_line, run_every=TICK_SECONDS if going else None)(visitor, going)


def _line(visitor: str, going: bool) -> None:
    active, ended = engine().mine(visitor)
    if going and not active:
        st.rerun()  # nothing moves any more: no more ticks
    for run in active:
        engine().look(run)
    said = {run.id: _over(run.status()) for run in ended}
    run_notice(said, key="run_notice")
    shown = st.query_params.get("run")
    here = [run for run in (*active, *ended) if run.id != shown]
    if not here:
        return
    first, others = here[0], len(here) - 1
    status = first.status()
    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", key="run_chip", border=True
    ):
        words = _words(first, status)
        if others:
            words = say("{run} and {count} more", run=words, count=others)
        st.markdown(f"{badge(status)} {words}", width="stretch")
        designing = st.session_state.get(PAGE) == "train"
        if st.button(
            say("Watch") if first in active else say("Look at it"),
            icon=":material/monitoring:",
            type="primary" if designing else "secondary",
            key="chip_watch",
        ):
            st.switch_page("pages/train.py", query_params={"run": first.id})
        if others and st.button(say("All runs"), key="chip_all", type="tertiary"):
            st.switch_page("pages/runs.py")
        if first not in active:
            st.button(
                say("Dismiss"),
                icon=":material/close:",
                type="tertiary",
                key="chip_dismiss",
                on_click=engine().seen,
                args=(first, visitor),
            )


def _words(run: Run, status: Status) -> str:
    name = f"**{plain(status.name)}**"
    if not status.active:
        return say(
            "{name}, {epoch} of {epochs} epochs done",
            name=name,
            epoch=status.epoch,
            epochs=status.epochs,
        )
    if status.status == "queued":
        wait = engine().wait(run)
        if wait is None:
            return name
        return say("{name}, its turn in about {time}", name=name, time=duration(wait.seconds))
    if status.seconds_left is None:
        return say(
            "{name}, epoch {epoch} of {epochs}",
            name=name,
            epoch=status.present_epoch,
            epochs=status.epochs,
        )
    return say(
        "{name}, epoch {epoch} of {epochs}, about {time} left",
        name=name,
        epoch=status.present_epoch,
        epochs=status.epochs,
        time=duration(status.seconds_left),
    )


def _over(status: Status) -> str:
    return f"{status.name}: {word(status.status).lower()}"
