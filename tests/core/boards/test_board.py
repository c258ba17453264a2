import time
from pathlib import Path

import numpy as np
import pytest

from fmnist_core import files
from fmnist_core.boards import board as boards
from fmnist_core.boards.board import Board, BoardError, BoardStore
from fmnist_core.recipes.layers import Dense, Flatten
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.runs.rows import EpochRow
from fmnist_core.runs.run import Run
from fmnist_core.runs.store import RunStore
from tests.support.languages import speak

RECIPE = Recipe(name="Net", layers=(Flatten(), Dense(units=10, activation="softmax")))
IMAGE = np.arange(784, dtype=np.int64).reshape(28, 28).astype(np.uint8)


@pytest.fixture
def runs(tmp_path: Path) -> RunStore:
    return RunStore(tmp_path)


@pytest.fixture
def board(runs: RunStore) -> Board:
    return BoardStore(runs).create("  Class   4b ", "teacher", 60)


def trained(runs: RunStore, visitor: str, accuracy: float, seconds: float = 10.0) -> Run:
    run = runs.create(RECIPE, visitor)
    run.append(EpochRow(epoch=1, val_accuracy=accuracy))
    run.append(EpochRow(epoch=2, val_accuracy=accuracy - 0.1))
    run.set_status("finished", seconds=seconds, epoch=2)
    return run


def test_a_board_has_a_name_an_owner_and_a_budget(runs: RunStore, board: Board) -> None:
    found = BoardStore(runs).get(board.id)
    assert (found.name, found.seconds, found.closed) == ("Class 4b", 60, False)
    assert found.owned_by("teacher")
    assert not found.owned_by("pupil")


def test_each_members_best_run_within_the_budget_since_they_joined_counts(
    runs: RunStore, board: Board
) -> None:
    trained(runs, "anna", 0.99)
    time.sleep(0.01)
    board.join("anna", "Anna")
    board.join("ben", "Ben")
    trained(runs, "anna", 0.8)
    best = trained(runs, "anna", 0.85)
    trained(runs, "anna", 0.95, seconds=61)
    trained(runs, "ben", 0.9)
    trained(runs, "stranger", 0.97)
    found = board.entries(runs)
    assert [(one.nickname, one.accuracy) for one in found] == [("Ben", 0.9), ("Anna", 0.85)]
    assert (found[1].id, found[1].name, found[1].parameters) == (best.id, "Net", 7850)


def test_drawings_come_back_as_they_were_newest_first(board: Board) -> None:
    board.join("anna", "Anna")
    board.add_drawing("anna", IMAGE, 7, 0.9)
    time.sleep(0.01)
    board.add_drawing("anna", IMAGE[::-1].copy(), 9, 0.5)
    second, first = board.drawings()
    np.testing.assert_array_equal(first.image, IMAGE)
    assert (first.nickname, first.answer, first.share) == ("Anna", 7, 0.9)
    assert second.answer == 9


def test_the_owner_hides_and_closes(runs: RunStore, board: Board) -> None:
    board.join("anna", "Anna")
    run = trained(runs, "anna", 0.8)
    board.add_drawing("anna", IMAGE, 7, 0.9)
    (drawing,) = board.drawings()
    board.hide(run.id)
    board.hide(drawing.id)
    assert board.entries(runs) == []
    assert board.drawings() == []
    assert [one.id for one in board.drawings(hidden=True)] == [drawing.id]
    board.hide(run.id, hidden=False)
    assert [one.id for one in board.entries(runs)] == [run.id]
    board.close()
    time.sleep(0.01)
    trained(runs, "anna", 0.99)
    assert [one.accuracy for one in board.entries(runs)] == [0.8]
    with pytest.raises(BoardError, match="closed; nothing is added"):
        board.add_drawing("anna", IMAGE, 7, 0.9)
    with pytest.raises(BoardError, match="closed; nobody can join"):
        board.join("ben", "Ben")


@pytest.mark.parametrize("nickname", ["", " ", "x" * 21, "a\nb\x00", "Anna"])
def test_a_nickname_is_short_printable_and_nobody_elses(board: Board, nickname: str) -> None:
    board.join("anna", "Anna")
    with pytest.raises(BoardError):
        board.join("ben", nickname)
    assert board.nickname("ben") is None
    board.join("anna", "Anne")
    assert board.nickname("anna") == "Anne"


def test_a_full_board_says_so_and_loses_nothing(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    for limit, words in (
        ("MOST_DRAWINGS_EACH", "You have 1 drawings"),
        ("MOST_DRAWINGS", "it has 1 drawings"),
        ("MOST_MEMBERS", "1 take part already"),
    ):
        monkeypatch.setattr(boards, limit, 1)
        board.join("anna", "Anna")
        if not board.drawings():
            board.add_drawing("anna", IMAGE, 7, 0.9)
        with pytest.raises(BoardError, match=words):
            if limit == "MOST_MEMBERS":
                board.join("ben", "Ben")
            else:
                board.add_drawing("anna", IMAGE, 7, 0.9)
    assert len(board.drawings()) == 1


def test_who_does_not_take_part_adds_nothing(board: Board) -> None:
    with pytest.raises(BoardError, match="join the board first"):
        board.add_drawing("stranger", IMAGE, 7, 0.9)


@pytest.mark.parametrize("name", ["", "..", "A" * 22, "../" + "A" * 19])
def test_no_other_folder_passes_for_a_board(runs: RunStore, name: str) -> None:
    (runs.root / ".boards").mkdir(exist_ok=True)
    with pytest.raises(BoardError, match="no such board"):
        BoardStore(runs).get(name)


def test_damaged_files_are_left_out(runs: RunStore, board: Board) -> None:
    board.join("anna", "Anna")
    for at, text in enumerate(("{", "[]", '{"owner": 1}', '{"pixels": "?", "owner": "x"}')):
        (board.folder / "drawings" / f"{at}.json").write_text(text)
        (board.folder / "members" / f"{at}.json").write_text(text)
    assert board.drawings() == []
    assert board.entries(runs) == []


def test_a_visitor_is_forgotten_on_every_board(runs: RunStore, board: Board) -> None:
    store = BoardStore(runs)
    mine, first = store.create("Mine", "anna"), store.create("Before", "anna")
    board.join("anna", "Anna")
    board.add_drawing("anna", IMAGE, 7, 0.9)
    assert [one.id for one in store.of("anna")] == [first.id, board.id, mine.id]
    store.forget("anna")
    assert store.of("anna") == []
    assert [one.id for one in store.all()] == [board.id]
    assert not list((board.folder / "drawings").iterdir())


def test_a_host_deletes_boards_of_long_ago_when_another_is_opened(
    runs: RunStore, board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = BoardStore(runs)
    about = files.read_json(board.folder / "board.json") or {}
    files.write_json(board.folder / "board.json", {**about, "created": time.time() - 31 * 86_400})
    store.create("Here", "teacher")
    assert board.id in [one.id for one in store.all()]
    monkeypatch.setenv("FMNIST_HOSTED", "1")
    store.create("Hosted", "teacher")
    assert sorted(one.name for one in store.all()) == ["Here", "Hosted"]


def test_only_open_boards_that_a_visitor_joined_take_drawings(runs: RunStore, board: Board) -> None:
    store = BoardStore(runs)
    other = store.create("Another", "anna")
    assert store.joined("anna") == []
    board.join("anna", "Anna")
    other.join("anna", "Anna")
    assert [one.name for one in store.joined("anna")] == ["Another", "Class 4b"]
    other.close()
    assert [one.id for one in store.joined("anna")] == [board.id]


def test_names_may_be_as_long_as_they_may_and_no_longer(runs: RunStore, board: Board) -> None:
    store = BoardStore(runs)
    assert store.create("x" * 60, "teacher").name == "x" * 60
    for wrong in ("", " ", "x" * 61, "a\x00b"):
        with pytest.raises(BoardError, match="1 to 60 printable characters"):
            store.create(wrong, "teacher")
    board.join("anna", "x" * 20)
    assert board.nickname("anna") == "x" * 20


def test_a_board_holds_as_much_as_it_says() -> None:
    assert (boards.MOST_MEMBERS, boards.MOST_DRAWINGS, boards.MOST_DRAWINGS_EACH) == (60, 400, 20)


def test_a_visitor_opens_twenty_boards_and_others_theirs(
    runs: RunStore, board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert boards.MOST_BOARDS == 20
    monkeypatch.setattr(boards, "MOST_BOARDS", 2)
    store = BoardStore(runs)
    store.create("Second", "teacher")
    with pytest.raises(BoardError, match="You have 2 boards already"):
        store.create("Third", "teacher")
    assert store.create("First", "another").owned_by("another")


def test_nobody_else_on_the_machine_reads_a_board(board: Board) -> None:
    for room in ("members", "drawings"):
        assert (board.folder / room).stat().st_mode & 0o777 == 0o700


def test_of_equally_good_runs_the_shorter_is_first_and_the_budget_may_be_used_up(
    runs: RunStore, board: Board
) -> None:
    for name in ("anna", "ben"):
        board.join(name, name)
    first = trained(runs, "anna", 0.8, seconds=20)
    trained(runs, "ben", 0.8, seconds=10)
    found = board.entries(runs)
    assert [(one.nickname, one.seconds) for one in found] == [("ben", 10), ("anna", 20)]
    trained(runs, "anna", 0.81, seconds=60)  # just within the budget
    assert [one.seconds for one in board.entries(runs)] == [60, 10]
    board.hide(first.id)
    assert len(board.entries(runs)) == 2


def test_without_a_budget_every_run_counts_and_a_hidden_one_where_asked_for(
    runs: RunStore,
) -> None:
    board = BoardStore(runs).create("Free", "teacher")
    board.join("anna", "Anna")
    run = trained(runs, "anna", 0.8, seconds=1e6)
    board.hide(run.id)
    assert board.entries(runs) == []
    assert [one.id for one in board.entries(runs, hidden=True)] == [run.id]


def test_a_run_without_validation_does_not_count(runs: RunStore, board: Board) -> None:
    board.join("anna", "Anna")
    runs.create(RECIPE, "anna").append(EpochRow(epoch=1, accuracy=0.9))
    assert board.entries(runs) == []


def test_an_answer_beyond_the_ten_classes_is_no_drawing(board: Board) -> None:
    board.join("anna", "Anna")
    board.add_drawing("anna", IMAGE, 9, 1.0)
    board.add_drawing("anna", IMAGE, 10, 1.0)
    assert [one.answer for one in board.drawings()] == [9]
    for wrong in (IMAGE[:27], IMAGE.astype(float)):
        with pytest.raises(ValueError, match=r"Expected uint8 \(28, 28\)"):
            board.add_drawing("anna", wrong, 1, 1.0)


def test_a_new_nickname_does_not_change_since_when_runs_count(runs: RunStore, board: Board) -> None:
    board.join("anna", "Anna")
    trained(runs, "anna", 0.8)
    time.sleep(0.01)
    board.join("anna", "Anne")
    assert [one.nickname for one in board.entries(runs)] == ["Anne"]


def test_a_closed_board_can_be_opened_again(runs: RunStore, board: Board) -> None:
    board.join("anna", "Anna")
    board.close()
    assert board.closed
    board.join("anna", "Anne")  # who is on it may still be called otherwise
    board.close(False)
    assert not board.closed
    run = trained(runs, "anna", 0.8)
    assert [one.id for one in board.entries(runs)] == [run.id]


def test_a_host_keeps_a_board_for_thirty_days(
    runs: RunStore, board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FMNIST_HOSTED", "1")
    about = files.read_json(board.folder / "board.json") or {}
    files.write_json(board.folder / "board.json", {**about, "created": time.time() - 29.9 * 86_400})
    store = BoardStore(runs)
    store.create("Another", "teacher")
    assert board.id in [one.id for one in store.all()]


def test_what_cannot_be_done_is_told_in_the_visitors_language(
    runs: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    speak(monkeypatch, "de")
    with pytest.raises(BoardError, match="Der Name einer Tafel hat 1 bis 60 druckbare Zeichen"):
        BoardStore(runs).create("", "teacher")
