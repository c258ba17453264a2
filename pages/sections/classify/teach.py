"""Teach it: the visitor says what an item is, and a private copy of a model learns from that."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import numpy as np
import streamlit as st

from fmnist_core.data.fashion_mnist import CLASS_NAMES
from fmnist_core.figures.colors import class_colors
from fmnist_core.models.catalogue import Model, ModelError, from_run
from fmnist_core.preprocessing.item import Item
from fmnist_core.recipes.presets import slug
from fmnist_core.runs.run import Run
from fmnist_core.runs.status import RunError
from fmnist_core.training import fine_tuning
from fmnist_core.training.fine_tuning import MOST_LESSONS, Lesson, Outcome
from fmnist_core.translation import say
from fmnist_core.wording import percent
from pages.components.contact_sheet import contact_sheet
from pages.components.picture_row import Picture, picture_row
from pages.shared import model_choice
from pages.shared.markdown import plain
from pages.shared.resources import engine, taught_copies
from pages.shared.visitor import visitor_id

TICK_SECONDS = 0.5
LARGEST = 3_000_000  # parameters; a copy of a larger model would fill a shared disk
_ANSWER = "teach_answer"


@dataclass
class _Memory:
    """This visitor's lessons, in this session only, and those that each copy was taught."""

    lessons: list[Lesson] = field(default_factory=list)
    of: dict[str, list[Lesson]] = field(default_factory=dict)


def teach(item: Item, models: Sequence[Model]) -> None:
    """Offer to correct the answer for `item`, to teach a copy of a model, and what it learned."""
    with st.expander(
        say("Wrong answer? Teach it."), icon=":material/school:", key="teach", on_change="rerun"
    ) as panel:
        if panel.open:
            _panel(item, models)


def _memory() -> _Memory:
    memory: _Memory = st.session_state.setdefault("_teach", _Memory())
    return memory


def _panel(item: Item, models: Sequence[Model]) -> None:
    st.caption(
        say(
            "Say what this item is. A copy of the model that only you can see learns it in "
            "seconds, and rehearses the data set meanwhile so that it forgets little. Your items "
            "stay in this session; the copy is deleted when you throw it away, or after a day."
        )
    )
    st.pills(
        say("What is this item really?"),
        range(10),
        format_func=lambda label: say(CLASS_NAMES[label]),
        key=_ANSWER,
        on_change=_learn,
        args=(np.stack([reading.array for reading in item.readings]),),
    )
    _lessons(_memory())
    copies = taught_copies().of(visitor_id())
    active = next((copy for copy in copies if copy.status().active), None)
    if active:
        st.fragment(_wait, run_every=TICK_SECONDS)(active)
    else:
        _start(_memory().lessons, models)
    for copy in copies:
        if copy != active:
            _copy(copy)


def _learn(readings: np.ndarray) -> None:
    """Take the item into the lessons; said again, it replaces what was said before."""
    label, lessons = st.session_state[_ANSWER], _memory().lessons
    st.session_state[_ANSWER] = None  # the choice is for one item only
    if label is None:
        return
    lessons[:] = [kept for kept in lessons if not np.array_equal(kept.readings, readings)]
    lessons[:] = [*lessons, Lesson(readings, int(label))][-MOST_LESSONS:]


def _forget(at: int) -> None:
    del _memory().lessons[at]


def _lessons(memory: _Memory) -> None:
    lessons = memory.lessons
    if not lessons:
        return
    st.markdown(say("**Your lessons** ({count}). Click one to take it away.", count=len(lessons)))
    contact_sheet(
        np.stack([lesson.readings[0] for lesson in lessons]),
        [say(CLASS_NAMES[lesson.label]) for lesson in lessons],
        "teach_lessons",
        colors=class_colors([lesson.label for lesson in lessons]),
        size="large",
        show_captions=True,
        label=say("Your lessons"),
        on_click=_forget,
    )


def _start(lessons: list[Lesson], models: Sequence[Model]) -> None:
    able = [model for model in models if model.parameters <= LARGEST and model.keras_file.is_file()]
    if not able:
        st.info(
            say(
                "Choose a model of at most {most:,} weights above: larger ones are not copied.",
                most=LARGEST,
            ),
            icon=":material/info:",
        )
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        base = able[0]
        if len(able) > 1:
            names = {model.name: model for model in able}
            chosen = st.selectbox(
                say("Copy which model"),
                list(names),
                format_func=lambda name: names[name].title,
                key="teach_model",
                width=260,
            )
            base = names.get(chosen, base)
        pressed = st.button(
            say("Teach a copy of {model}", model=plain(base.title)),
            type="primary",
            icon=":material/school:",
            disabled=not lessons,
            key="teach_start",
        )
    if not lessons:
        st.caption(
            say("Choose a class above first. More items, drawn differently, teach it better.")
        )
    elif pressed:
        copy = taught_copies().create(base, visitor_id())
        _memory().of[copy.id] = list(lessons)
        engine().call(fine_tuning.teach, str(copy.folder), base, list(lessons))
        st.rerun()


def _wait(copy: Run) -> None:
    status = copy.status()
    if not status.active:
        if status.status == "finished":
            model_choice.add(copy.id)
        st.rerun()
    waiting = engine().state() == "starting" and status.status == "queued"
    words = say(status.reason) or (
        say("Warming up: TensorFlow is being loaded, once; this takes some seconds")
        if waiting
        else say("Waiting for its turn")
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(min(1.0, status.batch / 100), f"{words}…")
        if st.button(say("Stop"), icon=":material/stop:", key="teach_stop"):
            with suppress(RunError):  # it may have ended by itself in the meantime
                copy.request("stop")
            st.rerun()


def _copy(copy: Run) -> None:
    """Show one copy: what it learned, what it forgot, and what can be done with it."""
    status, outcome = copy.status(), fine_tuning.read(copy.folder)
    with st.container(border=True):
        if status.status != "finished" or outcome is None:
            gone = status.status == "interrupted"
            reason = (
                say("The app was restarted meanwhile; teach it again.")
                if gone
                else say(status.reason)
            )
            st.markdown(
                say(
                    "**{copy}** was not finished. {reason}",
                    copy=plain(status.name),
                    reason=plain(reason),
                )
            )
            _throw_away(copy)
            return
        learned = int((outcome.after.argmax(1) == outcome.labels).sum())
        known = int((outcome.before.argmax(1) == outcome.labels).sum())
        count = len(outcome.labels)
        st.markdown(
            say(
                "**{copy}**, a private copy, ready in {seconds:.0f} s",
                copy=plain(status.name),
                seconds=outcome.seconds,
            )
        )
        with st.container(horizontal=True):
            st.metric(
                say("Your items right"),
                say("{learned} of {count}", learned=learned, count=count),
                say("{more:+d} by teaching", more=learned - known) if learned != known else None,
                help=say(
                    "These are the items that it was taught, so this says that it learned them, "
                    "not that it would know new ones. Try another drawing."
                ),
                width=190,
            )
            _forgetting(outcome)
        _before_and_after(copy, outcome)
        _use(copy)


def _forgetting(outcome: Outcome) -> None:
    points = 100 * (outcome.clean_after - outcome.clean_before)
    st.metric(
        say("Forgetting: {count:,} validation images right", count=outcome.clean_count),
        percent(outcome.clean_after),
        say(
            "{points:+.1f} points, was {before}",
            points=points,
            before=percent(outcome.clean_before),
        ),
        delta_color="normal" if abs(points) >= 0.05 else "off",
        help=say(
            "Images of the data set that it was neither taught nor rehearsed. What it lost here "
            "is the price of the new items; with contradictory items the price is high."
        ),
        width=330,
    )


def _before_and_after(copy: Run, outcome: Outcome) -> None:
    lessons = _memory().of.get(copy.id, [])

    def said(row: np.ndarray) -> str:
        top = int(row.argmax())
        return f"{say(CLASS_NAMES[top])} {percent(float(row[top]))}"

    if len(lessons) == len(outcome.labels):
        picture_row(
            [
                Picture(
                    lesson.readings[0],
                    say("Is {label}", label=say(CLASS_NAMES[lesson.label])),
                    say("Before: {answer}", answer=said(before)),
                    say("Now: {answer}", answer=said(after)),
                )
                for lesson, before, after in zip(
                    lessons, outcome.before, outcome.after, strict=True
                )
            ],
            key=f"teach_row_{copy.id}",
            label=say("Your items before and after"),
        )
        return
    # After a refresh the session has forgotten the pictures.
    st.table(
        {
            say("It is"): [say(CLASS_NAMES[label]) for label in outcome.labels],
            say("Before"): [said(row) for row in outcome.before],
            say("Now"): [said(row) for row in outcome.after],
        }
    )


def _use(copy: Run) -> None:
    try:
        model = from_run(copy)
    except ModelError:
        return  # thrown away in another tab just now
    name = slug(model.title) or "taught"
    with st.container(horizontal=True):
        if not model_choice.is_chosen(copy.id) and st.button(
            say("Answer with it"), icon=":material/quick_reference_all:", key=f"teach_use_{copy.id}"
        ):
            model_choice.add(copy.id)
            st.rerun()
        for file, ending in ((model.keras_file, "keras"), (model.tflite_file, "tflite")):
            st.download_button(
                say("Download (.{ending})", ending=ending),
                file.read_bytes,
                f"{name}.{ending}",
                "application/octet-stream",
                icon=":material/download:",
                key=f"teach_{ending}_{copy.id}",
                on_click="ignore",
            )
        _throw_away(copy)


def _throw_away(copy: Run) -> None:
    if st.button(say("Throw away"), icon=":material/delete:", key=f"teach_discard_{copy.id}"):
        taught_copies().discard(copy)
        _memory().of.pop(copy.id, None)
        st.rerun()
