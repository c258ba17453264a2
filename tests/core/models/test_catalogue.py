import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fmnist_core.models import catalogue
from fmnist_core.models.catalogue import ModelError
from fmnist_core.runs.store import RunStore
from tests.support.models import QUARTERS, RECIPE, card, fill, ship


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    return fill(tmp_path / "models")


def test_shipped_models_are_listed_best_first_with_their_cards(shelf: Path) -> None:
    found = catalogue.shipped(shelf)
    assert list(found) == ["best", "compact", "beta"]
    ship(shelf, "zebra")
    ship(shelf, "apple")
    assert list(catalogue.shipped(shelf)) == ["best", "compact", "apple", "beta", "zebra"]
    compact = found["compact"]
    assert compact.card is not None
    assert compact.card.test_interval == (0.93, 0.94)
    assert compact.recipe == RECIPE
    assert compact.classifier().probabilities(np.zeros((28, 28))).shape == (1, 10)


@pytest.mark.parametrize("name", ["compact", "COMPACT", " Compact ", "com", "c"])
def test_a_model_is_found_by_name_title_or_beginning_in_any_case(shelf: Path, name: str) -> None:
    assert catalogue.find(name, root=shelf).name == "compact"


def test_a_title_that_is_not_the_name_is_found_too(shelf: Path) -> None:
    assert catalogue.find("the second one", root=shelf).name == "beta"


def test_an_ambiguous_beginning_names_its_candidates(shelf: Path) -> None:
    with pytest.raises(ModelError, match="could be best or beta"):
        catalogue.find("be", root=shelf)


@pytest.mark.parametrize("name", ["", "nothing", "../compact", "x" * 500, "\0"])
def test_an_unknown_name_gets_the_list_of_known_ones(shelf: Path, name: str) -> None:
    with pytest.raises(ModelError, match="best, compact, beta") as caught:
        catalogue.find(name, root=shelf)
    assert len(str(caught.value)) < 250


def test_a_finished_run_is_a_model_by_id_and_by_folder(shelf: Path, tmp_path: Path) -> None:
    store = RunStore(tmp_path / "runs")
    run = store.create(RECIPE, "visitor")
    with pytest.raises(ModelError, match="first epoch"):
        catalogue.find(run.id, store, root=shelf)
    shutil.copy(QUARTERS, run.folder / "model.tflite")
    run.about.rename("My own")
    assert catalogue.find(run.id, store, root=shelf).title == "My own"
    assert catalogue.find(str(run.folder), root=shelf).name == run.id
    assert catalogue.find(str(shelf / "best"), root=shelf).card is not None
    with pytest.raises(ModelError, match="name of no model"):
        catalogue.find(str(run.folder), store, root=shelf, folders=False)


def test_a_link_to_a_run_that_is_gone_says_so(shelf: Path, tmp_path: Path) -> None:
    store = RunStore(tmp_path / "runs")
    run = store.create(RECIPE, "visitor")
    shutil.rmtree(store.root)  # a disk that forgets
    with pytest.raises(ModelError, match="no such run or copy; it may have been deleted"):
        catalogue.find(run.id, store, root=shelf)


def test_an_altered_network_is_refused(shelf: Path) -> None:
    path = shelf / "compact" / "model.tflite"
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(ModelError, match="SHA-256"):
        catalogue.find("compact", root=shelf).classifier()


def test_a_model_that_ships_only_its_card_says_to_train_it(shelf: Path) -> None:
    (shelf / "compact" / "model.tflite").unlink()
    model = catalogue.find("compact", root=shelf)
    assert not model.ready
    with pytest.raises(ModelError, match="Train page"):
        model.classifier()


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": 3},
        {"parameters": "many"},
        {"parameters": True},
        {"test_accuracy": 1.2},
        {"test_accuracy": None},
        {"test_interval": [0.1]},
        {"test_interval": "0.1-0.2"},
        {"weaknesses": [1]},
        {"sha256": {"model.tflite": "short"}},
    ],
)
def test_a_wrong_card_is_left_out_and_named(shelf: Path, wrong: dict[str, Any]) -> None:
    (shelf / "best" / "card.json").write_text(json.dumps(card(**wrong)))
    assert list(catalogue.shipped(shelf)) == ["compact", "beta"]
    with pytest.raises(ModelError, match=next(iter(wrong))):
        catalogue.find(str(shelf / "best"), root=shelf)


def test_a_card_without_a_digest_opens_nothing(shelf: Path) -> None:
    (shelf / "best" / "card.json").write_text(json.dumps(card(sha256={})))
    with pytest.raises(ModelError, match="no SHA-256"):
        catalogue.find("best", root=shelf).classifier()


def test_every_model_that_ships_is_sound() -> None:
    folders = {path.parent.name for path in catalogue.DEFAULT_ROOT.glob("*/card.json")}
    found = catalogue.shipped()
    assert set(found) == folders
    for model in found.values():
        if model.ready:
            model.classifier()
