"""The visitor's runs, side by side."""

import streamlit as st

from fmnist_core.recipes import host
from fmnist_core.translation import say
from pages.sections.runs.compare import linked, several
from pages.sections.runs.deleting import forget_me, offer_undo
from pages.sections.runs.importing import import_run
from pages.sections.runs.one import one
from pages.sections.runs.table import run_table
from pages.shared.glossary_line import words
from pages.shared.navigation import ensure_navigation
from pages.shared.resources import engine, run_store
from pages.shared.visitor import visitor_id

REFRESH_SECONDS = 2.0

ensure_navigation()


def page() -> None:
    mine = run_store().of(visitor)
    if working and not any(run.status().active for run in mine):
        st.rerun()  # nothing moves any more: stop refreshing
    offer_undo()
    if not mine:
        empty()
        import_run(visitor)
        forget_me(visitor)
        return
    st.caption(
        say("Tick one run to see and manage it, several to compare them. A column's head sorts.")
    )
    if (days := host.current().days_kept) is not None:
        st.caption(
            say(
                "This host deletes runs {days} days after their end, the oldest sooner when space "
                "is short; never one that goes on, is pinned, or that somebody opened by its link.",
                days=days,
            )
        )
    chosen = run_table(mine)
    if len(chosen) == 1:
        one(chosen[0])
    elif chosen:
        several(chosen)
    with st.container(horizontal=True):
        import_run(visitor)
        forget_me(visitor)


def empty() -> None:
    st.info(
        say(
            "Pick or build a network on the Train page and press Train: every run is kept here, "
            "with its curves, its recipe and its model, also when you close the browser."
        ),
        title=say("No runs yet"),
        icon=":material/model_training:",
    )
    st.page_link(
        "pages/train.py",
        label=say("Train the fastest network"),
        icon=":material/bolt:",
        query_params={"preset": "lightning"},
    )


st.title(say("Runs"))
visitor = visitor_id()
working = any(run.status().active for run in run_store().of(visitor))
if working:
    engine()  # also settles what a crash left behind
linked()
st.fragment(page, run_every=REFRESH_SECONDS if working else None)()
words("run", "recipe", "seed", "validation-set", "test-set", "epoch")
