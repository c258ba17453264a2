"""The board page: opening one, taking part, seeing the others."""

from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from fmnist_core.boards.board import Board
from fmnist_core.recipes import presets
from pages.shared import resources, visitor
from tests.support.runs import VISITOR, finished_run

OpenPage = Callable[..., AppTest]
DENSE = presets.find("dense-basics").recipe.changed(epochs=2)
IMAGE = np.full((28, 28), 200, np.uint8)


@pytest.fixture(autouse=True)
def known_visitor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the visitor's new id predictable."""
    monkeypatch.setattr(visitor, "secrets", SimpleNamespace(token_urlsafe=lambda _: VISITOR))


def made(owner: str = "B" * 22) -> Board:
    return resources.board_store().create("Class", owner, 60)


def said(page: AppTest) -> str:
    return " ".join(one.value for one in [*page.markdown, *page.caption, *page.subheader])


def test_a_board_is_opened_with_a_name_and_joined_with_a_nickname(open_page: OpenPage) -> None:
    page = open_page("board")
    page.text_input[0].set_value("Class 4b")
    next(one for one in page.button if one.label == "Open a board").click().run()
    assert not page.exception
    (board,) = resources.board_store().of(VISITOR)
    assert board.name == "Class 4b"
    page.text_input[0].set_value("[Me](x)")
    next(one for one in page.button if one.label == "Take part").click().run()
    assert not page.exception
    assert board.nickname(VISITOR) == "[Me](x)"
    assert r"You are **\[Me\]\(x\)** here" in said(page)


def test_everybodys_best_run_is_on_the_leaderboard_and_only_the_owner_moderates(
    open_page: OpenPage,
) -> None:
    board = made()
    board.join("C" * 22, "Cleo")
    finished_run(DENSE, visitor="C" * 22)
    board.add_drawing("C" * 22, IMAGE, 7, 0.9)
    page = open_page("board", board=board.id)
    assert not page.exception
    assert page.dataframe[0].value["Who"].tolist() == ["Cleo"]
    assert page.dataframe[0].value["Validation accuracy"].tolist() == ["80.00 %"]
    assert not any(one.key == "board_close" for one in page.button)
    big = open_page("board", board=board.id, screen="1")
    assert not big.exception
    assert "## 1. Cleo – 80.00 %" in said(big)


def test_the_owner_hides_an_entry_and_closes_the_board(open_page: OpenPage) -> None:
    board = made(VISITOR)
    board.join("C" * 22, "Cleo")
    run = finished_run(DENSE, visitor="C" * 22)
    page = open_page("board", board=board.id)
    page.selectbox[0].set_value(run.id).run()
    page.button(key="board_hide").click().run()
    assert board.entries(resources.run_store()) == []
    page.selectbox[1].set_value(run.id).run()
    page.button(key="board_show").click().run()
    assert [one.id for one in board.entries(resources.run_store())] == [run.id]
    page.button(key="board_close").click().run()
    assert board.closed
    assert "Closed" in said(page)


def test_a_wrong_link_is_told_in_words(open_page: OpenPage) -> None:
    page = open_page("board", board="A" * 22)
    assert not page.exception
    assert "no such board" in page.error[0].value
