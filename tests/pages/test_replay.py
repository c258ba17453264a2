"""The time travel page: what can be replayed, and what it says where nothing can."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from fmnist_core import files
from fmnist_core.data.fashion_mnist import load
from fmnist_core.evaluation import replay_summary as summary
from fmnist_core.recipes import presets
from fmnist_core.runs import replay
from fmnist_core.runs.history import Curves
from fmnist_core.runs.replay import Moment, OwnItem, Replay
from fmnist_core.runs.run import Run
from pages.components.replay_player import name_of, player_data
from pages.shared import visitor
from tests.support.runs import VISITOR, finished_run

OpenPage = Callable[..., AppTest]
DENSE = presets.find("dense-basics").recipe.changed(epochs=2, name="Mine")
LABELS = np.array([0, 1, 2], np.uint8)


@pytest.fixture(autouse=True)
def known_visitor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the visitor's new id predictable."""
    monkeypatch.setattr(visitor, "secrets", SimpleNamespace(token_urlsafe=lambda _: VISITOR))


def moment(epoch: int, answers: tuple[int, ...], batch: int = 0) -> Moment:
    given = np.array(answers, np.uint8)
    own = np.eye(10, dtype=np.float32)[answers[0]]
    filters = np.full((2, 3, 3), float(epoch + 1), np.float32)
    return Moment(epoch, batch, 8, np.eye(10, dtype=np.uint8)[given] * 255, given, filters, own)


def known() -> Replay:
    moments = (moment(0, (5, 5, 5), batch=1), moment(1, (0, 1, 5)), moment(2, (0, 5, 2)))
    own = OwnItem(np.zeros((28, 28), np.uint8), "your drawing")
    return Replay(moments, np.array([55_000, 55_001, 55_002]), LABELS, own)


def keep(run: Run, moments: tuple[Moment, ...]) -> None:
    for each in moments:
        replay.write(run.folder, each)
    items = {"indices": known().indices, "labels": LABELS}
    files.write_arrays(run.folder / replay.FOLDER / replay.ITEMS_FILE, items.items())


def test_learned_forgotten_and_undecided_are_counted() -> None:
    assert summary.changes(known()) == [(0, 0), (2, 0), (1, 1)]
    # Item 1 was taken for 5, 1 and 5 again; the others changed once.
    assert summary.undecided(known()) == [1, 0, 2]
    assert summary.confusions(known())[1][2, 5] == 1


def test_filters_are_scaled_by_their_largest_weight_of_all_moments() -> None:
    levels = summary.filter_levels(known())
    assert levels[:, 0, 0, 0].tolist() == [42, 85, 127]


def test_the_player_gets_every_moment_by_name() -> None:
    data = player_data(known(), Curves(), load("train").images)
    names = [each["name"] for each in data["moments"]]
    assert names == ["After 1 batch of 8", "After epoch 1", "After epoch 2"]
    assert data["own"]["probabilities"][0] == [0, 0, 0, 0, 0, 255, 0, 0, 0, 0]
    assert data["truths"] == [0, 1, 2]
    assert name_of(moment(0, (5,), batch=3)) == "After 3 batches of 8"


def test_a_run_with_moments_is_replayed(open_page: OpenPage, runs_folder: Path) -> None:
    keep(finished_run(DENSE), known().moments)
    page = open_page("replay")
    assert not page.exception
    assert page.selectbox(key="replay_model").options[0] == "Mine (your run)"
    assert not page.info


def test_a_first_visitor_sees_a_recorded_example_and_hears_that_it_is_one(
    open_page: OpenPage,
) -> None:
    page = open_page("replay")
    assert not page.exception
    assert "recorded example" in page.selectbox(key="replay_model").options[0]
    assert any("recorded beforehand" in caption.value for caption in page.caption)


def test_a_shipped_model_shows_its_curves_and_says_why(open_page: OpenPage) -> None:
    page = open_page("replay", model="best")
    assert not page.exception
    assert "brings only its curves" in page.info[0].value


def test_an_old_run_shows_its_curves_and_says_why(open_page: OpenPage) -> None:
    page = open_page("replay", model=finished_run(DENSE).id)
    assert not page.exception
    assert "before the app kept moments" in page.info[0].value


def test_an_old_run_that_went_on_says_where_it_begins(open_page: OpenPage) -> None:
    run = finished_run(DENSE)
    keep(run, known().moments[2:])
    page = open_page("replay", model=run.id)
    assert any("Kept from epoch 2 on" in caption.value for caption in page.caption)


def test_runs_of_others_are_replayed_by_link_only(open_page: OpenPage) -> None:
    run = finished_run(DENSE, visitor="B" * 22)
    keep(run, known().moments)
    assert not any("Mine" in option for option in open_page("replay").selectbox[0].options)
    page = open_page("replay", model=run.id)
    assert page.selectbox(key="replay_model").value == run.id


def test_a_link_to_nothing_is_said(open_page: OpenPage) -> None:
    page = open_page("replay", model="../../etc/passwd")
    assert not page.exception
    assert "names no run" in page.warning[0].value
