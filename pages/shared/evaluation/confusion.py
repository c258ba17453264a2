"""The confusion matrix with the images behind each number, and the commonest mix-ups in words."""

import numpy as np
import streamlit as st

from fmnist_core.data.fashion_mnist import CLASS_NAMES
from fmnist_core.evaluation.metrics import MixUp, mix_ups, select
from fmnist_core.figures.evaluation import HEIGHT, Cell, clicked_cell, confusion_matrix
from fmnist_core.guide.glossary import explain
from fmnist_core.models.catalogue import Model
from fmnist_core.translation import digits, mark, say
from fmnist_core.wording import percent
from pages.shared.answered_images import answered_images
from pages.shared.evaluation.evidence import Evidence
from pages.shared.resources import images

IN_CELL = 20
MIX_UPS = 6
_ORDERS = (mark("Surest first"), mark("Least sure first"))


@st.fragment
def confusions(model: Model, found: Evidence, *, in_words: bool = False) -> None:
    """Show the confusion matrix and the images behind the cell that was chosen.

    With `in_words` the commonest mix-ups stand below as sentences, which choose cells too.
    """
    counts = found.figures.confusion
    cell: Cell = st.session_state.get(f"cell_{model.name}") or _worst(found)
    st.subheader(say("What it confuses"), anchor=False, help=explain("confusion-matrix"))
    matrix, behind = st.columns([3, 2], gap="medium")
    with matrix:
        st.caption(say("Click a number to see its images. Blue is right, orange is wrong."))
        # The chart keeps a click of its own; chosen otherwise, it must forget it.
        key = f"confusion_{model.name}_{st.session_state.get(f'chart_{model.name}', 0)}"
        st.echarts_chart(
            confusion_matrix(counts, selected=cell, dark=on_dark_page()),
            height=HEIGHT,
            key=key,
            on_select=lambda: _clicked(model, found, key),
            alt=say("Confusion matrix of the test images: true class by answer"),
        )
    with behind:
        _boxes(model, counts, cell)
        _behind(model, found, cell)
    if in_words:
        _words(model, found, cell)


def _clicked(model: Model, found: Evidence, key: str) -> None:
    cell = clicked_cell(st.session_state.get(key, {}), found.figures.confusion)
    if cell is not None:
        st.session_state[f"cell_{model.name}"] = cell


def _choose(model: Model, cell: Cell) -> None:
    st.session_state[f"cell_{model.name}"] = cell
    st.session_state[f"chart_{model.name}"] = st.session_state.get(f"chart_{model.name}", 0) + 1


def on_dark_page() -> bool:
    """Return whether the visitor's page is dark; light until the browser has said it."""
    return st.context.theme.type == "dark"


def _boxes(model: Model, counts: np.ndarray, cell: Cell) -> None:
    """Show the cell as two choices, for keys and screen readers; a chart can only be clicked."""
    truth, answer = cell
    keys = f"truth_{model.name}", f"answer_{model.name}"
    st.session_state[keys[0]], st.session_state[keys[1]] = cell

    def choose() -> None:
        row, column = (int(st.session_state[key]) for key in keys)
        # Another class need not be taken for the same.
        _choose(model, (row, column if counts[row, column] else int(counts[row].argmax())))

    with st.container(horizontal=True):
        st.selectbox(
            say("True class"),
            range(len(counts)),
            key=keys[0],
            format_func=lambda label: say(CLASS_NAMES[label]),
            on_change=choose,
            width=170,
        )
        st.selectbox(
            say("Answer"),
            sorted({answer, *map(int, np.flatnonzero(counts[truth]))}),
            key=keys[1],
            format_func=lambda label: (
                f"{say(CLASS_NAMES[label])}: {digits(int(counts[truth, label]), ',')}"
            ),
            on_change=choose,
            width=170,
        )


def _behind(model: Model, found: Evidence, cell: Cell) -> None:
    """Show the images of one cell, by confidence."""
    truth, answer = cell
    number, right = int(found.figures.confusion[cell]), truth == answer
    name, other = say(CLASS_NAMES[truth]), say(CLASS_NAMES[answer])
    what = (
        say("{number:,} × {name}, recognised", number=number, name=name)
        if right
        else say("{number:,} × {name} taken for {other}", number=number, name=name, other=other)
    )
    st.markdown(f"**{what}**")
    sheet = f"images_{model.name}_{truth}_{answer}"
    # Of right answers the doubtful ones teach most, of wrong ones the certain.
    order = st.segmented_control(
        say("Order"),
        _ORDERS,
        format_func=say,
        default=_ORDERS[int(right)],
        required=True,
        key=f"{sheet}_order",
        label_visibility="collapsed",
    )
    chosen = select(
        found.probabilities,
        images("test").labels,
        truth=truth,
        answer=answer,
        surest_first=order == _ORDERS[0],
    )
    page = 1
    if len(chosen) > IN_CELL:
        page = st.pagination(-(-len(chosen) // IN_CELL), key=f"{sheet}_{order}_page")
    answered_images(
        chosen[(page - 1) * IN_CELL : page * IN_CELL],
        found.probabilities,
        sheet,
        label=what,
        marks=False,
    )


def _worst(found: Evidence) -> Cell:
    """Return (truth, answer) of the most frequent mistake."""
    worst = max(
        (cell for mix_up in mix_ups(found.figures.confusion) for cell in mix_up.cells),
        key=lambda cell: found.figures.confusion[cell],
        default=(0, 0),
    )
    return worst


def _words(model: Model, found: Evidence, cell: Cell) -> None:
    """Show the commonest mix-ups as sentences, each a button that chooses its cell."""
    counts = found.figures.confusion
    mistakes = found.figures.examples - int(counts.trace())
    commonest = mix_ups(counts)[:MIX_UPS]
    st.subheader(say("In words"), anchor=False)
    if not commonest:
        st.markdown(say("It makes no mistake on these images."))
        return
    together = sum(mix_up.count for mix_up in commonest)
    st.markdown(
        say(
            "{pairs} pairs of classes make up {share} of its {mistakes:,} mistakes on {count:,} "
            "test images. Press a line to see its images above.",
            pairs=len(commonest),
            share=percent(together / mistakes),
            mistakes=mistakes,
            count=found.figures.examples,
        )
    )
    columns = st.columns(2, gap="medium")
    for position, mix_up in enumerate(commonest):
        with columns[position % 2].container(border=True, gap="xsmall"):
            _pair(model, found, mix_up, mistakes, cell)


def _pair(model: Model, found: Evidence, mix_up: MixUp, mistakes: int, cell: Cell) -> None:
    counts = found.figures.confusion
    first, second = (say(CLASS_NAMES[label]) for label in mix_up.cells[0])
    st.markdown(
        say(
            "**{first} and {second}**: {count:,} mistakes, {share} of all",
            first=first,
            second=second,
            count=mix_up.count,
            share=percent(mix_up.count / mistakes),
        )
    )
    for truth, answer in mix_up.cells:
        number, total = int(counts[truth, answer]), int(counts[truth].sum())
        st.button(
            say(
                "{truth} taken for {answer}: {number:,} of {total:,}",
                truth=say(CLASS_NAMES[truth]),
                answer=say(CLASS_NAMES[answer]),
                number=number,
                total=total,
            ),
            key=f"words_{model.name}_{truth}_{answer}",
            type="tertiary",
            icon=":material/check:" if (truth, answer) == cell else ":material/arrow_upward:",
            disabled=not number,
            on_click=_choose,
            args=(model, (truth, answer)),
        )
