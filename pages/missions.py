"""Missions: tasks for the visitor, checked against what they really did."""

import streamlit as st

from fmnist_core.guide.deeds import Deeds
from fmnist_core.guide.journal import Journal
from fmnist_core.guide.missions import MISSIONS, Mission
from fmnist_core.translation import mark, say
from pages.shared.deeds import deeds_of_visitor
from pages.shared.glossary_line import words
from pages.shared.markdown import plain
from pages.shared.navigation import FOLDER, ensure_navigation
from pages.shared.resources import run_store
from pages.shared.visitor import visitor_id

LABELS = {
    "pages/train.py": mark("Go and train"),
    "pages/detective.py": mark("Go to the label detective"),
    "pages/classify.py": mark("Go to the test images"),
}
QUERY = {"pages/classify.py": {"test": "0"}}


def show(mission: Mission, deeds: Deeds, passed: bool) -> bool:
    """Show a mission with its steps; return whether all of them are done."""
    steps = mission.check(deeds)
    done = all(step.done for step in steps)
    with grid.container(border=True, height="stretch", gap="small"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.subheader(say(mission.title), anchor=mission.name, width="content")
            if done or passed:
                st.badge(say("Done"), icon=":material/check:", color="green")
        st.markdown(say(mission.why))
        for step in steps:
            icon = ":green[:material/check_circle:]" if step.done else ":material/circle:"
            st.markdown(f"{icon} {step.text}")
            if step.evidence:
                st.caption(plain(step.evidence[0].upper() + step.evidence[1:]) + ".")
        if passed and not done:
            st.caption(say("You have done it before; the run that showed it is gone."))
        st.space("stretch")
        with st.container(horizontal=True, vertical_alignment="center"):
            if (FOLDER.parent / mission.page).is_file():
                st.page_link(
                    mission.page,
                    label=say(LABELS[mission.page]),
                    icon=":material/arrow_forward:",
                    query_params=QUERY.get(mission.page),
                )
            else:
                st.caption(say("Its page is not part of this version."))
            with st.popover(say("Hint"), icon=":material/lightbulb:"):
                st.markdown(say(mission.hint))
        words(*mission.terms)
    return done


ensure_navigation()
st.title(say("Missions"), anchor=False)
st.markdown(
    say(
        "Each is checked against what you really did: your own runs, your finds, your strokes. "
        "Nothing to hand in; come back and look."
    )
)
journal = Journal(run_store().root, visitor_id())
deeds = deeds_of_visitor(journal)
passed = set(journal.entries("mission"))
progress = st.container()
grid = st.grid("auto", min_column_width=340)
for name, mission in MISSIONS.items():
    if show(mission, deeds, name in passed) and name not in passed:
        journal.note("mission", name)
        passed.add(name)
        st.toast(say("Mission done: {title}", title=say(mission.title)), icon=":material/flag:")
count = len(passed & set(MISSIONS))
progress.progress(
    count / len(MISSIONS), say("{count} of {all} done", count=count, all=len(MISSIONS))
)
