"""What a run's owner may write of it, and whether it is kept."""

from pathlib import Path

import pytest

from fmnist_core import files
from fmnist_core.recipes.layers import Dense, Flatten
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.runs.run import Run
from fmnist_core.runs.status import RunError
from fmnist_core.runs.store import RunStore

RECIPE = Recipe(layers=(Flatten(), Dense(units=10, activation="softmax")))


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return RunStore(tmp_path / "runs").create(RECIPE, "me")


def test_a_note_and_tags_are_kept_with_one_blank_between_words(run: Run) -> None:
    assert (run.about.note, run.about.tags) == ("", [])
    run.about.annotate("  Wider\nis better\x00 ", ["  dense   only ", "best", "best", " "])
    assert (run.about.note, run.about.tags) == ("Wider\nis better", ["dense only", "best"])
    assert run.about.owned_by("me")


def test_notes_and_tags_are_as_long_as_they_may_be_and_no_longer(run: Run) -> None:
    tags = [f"{number}{'x' * 23}" for number in range(8)]
    run.about.annotate("n" * 500, tags)
    assert (run.about.note, run.about.tags) == ("n" * 500, tags)
    with pytest.raises(RunError, match="501 characters; at most 500"):
        run.about.annotate("n" * 501, [])
    for wrong in ([*tags, "ninth"], ["x" * 25]):
        with pytest.raises(RunError, match="at most 8 tags of 24 characters"):
            run.about.annotate("", wrong)
    with pytest.raises(RunError, match="printable"):
        run.about.annotate("", ["a\x00b"])
    assert run.about.tags == tags


def test_tags_of_a_damaged_file_are_cut_to_what_is_allowed(run: Run) -> None:
    files.write_json(run.folder / "about.json", {"tags": ["x" * 30, 3, *"abcdefgh"], "note": 5})
    assert run.about.tags == ["x" * 24, "3", *"abcdef"]
    assert run.about.note == ""
    files.write_json(run.folder / "about.json", {"tags": "abc"})
    assert run.about.tags == []


def test_a_name_has_up_to_sixty_characters(run: Run) -> None:
    run.about.rename("x" * 60)
    assert run.status().name == "x" * 60


def test_a_run_is_kept_once_it_is_pinned_or_shared(run: Run) -> None:
    assert not run.about.kept
    run.about.mark(shared=True)
    assert (run.about.kept, run.about.pinned) == (True, False)
    run.about.mark(pinned=True, shared=False)
    assert (run.about.kept, run.about.pinned) == (True, True)
    run.about.mark(pinned=False)
    assert (run.about.kept, run.about.pinned) == (False, False)
    assert run.about.owned_by("me")
