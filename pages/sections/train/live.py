"""Watching a run learn, twice a second, and its owner's controls."""

from dataclasses import dataclass, field

import numpy as np
import streamlit as st

from fmnist_core.data.fashion_mnist import CLASS_NAMES
from fmnist_core.figures.colors import class_colors
from fmnist_core.figures.evaluation import HEIGHT as MATRIX_HEIGHT
from fmnist_core.figures.evaluation import confusion_matrix
from fmnist_core.figures.training import HEIGHT, Option, curve
from fmnist_core.guide.glossary import explain
from fmnist_core.runs.history import Curves, condensed
from fmnist_core.runs.rows import CountingRow, valid_rows
from fmnist_core.runs.run import Run
from fmnist_core.runs.status import Status, Validation
from fmnist_core.sweeps.expectation import Expectation
from fmnist_core.translation import digits, language, mark, say
from fmnist_core.wording import percent
from pages.components.contact_sheet import contact_sheet
from pages.components.run_notice import run_notice
from pages.sections.train import expected
from pages.sections.train.layer_sizes import layer_sizes
from pages.sections.train.progress import progress
from pages.shared.evaluation.confusion import on_dark_page
from pages.shared.markdown import plain
from pages.shared.resources import engine, engine_if_started, images
from pages.shared.runs.controls import controls
from pages.shared.runs.learning_curves import METRICS
from pages.shared.runs.words import badge, word
from pages.shared.visitor import visitor_id

TICK_SECONDS = 0.5
# Behind others a run waits long, and a waiting visitor's ticks take time from the run in front.
QUEUE_TICK_SECONDS = 1.0
_ALTS = {
    "loss": mark("Loss in training and validation against epochs"),
    "accuracy": mark("Accuracy in training and validation against epochs"),
}


@dataclass
class _Memory:
    """What this visitor's page has read of one run, so that a tick reads only what is new."""

    run_id: str
    language: str  # that of the charts
    offset: int = 0
    rows: list[CountingRow] = field(default_factory=list)
    expected: Expectation | None = None
    curves: Curves = field(default_factory=Curves)
    charts: dict[str, Option] = field(default_factory=dict)
    validated: int = 0
    validation: Validation | None = None


def live_view(run: Run) -> None:
    """Show `run` and follow it while it works; only its owner gets buttons."""
    status = run.status()
    if status.active:
        engine()  # starting it also settles runs that a crash left behind
        status = run.status()
    visitor = visitor_id()
    owned = run.about.owned_by(visitor)
    if owned and not status.active and (started := engine_if_started()):
        started.seen(run, visitor)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(plain(status.name), anchor=False, width="content")
        st.markdown(badge(status), width="content")
        if owned:
            done = say("{run}: {state}", run=status.name, state=word(status.status).lower())
            run_notice({} if status.active else {run.id: done}, key="run_end", offer=status.active)
    # One container for each part, empty or not: what follows keeps its place on the page, so that
    # the browser moves no chart when a message comes or goes.
    with st.container():
        if owned:
            controls(run, status)
        else:
            run.about.mark(shared=True)  # somebody has the link: it is not cleaned up
            st.info(
                say(
                    "You are watching through a shared link. It follows the run; only its owner "
                    "can pause, stop or change it."
                ),
                icon=":material/visibility:",
            )
    wait = engine().wait(run) if status.status == "queued" else None
    every = QUEUE_TICK_SECONDS if wait and wait.place > 1 else TICK_SECONDS
    # A run that is over changes only by a button, and then the whole page runs again.
    st.fragment(_follow, run_every=every if status.active else None)(run, status.status, owned)


def _follow(run: Run, shown: str, owned: bool) -> None:
    status = run.status()
    if status.status != shown:
        st.rerun()  # other buttons, another pace
    if status.active:
        engine().look(run)
    memory = _memory(run)
    _read(run, memory)
    with st.container():
        progress(run, status)
    _numbers(status, memory.curves)
    with st.container():
        if memory.rows or status.active:
            _charts(memory)
    with st.container():
        layer_sizes(run, status, owned)
    if memory.validation is not None:
        _validation(memory, memory.validation)


def _memory(run: Run) -> _Memory:
    memory = st.session_state.get("_live")
    code = language()
    if not isinstance(memory, _Memory) or (memory.run_id, memory.language) != (run.id, code):
        memory = _Memory(run.id, code, expected=expected.of(run.recipe))
        st.session_state["_live"] = memory
    return memory


def _read(run: Run, memory: _Memory) -> None:
    """Take in what was written since the last tick; redraw only what it changes."""
    rows, memory.offset = run.history(memory.offset)
    if rows or not memory.charts:
        # A run of hours writes tens of thousands of rows; no chart shows more than some hundred.
        memory.rows = condensed(valid_rows([*memory.rows, *rows]))
        memory.curves = Curves.of(memory.rows)
        for metric in METRICS:
            memory.charts[metric] = curve(memory.curves, metric, memory.expected)
    epochs = memory.curves.epochs
    if epochs and memory.validated != epochs[-1] and (found := run.validation()):
        memory.validation, memory.validated = found, epochs[-1]
        memory.charts["confusion"] = confusion_matrix(found.confusion, dark=on_dark_page())


def _numbers(status: Status, curves: Curves) -> None:
    accuracy, validated = curves.batch["accuracy"], curves.epoch["val_accuracy"]
    latest = validated[-1] if validated else None
    items = next(
        (value for value in curves.epoch["item_accuracy"][::-1] if value is not None), None
    )
    best = curves.best
    with st.container(horizontal=True):
        st.metric(
            say("Training accuracy"),
            percent(accuracy[-1]) if accuracy else "–",
            help=explain(
                "training-set",
                say(
                    "On the images of the present epoch so far, while the network is learning them."
                ),
            ),
            width=170,
        )
        st.metric(
            say("Validation accuracy"),
            percent(latest) if latest is not None else "–",
            help=explain("validation-set", say("After the last whole epoch.")),
            width=170,
        )
        if items is not None:
            st.metric(
                say("Drawings and photos"),
                percent(items),
                help=say(
                    "On our own {count} drawings and photos, after the last whole epoch: how it "
                    "would do on what visitors bring. Redrawn training images raise it. They are "
                    "tidier than most, and one item is {share}.",
                    count=curves.items,
                    share=percent(1 / curves.items),
                ),
                width=190,
            )
        st.metric(
            say("Best epoch"),
            "–" if best is None else str(curves.epochs[best]),
            help=explain("best-epoch"),
            width=130,
        )
        st.metric(
            say("Images a second"),
            "–" if status.images_per_second is None else digits(status.images_per_second, ",.0f"),
            help=say("Training images that went through the network, there and back."),
            width=150,
        )


def _charts(memory: _Memory) -> None:
    for column, metric in zip(st.columns(2), METRICS, strict=True):
        column.echarts_chart(
            memory.charts[metric],
            height=HEIGHT,
            key=f"live_{metric}",
            alt=say(_ALTS[metric]),
        )


def _validation(memory: _Memory, validation: Validation) -> None:
    matrix, samples = st.columns([3, 2], gap="medium")
    with matrix:
        total = int(validation.confusion.sum())
        st.markdown(
            say(
                "**Validation after epoch {epoch}** ({images:,} images)",
                epoch=validation.epoch,
                images=total,
            )
        )
        st.echarts_chart(
            memory.charts["confusion"],
            height=MATRIX_HEIGHT,
            key="live_confusion",
            alt=say("Confusion matrix on the validation images"),
        )
    with samples:
        st.markdown(say("**What it says now** about images it is not trained on"))
        _samples(validation)


def _samples(validation: Validation) -> None:
    data = images("train")
    known = validation.sample_indices
    answers = validation.sample_probabilities.argmax(1)
    sure = validation.sample_probabilities.max(1)
    truths = data.labels[known]
    contact_sheet(
        data.images[known],
        [
            _answer(CLASS_NAMES[answer], float(share), CLASS_NAMES[truth])
            for answer, share, truth in zip(answers, sure, truths, strict=True)
        ],
        "live_samples",
        ids=known,
        marks=["✓" if right else "✗" for right in np.equal(answers, truths)],
        colors=class_colors(answers),
        size="large",
        show_captions=True,
        label=say("Sample predictions"),
    )


def _answer(name: str, share: float, truth: str) -> str:
    if name == truth:
        return f"{say(name)} {digits(share, '.0%')}"
    return say("{answer} {share:.0%}, is {truth}", answer=say(name), share=share, truth=say(truth))
