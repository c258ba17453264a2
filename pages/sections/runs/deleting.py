"""Deleting runs, and taking that back."""

import streamlit as st

from fmnist_core.guide.journal import Journal
from fmnist_core.runs.run import Run
from fmnist_core.runs.status import RunError
from fmnist_core.translation import mark, say, say_count
from pages.shared.markdown import plain
from pages.shared.resources import board_store, run_store, sweep_store, taught_copies


def offer_undo() -> None:
    """Say what was just deleted, or why it was not, and offer to bring it back."""
    if kept := st.session_state.pop("runs_kept", None):
        st.warning(kept, icon=":material/info:")
    deleted: list[tuple[str, str]] = st.session_state.get("runs_deleted", [])
    if not deleted:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        names = ", ".join(say("“{name}”", name=plain(name)) for _, name in deleted)
        st.markdown(say("Deleted {names}.", names=names), width="content")
        if st.button(say(mark("Undo", "an action")), icon=":material/undo:", key="runs_undo"):
            for run_id, _ in deleted:
                run_store().restore(run_id)
            st.session_state["runs_deleted"] = []
            st.rerun()


def delete(chosen: list[Run]) -> None:
    """Delete runs that are not going on; the page offers to undo it."""
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


def forget_me(visitor: str) -> None:
    """Offer to delete for good all that is the visitor's: runs, taught models, deeds, drawings."""
    with st.popover(say("Delete everything of mine"), icon=":material/delete_forever:"):
        st.markdown(
            say(
                "Your runs and sweeps, also those in the trash, your boards and what is yours on "
                "others, your taught models, found labels and missions passed, and what you drew "
                "or uploaded in this tab. **This cannot be undone.** What waits or trains stays: "
                "stop it first."
            )
        )
        if st.button(say("Delete it all"), type="primary", key="runs_forget"):
            sweep_store().forget(visitor)
            board_store().forget(visitor)
            count = run_store().forget(visitor)
            for copy in taught_copies().of(visitor):
                taught_copies().discard(copy)
            Journal(run_store().root, visitor).path.unlink(missing_ok=True)
            for key in list(st.session_state):
                del st.session_state[key]
            st.session_state["runs_kept"] = say_count(
                "All of yours is deleted, {number} run among it.",
                "All of yours is deleted, {number} runs among it.",
                count,
            )
            st.rerun()
