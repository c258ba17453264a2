"""The missions page: what is done is seen, remembered, and only the visitor's own counts."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from fmnist_core.data import atlas
from fmnist_core.data.fashion_mnist import load
from fmnist_core.guide.journal import Journal
from fmnist_core.guide.missions import MISSIONS
from fmnist_core.recipes import presets
from fmnist_core.runs.store import RunStore
from pages.shared import visitor
from tests.support.runs import VISITOR, finished_run

OpenPage = Callable[..., AppTest]
DENSE = presets.find("dense-basics").recipe.changed(epochs=1)


@pytest.fixture(autouse=True)
def known_visitor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the visitor's new id predictable."""
    monkeypatch.setattr(visitor, "secrets", SimpleNamespace(token_urlsafe=lambda _: VISITOR))


def words(page: AppTest) -> str:
    return " ".join(item.value for item in [*page.markdown, *page.caption])


def test_all_missions_are_offered_and_none_is_done(open_page: OpenPage) -> None:
    page = open_page("missions")
    assert not page.exception
    assert [head.value for head in page.subheader] == [each.title for each in MISSIONS.values()]
    assert "check_circle" not in words(page)


def test_a_finished_run_does_a_mission_and_stays_done_without_it(
    open_page: OpenPage, runs_folder: Path
) -> None:
    run = finished_run(DENSE)
    page = open_page("missions")
    assert "90.00 % of 10,000 test images" in words(page).replace("\\", "")
    assert list(Journal(runs_folder, VISITOR).entries("mission")) == ["first"]
    RunStore(runs_folder).delete(run)
    assert "You have done it before" in words(page.run())


def test_runs_and_finds_of_others_do_not_count(open_page: OpenPage, runs_folder: Path) -> None:
    finished_run(DENSE, visitor="B" * 22)
    for index in range(5):
        Journal(runs_folder, "B" * 22).note("wrong_label", f"train-{index}")
    assert "check_circle" not in words(open_page("missions"))


def test_a_blind_guess_against_a_doubted_label_is_a_find(
    open_page: OpenPage, runs_folder: Path
) -> None:
    labels = load("test").labels
    answers = atlas.answers()[atlas.TRAIN :].argmax(1)
    index = int(np.flatnonzero(atlas.issues("test").issue & (answers != labels))[0])
    page = open_page("detective", view="Model or label?")
    games = page.session_state["detective_game"]
    next(iter(games.values())).shown[:] = [index]
    page.run()
    page.button(key=f"guess_{answers[index]}").click().run()
    assert not page.exception
    assert list(Journal(runs_folder, VISITOR).entries("wrong_label")) == [f"test-{index}"]
