"""A class side by side: a live leaderboard and everybody's drawings, under nicknames."""

import numpy as np
import pandas as pd
import streamlit as st

from fmnist_core.boards.board import (
    HOSTED_DAYS,
    LONGEST_NAME,
    LONGEST_NICKNAME,
    Board,
    BoardError,
    Drawing,
    Entry,
)
from fmnist_core.data.fashion_mnist import CLASS_NAMES
from fmnist_core.figures.colors import class_colors
from fmnist_core.recipes import host
from fmnist_core.translation import mark, say
from fmnist_core.wording import duration, percent
from pages.components.contact_sheet import contact_sheet
from pages.shared.glossary_line import words
from pages.shared.markdown import page_address, plain
from pages.shared.navigation import ensure_navigation
from pages.shared.resources import board_store, run_store
from pages.shared.visitor import visitor_id

REFRESH_SECONDS = 3.0
BIG_ROWS, ROWS = 8, 60

ensure_navigation()


def overview() -> None:
    st.markdown(
        say(
            "Open a board, give its link to a class, and see on one screen what everybody trains "
            "and draws. Each is shown only by a nickname of their choice."
        )
    )
    if host.current().days_kept is not None:
        st.caption(
            say("This host deletes a board {days} days after it was opened.", days=HOSTED_DAYS)
        )
    for board in board_store().of(visitor_id()):
        st.page_link(
            "pages/board.py",
            label=plain(board.name),
            icon=":material/leaderboard:",
            query_params={"board": board.id},
        )
    with st.form("board_new", width=480):
        name = st.text_input(say("Name of the board"), max_chars=LONGEST_NAME)
        seconds = st.number_input(
            say("A run counts up to so many seconds of training"),
            0,
            3600,
            60,
            help=say("A budget makes it a fair race; 0 is no bound."),
        )
        if st.form_submit_button(say("Open a board"), type="primary", icon=":material/add:"):
            try:
                made = board_store().create(name, visitor_id(), seconds)
            except BoardError as error:
                st.error(plain(str(error)))
            else:
                st.query_params.from_dict({"board": made.id})
                st.rerun()


def one(board: Board) -> None:
    big = st.query_params.get("screen") == "1"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(plain(board.name), anchor=False, width="content")
        if board.closed:
            closed = say("Closed")
            st.markdown(f":gray-badge[{closed}]", width="content")
        if st.button(
            say("Leave the big screen") if big else say("Big screen"),
            icon=":material/cast:",
            key="board_big",
        ):
            st.query_params.from_dict({"board": board.id, **({} if big else {"screen": "1"})})
            st.rerun()
    if not big:
        take_part(board)
        if board.owned_by(visitor_id()):
            moderate(board)
    st.fragment(show, run_every=None if board.closed else REFRESH_SECONDS)(board, big)


def take_part(board: Board) -> None:
    nickname = board.nickname(visitor_id())
    if nickname is None:
        with st.form("board_join", width=480):
            st.markdown(say("Only the nickname is shown, nothing else of you."))
            wanted = st.text_input(say("Your nickname here"), max_chars=LONGEST_NICKNAME)
            if st.form_submit_button(say("Take part"), type="primary"):
                try:
                    board.join(visitor_id(), wanted)
                except BoardError as error:
                    st.error(plain(str(error)))
                else:
                    st.rerun()
        return
    if board.seconds:
        told = say(
            "You are **{nickname}** here. Your best run within {budget} of training from now on "
            "counts by itself; a drawing goes here from *Classify*.",
            nickname=plain(nickname),
            budget=duration(board.seconds),
        )
    else:
        told = say(
            "You are **{nickname}** here. Your best run from now on counts by itself; a drawing "
            "goes here from *Classify*.",
            nickname=plain(nickname),
        )
    st.markdown(told)
    with st.container(horizontal=True):
        st.page_link("pages/train.py", label=say("Train"), icon=":material/model_training:")
        st.page_link("pages/classify.py", label=say("Draw"), icon=":material/draw:")
        with st.popover(say("Share"), icon=":material/share:"):
            st.markdown(say("Who has this link can take part."))
            link = page_address("board", f"board={board.id}")
            st.code(link, language=None, wrap_lines=True)


def moderate(board: Board) -> None:
    with st.expander(say("You opened this board: hide, close"), icon=":material/shield_person:"):
        shown = everything(board)
        chosen = st.selectbox(
            say("Hide from everybody"), list(shown), None, format_func=lambda key: shown[key]
        )
        if st.button(say("Hide it"), key="board_hide", disabled=chosen is None) and chosen:
            board.hide(chosen)
            present.clear(board.id)
            st.rerun()
        hidden = {k: v for k, v in everything(board, hidden=True).items() if k not in shown}
        if hidden:
            again = st.selectbox(
                say("Hidden now"), list(hidden), None, format_func=lambda key: hidden[key]
            )
            shows = st.button(say("Show it again"), key="board_show", disabled=again is None)
            if shows and again:
                board.hide(again, hidden=False)
                present.clear(board.id)
                st.rerun()
        label = say("Open it again") if board.closed else say("Close the board")
        if st.button(label, key="board_close", icon=":material/lock:"):
            board.close(not board.closed)
            st.rerun()


def everything(board: Board, *, hidden: bool = False) -> dict[str, str]:
    entries, drawings = board.entries(run_store(), hidden=hidden), board.drawings(hidden=hidden)
    found = {one.id: f"{one.nickname}: {one.name}" for one in entries}
    return found | {
        one.id: say(
            "{nickname}: drawing, {answer}",
            nickname=one.nickname,
            answer=say(CLASS_NAMES[one.answer]),
        )
        for one in drawings
    }


@st.cache_resource(ttl=REFRESH_SECONDS, max_entries=32, show_spinner=False)
def present(board_id: str) -> tuple[list[Entry], list[Drawing]]:
    # Looked up once for all who watch: a class would otherwise read every run dozens of times.
    board = board_store().get(board_id)
    return board.entries(run_store()), board.drawings()


def show(board: Board, big: bool) -> None:
    entries, drawings = present(board.id)
    if entries:
        rows = [
            {
                mark("Place"): place,
                mark("Who"): entry.nickname,
                mark("Validation accuracy"): percent(entry.accuracy, 2),
                mark("Run"): entry.name,
                mark("Seconds"): round(entry.seconds, 1),
                mark("Parameters"): entry.parameters,
            }
            for place, entry in enumerate(entries[: BIG_ROWS if big else ROWS], 1)
        ]
        if big:
            for row in rows:
                st.markdown(
                    f"## {row['Place']}. {plain(str(row['Who']))} – {row['Validation accuracy']}"
                )
        else:
            st.dataframe(
                pd.DataFrame(rows).rename(columns=say),
                hide_index=True,
                alt=say("Leaderboard, best first"),
            )
    else:
        st.caption(say("No run counts yet."))
    if drawings:
        contact_sheet(
            np.stack([one.image for one in drawings]),
            [
                f"{one.nickname}: {say(CLASS_NAMES[one.answer])} {percent(one.share)}"
                for one in drawings
            ],
            "board_drawings",
            colors=class_colors([one.answer for one in drawings]),
            size="huge" if big else "large",
            show_captions=True,
            label=say("Everybody's drawings"),
        )
    else:
        st.caption(say("No drawings yet."))


st.title(say("Board"), anchor=False)
if asked := st.query_params.get("board"):
    try:
        one(board_store().get(asked))
    except BoardError as error:
        st.error(plain(str(error)), icon=":material/search_off:")
        overview()
else:
    overview()
words("validation-set", "run", "parameters")
