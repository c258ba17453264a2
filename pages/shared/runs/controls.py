"""What an owner can do with a run: pause, stop, resume, go on, change its learning rate, share."""

from collections.abc import Callable

import streamlit as st

from fmnist_core.guide.glossary import explain
from fmnist_core.runs.rows import valid_rows
from fmnist_core.runs.run import Run
from fmnist_core.runs.status import RunError, Status
from fmnist_core.translation import mark, say
from pages.shared.language.retelling import retold
from pages.shared.markdown import page_address, plain
from pages.shared.resources import engine

# A toast of a script run that starts the page over is dropped with it: it waits for the next one.
_SAID = "run_said"
# What a run that is over needs to hear, and whether it can go on from its checkpoint.
_OVER = {
    "paused": mark("Paused at the last batch; nothing is lost."),
    "stopped": mark("Stopped. The weights of the best epoch are kept."),
    "failed": mark("This run failed. Its curves and its last checkpoint are kept."),
    "interrupted": mark("This run was interrupted. Its curves and its last checkpoint are kept."),
}


def controls(run: Run, status: Status) -> None:
    """Show the buttons that fit the run's status, and why it is over where that needs saying."""
    _say()
    _explain(status)
    with st.container(horizontal=True, vertical_alignment="center"):
        if status.active:
            _while_active(run, status)
        else:
            _when_over(run, status)
        share(run)


def _explain(status: Status) -> None:
    if status.status not in _OVER:
        return
    if status.status in ("failed", "interrupted"):
        show = st.error if status.status == "failed" else st.warning
        advice = (
            say(
                "Resume it from its checkpoint; if it fails again, train a smaller network or a "
                "smaller batch."
            )
            if status.status == "failed"
            else say("Resume it from its checkpoint: no finished epoch is lost.")
        )
        show(f"{plain(retold(status.reason))}\n\n{advice}", title=say(_OVER[status.status]))
    else:
        st.caption(plain(retold(status.reason)) or say(_OVER[status.status]))


def _while_active(run: Run, status: Status) -> None:
    ending = status.status in ("pausing", "stopping")
    if st.button(say("Pause"), icon=":material/pause:", disabled=ending, key="run_pause"):
        _do(lambda: run.request("pause"))
    if st.button(say("Stop"), icon=":material/stop:", disabled=ending, key="run_stop"):
        _do(lambda: run.request("stop"))
    with st.popover(say("Learning rate"), icon=":material/speed:", disabled=ending):
        _learning_rate(run)


def _learning_rate(run: Run) -> None:
    rows, _ = run.history()
    known = [row.learning_rate for row in valid_rows(rows) if row.learning_rate]
    present = known[-1] if known else run.recipe.learning_rate
    st.markdown(
        say("It is **{rate:g}** now. A new one counts from the next batch on.", rate=present)
    )
    rate = st.number_input(
        say("New learning rate"),
        min_value=1e-7,
        max_value=10.0,
        value=run.recipe.learning_rate,
        step=run.recipe.learning_rate / 10,
        format="%g",
        key=f"run_rate_{run.id}",
        help=explain("learning-rate"),
    )
    if st.button(say("Use it"), type="primary", key="run_rate_use"):
        done = say("Learning rate {rate:g} from the next batch on.", rate=rate)
        _do(lambda: run.set_learning_rate(rate), done)


def _when_over(run: Run, status: Status) -> None:
    unfinished = status.status != "finished" and status.epoch < status.epochs
    if unfinished and st.button(
        say("Resume"), icon=":material/play_arrow:", type="primary", key="run_resume"
    ):
        _do(lambda: engine().submit(run))
    if status.epoch:
        with st.popover(say("Train longer"), icon=":material/fast_forward:"):
            more = st.number_input(
                say("More epochs"),
                1,
                1000,
                5,
                key=f"run_more_{run.id}",
                help=say("Goes on where it ended."),
            )
            if st.button(say("Go on"), type="primary", key="run_longer"):
                _do(lambda: _longer(run, status.epoch + more))
        evaluate_link(run)
        replay_link(run)
        st.page_link(
            "pages/classify.py",
            label=say("Classify with it"),
            icon=":material/draw:",
            query_params={"model": run.id},
        )


def _longer(run: Run, epochs: int) -> None:
    run.extend(epochs)
    engine().submit(run)


def _do(action: Callable[[], None], done: str = "") -> None:
    """Do what a button asks, say what became of it, and draw the page anew."""
    try:
        action()
    except RunError as error:
        # The run may have ended between drawing the button and pressing it.
        st.session_state[_SAID] = plain(str(error)), ":material/info:"
    else:
        if done:
            st.session_state[_SAID] = done, ":material/check:"
    st.rerun()


def _say() -> None:
    """Show what the last button did."""
    if said := st.session_state.pop(_SAID, None):
        text, icon = said
        st.toast(text, icon=icon, duration="long")


def evaluate_link(run: Run) -> None:
    """Show the link to what the finished run is good at and where it errs."""
    st.page_link(
        "pages/evaluate.py",
        label=say("Evaluate"),
        icon=":material/query_stats:",
        query_params={"model": run.id},
    )


def replay_link(run: Run) -> None:
    """Show the link to the run's epochs, to be replayed."""
    st.page_link(
        "pages/replay.py",
        label=say("Time travel"),
        icon=":material/history:",
        query_params={"model": run.id},
    )


def share(run: Run) -> None:
    """Offer the run's link, which lets anyone who has it look and nobody touch."""
    with st.popover(say("Share"), icon=":material/share:"):
        st.markdown(say("Who has this link can watch the run and use its model, not change it."))
        st.code(page_address("train", f"run={run.id}"), language=None, wrap_lines=True)
