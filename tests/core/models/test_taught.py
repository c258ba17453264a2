"""Taught copies are their owner's alone, and their files go when they should."""

import platform
import shutil
import time
from pathlib import Path

import pytest

from fmnist_core import files
from fmnist_core.models import taught
from fmnist_core.models.catalogue import Model, ModelError, find
from fmnist_core.models.taught import TaughtCopies
from fmnist_core.runs.run import Run
from fmnist_core.runs.status import RunNotFound
from fmnist_core.runs.store import RunStore
from tests.support.models import QUARTERS, ship

ANNA, BERT = "A" * 22, "B" * 22


@pytest.fixture
def base(tmp_path: Path) -> Model:
    return find(str(ship(tmp_path / "models", "compact")))


@pytest.fixture
def copies(runs_folder: Path) -> TaughtCopies:
    return TaughtCopies(runs_folder)


def finish(copy: Run) -> Run:
    shutil.copy(QUARTERS, copy.folder / "model.tflite")
    copy.set_status("finished")
    return copy


def made(copy: Run, seconds_ago: float) -> None:
    about = files.read_json(copy.folder / "about.json") or {}
    files.write_json(copy.folder / "about.json", {**about, "created": time.time() - seconds_ago})


def test_a_copy_answers_its_owner_and_is_found_by_nobody_else(
    copies: TaughtCopies, base: Model, runs_folder: Path
) -> None:
    copy = finish(copies.create(base, ANNA))
    (model,) = copies.models(ANNA)
    assert model.title == f"{base.title}, taught"
    assert taught.is_copy(model)
    assert not taught.is_copy(base)
    assert copies.get(copy.id, ANNA).folder == copy.folder
    assert copies.models(BERT) == []
    with pytest.raises(RunNotFound):
        copies.get(copy.id, BERT)
    # Nor by a link that names it.
    with pytest.raises(ModelError):
        find(copy.id, RunStore(runs_folder), folders=False)
    assert RunStore(runs_folder).all() == []


def test_what_is_thrown_away_leaves_no_file(copies: TaughtCopies, base: Model) -> None:
    copy = finish(copies.create(base, ANNA))
    copies.discard(copy)
    assert not copy.folder.exists()
    assert copies.of(ANNA) == []


def test_a_copy_is_gone_after_a_day(copies: TaughtCopies, base: Model) -> None:
    old, fresh = finish(copies.create(base, ANNA)), finish(copies.create(base, BERT))
    made(old, taught.LIFETIME + 1)
    assert copies.of(ANNA) == []
    with pytest.raises(RunNotFound):
        copies.get(old.id, ANNA)
    copies.prune()
    assert not old.folder.exists()
    assert fresh.folder.exists()


def test_the_oldest_copy_makes_room_for_the_next(copies: TaughtCopies, base: Model) -> None:
    first = [finish(copies.create(base, ANNA)) for _ in range(taught.MOST)]
    for age, copy in enumerate(first):
        made(copy, 100 - age)
    newest = copies.create(base, ANNA)
    assert not first[0].folder.exists()
    assert {copy.id for copy in copies.of(ANNA)} == {newest.id, *(copy.id for copy in first[1:])}


def test_a_visitor_has_three_copies_and_all_have_sixty(
    copies: TaughtCopies, base: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_by_anna = [finish(copies.create(base, ANNA)) for _ in range(5)]
    assert len(copies.of(ANNA)) == 3
    assert taught.MOST_OF_ALL == 60
    monkeypatch.setattr(taught, "MOST_OF_ALL", 4)
    for age, copy in enumerate(made_by_anna[2:]):
        made(copy, 100 - age)
    copies.create(base, BERT)
    assert len(copies.of(ANNA)) == 3
    copies.create(base, "C" * 22)  # the fifth: the oldest of all goes
    assert {copy.id for copy in copies.of(ANNA)} == {copy.id for copy in made_by_anna[3:]}
    assert len(copies.of(BERT)) == 1


def test_a_copy_whose_worker_died_is_interrupted(copies: TaughtCopies, base: Model) -> None:
    copy = copies.create(base, ANNA)
    copy.set_status("running", holder={"host": platform.node(), "pid": 2**22 + 1, "since": 1.0})
    (found,) = copies.of(ANNA)
    assert found.status().status == "interrupted"


def test_a_copy_without_its_file_hides_none_of_the_others(
    copies: TaughtCopies, base: Model
) -> None:
    old, gone = finish(copies.create(base, ANNA)), finish(copies.create(base, ANNA))
    made(old, 60)
    (gone.folder / "model.tflite").unlink()
    assert [model.folder for model in copies.models(ANNA)] == [old.folder]
