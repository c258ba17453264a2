"""One run: curves, figures, and what its owner can do with it."""

from datetime import UTC, datetime, timedelta

import streamlit as st

from fmnist_core.recipes import host
from fmnist_core.recipes.comparison import describe_layers
from fmnist_core.runs.history import Curves
from fmnist_core.runs.rows import valid_rows
from fmnist_core.runs.run import Run
from fmnist_core.runs.status import RunError, Status
from fmnist_core.translation import ENGLISH, language, say
from fmnist_core.wording import percent
from pages.sections.runs.deleting import delete
from pages.sections.runs.table import final_accuracy
from pages.shared.language.retelling import retold
from pages.shared.markdown import plain
from pages.shared.runs.controls import evaluate_link, replay_link, share
from pages.shared.runs.learning_curves import learning_curves
from pages.shared.runs.words import badge


def one(run: Run) -> None:
    """Show one run: its curves, its figures, and what its owner can do with it."""
    status = run.status()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(plain(status.name), anchor=False, width="content")
        st.markdown(badge(status), width="content")
    if status.reason:
        st.caption(plain(retold(status.reason)))
    if tags := run.about.tags:
        st.markdown(" ".join(f":gray-badge[{plain(tag)}]" for tag in tags))
    if note := run.about.note:
        st.caption(plain(note))
    if (goes := cleaned_up(status)) and not run.about.kept:
        st.caption(say("It is deleted on {day}, unless you pin or share it.", day=_day(goes)))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.page_link(
            "pages/train.py",
            label=say("Watch and control")
            if status.active
            else say("Open, resume or train longer"),
            icon=":material/monitoring:",
            query_params={"run": run.id},
        )
        if tested := final_accuracy(run):
            evaluate_link(run)
        if status.epoch:
            replay_link(run)
        st.page_link(
            "pages/train.py",
            label=say("Use this recipe"),
            icon=":material/content_copy:",
            query_params={"recipe": run.recipe.to_link()},
        )
        share(run)
        _rename(run)
        _note(run)
        if host.current().days_kept is not None:
            pinned = run.about.pinned
            st.button(
                say("Unpin") if pinned else say("Pin"),
                icon=":material/keep_off:" if pinned else ":material/keep:",
                key="runs_pin",
                help=say("A pinned run is never cleaned up."),
                on_click=lambda: run.about.mark(pinned=not pinned),
            )
        if st.button(say("Delete"), icon=":material/delete:", key="runs_delete"):
            delete([run])
    if tested:
        accuracy, (low, high) = tested
        st.markdown(
            say(
                "Test accuracy **{accuracy}** (95 % interval {low} to {high}, 10,000 images, seed "
                "{seed})",
                accuracy=percent(accuracy, 2),
                low=percent(low, 2),
                high=percent(high, 2),
                seed=run.recipe.seed,
            )
        )
    st.caption(
        say(
            "{layers}: {parameters:,} parameters",
            layers=" → ".join(describe_layers(run.recipe)),
            parameters=run.recipe.parameters,
        )
    )
    learning_curves(curves_of(run), "runs")


def cleaned_up(status: Status) -> datetime | None:
    """Return when a run that is over goes at the latest; None where none goes by its age."""
    days, ended = host.current().days_kept, status.finished or status.created
    if days is None or status.active:
        return None
    return datetime.fromtimestamp(ended, UTC) + timedelta(days=days)


def _day(when: datetime) -> str:
    """Return a day as the reader writes it: 03 May, 3. Mai."""
    if language() == ENGLISH:
        return f"{when:%d %B}"
    from babel.dates import format_skeleton

    return format_skeleton("MMMMd", when, locale=language())


def _rename(run: Run) -> None:
    with st.popover(say("Rename"), icon=":material/edit:"):
        name = st.text_input(say("New name"), run.status().name, max_chars=60, key=f"name_{run.id}")
        if st.button(say("Rename it"), type="primary", key="runs_rename"):
            try:
                run.about.rename(name)
            except RunError as error:
                st.error(str(error))
            else:
                st.rerun()


def _note(run: Run) -> None:
    with st.popover(say("Note"), icon=":material/sticky_note_2:"):
        note = st.text_area(say("Note"), run.about.note, max_chars=500, key=f"note_{run.id}")
        tags = st.text_input(
            say("Tags, with commas between"),
            ", ".join(run.about.tags),
            max_chars=200,
            key=f"tags_{run.id}",
        )
        if st.button(say("Keep"), type="primary", key="runs_note"):
            try:
                run.about.annotate(note, tags.split(","))
            except RunError as error:
                st.error(plain(str(error)))
            else:
                st.rerun()


def curves_of(run: Run) -> Curves:
    """Return a run's curves under its name."""
    return Curves.of(valid_rows(run.history()[0]), run.status().name)
