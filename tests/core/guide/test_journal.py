"""A visitor's journal: kept on disk, theirs alone, never broken by what is in the file."""

from pathlib import Path
from typing import Any

import pytest

from fmnist_core.guide import journal
from fmnist_core.guide.journal import Journal
from fmnist_core.runs.store import RunStore


def test_an_entry_is_there_for_the_same_visitor_and_nobody_else(tmp_path: Path) -> None:
    assert Journal(tmp_path, "A" * 22).note("wrong_label", "train-42", label="Coat")
    entries = Journal(tmp_path, "A" * 22).entries("wrong_label")
    assert list(entries) == ["train-42"]
    assert entries["train-42"]["label"] == "Coat"
    assert Journal(tmp_path, "B" * 22).entries("wrong_label") == {}


def test_the_same_deed_counts_once_and_keeps_its_time(tmp_path: Path) -> None:
    mine = Journal(tmp_path, "A" * 22)
    assert mine.note("fooled", "best-7", answer="Bag")
    since = mine.entries("fooled")["best-7"]["time"]
    assert not mine.note("fooled", "best-7", answer="Coat")
    assert mine.entries("fooled") == {"best-7": {"time": since, "answer": "Coat"}}


def test_the_file_does_not_give_the_visitor_id_away_and_is_no_run(tmp_path: Path) -> None:
    mine = Journal(tmp_path, "A" * 22)
    mine.note("tour", "declined")
    assert "A" * 22 not in str(mine.path) + mine.path.read_text()
    assert RunStore(tmp_path).all() == []


def test_only_the_newest_entries_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "MOST", 2)
    mine = Journal(tmp_path, "A" * 22)
    for key in "abc":
        mine.note("wrong_label", key)
    assert list(mine.entries("wrong_label")) == ["b", "c"]


@pytest.mark.parametrize("content", ["", "[]", '{"fooled": 7}', '{"fooled": {"x": 1}}', "\udcff"])
def test_a_damaged_file_reads_as_empty_and_can_be_written_again(
    tmp_path: Path, content: str
) -> None:
    mine = Journal(tmp_path, "A" * 22)
    mine.path.parent.mkdir()
    mine.path.write_bytes(content.encode(errors="surrogateescape"))
    assert mine.entries("fooled") == {}
    assert mine.note("fooled", "best-1")
    assert list(mine.entries("fooled")) == ["best-1"]


@pytest.mark.parametrize(("kind", "key"), [("other", "a"), ("fooled", ""), ("fooled", "x" * 81)])
def test_nonsense_is_refused(tmp_path: Path, kind: Any, key: str) -> None:  # noqa: ANN401
    with pytest.raises(ValueError, match="expected one of"):
        Journal(tmp_path, "A" * 22).note(kind, key)


def test_a_key_has_up_to_eighty_characters_and_many_are_kept(tmp_path: Path) -> None:
    mine = Journal(tmp_path, "A" * 22)
    assert mine.note("fooled", "x" * 80)
    assert journal.MOST == 500
    assert mine.path.parent.stat().st_mode & 0o777 == 0o700  # nobody else reads it
