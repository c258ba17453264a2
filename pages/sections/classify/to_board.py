"""Puts the present drawing on a board that the visitor takes part in."""

import streamlit as st

from fmnist_core.boards.board import BoardError
from fmnist_core.preprocessing.item import Item
from fmnist_core.translation import say
from pages.components.answer import Opinion
from pages.shared.markdown import plain
from pages.shared.resources import board_store
from pages.shared.visitor import known_visitor


def to_board(item: Item, opinion: Opinion) -> None:
    """Offer to put an item and its answer on each open board of the visitor's."""
    visitor = known_visitor()
    if visitor is None or opinion.probabilities is None:
        return
    for board in board_store().joined(visitor):
        if st.button(
            say("Put it on the board “{name}”", name=plain(board.name)),
            icon=":material/leaderboard:",
            key=f"to_board_{board.id.replace('__', '_-')}",
        ):
            answer = int(opinion.probabilities.argmax())
            try:
                board.add_drawing(visitor, item.array, answer, float(opinion.probabilities.max()))
            except BoardError as error:
                st.warning(plain(str(error)), icon=":material/info:")
            else:
                st.toast(say("It is on the board."), icon=":material/check:")
