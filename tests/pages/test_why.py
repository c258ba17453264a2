"""The Why page, with an engine that works at once in the test's own process."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from fmnist_core.data.fashion_mnist import CLASS_NAMES, load
from fmnist_core.recipes.layers import Conv2D, Dense, Flatten
from fmnist_core.recipes.recipe import Recipe
from pages.shared import visitor
from pages.shared.item_choice import ChosenItem
from tests.support.runs import VISITOR, trained_run

OpenPage = Callable[..., AppTest]
CONVOLVED = Recipe(
    name="Mine",
    layers=(Conv2D(filters=2, strides=2), Flatten(), Dense(units=10, activation="softmax")),
)
FLAT = Recipe(name="Flat", layers=(Flatten(), Dense(units=10, activation="softmax")))


@pytest.fixture(autouse=True)
def known_visitor(monkeypatch: pytest.MonkeyPatch) -> None:
    from types import SimpleNamespace

    monkeypatch.setattr(visitor, "secrets", SimpleNamespace(token_urlsafe=lambda _: VISITOR))


def words(page: AppTest) -> str:
    return " ".join(item.value for item in [*page.markdown, *page.caption])


def test_every_method_is_shown_tested_and_scored(open_page: OpenPage, working_engine: None) -> None:
    page = open_page("why", model=trained_run(CONVOLVED).id, item="test-7")
    assert not page.exception
    said = words(page)
    for title in ("Grad-CAM", "Integrated gradients", "Occlusion", "Random order"):
        assert f"| {title} |" in said
    assert said.count("with random weights") + said.count("no map") >= 3
    assert "The shares add up to" in said
    assert "It flips when pixels change by" in said


def test_without_convolutions_the_input_gradient_stands_in_and_it_is_said(
    open_page: OpenPage, working_engine: None
) -> None:
    page = open_page("why", model=trained_run(FLAT).id)
    assert "no convolutions" in page.info[0].value
    assert "| Input gradient |" in words(page)
    assert "| Grad-CAM |" not in words(page)


def test_the_slider_leads_from_the_answer_to_the_other_one(
    open_page: OpenPage, working_engine: None
) -> None:
    run = trained_run(FLAT)
    page = open_page("why", model=run.id, item="test-7")
    goal, answer = (
        int(str(page.selectbox(key=f"why_{name}_test-7_{run.id}").value))
        for name in ("goal", "label")
    )
    assert goal != answer

    def taken_for(amount: int) -> str:
        page.slider(key="why_amount").set_value(amount).run()
        assert not page.exception
        (said,) = (text.value for text in page.markdown if text.value.startswith("Taken for"))
        return str(said)

    assert CLASS_NAMES[answer] in taken_for(0)
    assert CLASS_NAMES[goal] in taken_for(100)
    assert CLASS_NAMES[goal] in taken_for(200)


def test_the_visitors_own_picture_is_explained_too(
    open_page: OpenPage, working_engine: None
) -> None:
    page = open_page("why", model=trained_run(FLAT).id, item="own")
    assert "No picture of yours" in page.info[0].proto.title
    drawn = load("test").images[1][::-1]
    page.session_state["own_item"] = ChosenItem(np.ascontiguousarray(drawn), "your drawing")
    page.run()
    assert not page.exception
    assert "takes your drawing for" in words(page)
    assert "It flips when" in words(page)


def test_a_model_without_weights_is_said_in_words(open_page: OpenPage) -> None:
    run = trained_run(FLAT)
    Path(run.folder / "model.keras").unlink()
    page = open_page("why", model=run.id)
    assert not page.exception
    assert "no finished network yet" in page.info[0].value


def test_while_the_engine_works_the_answer_is_there_already(open_page: OpenPage) -> None:
    page = open_page("why", model=trained_run(FLAT).id, item="test-7")
    assert not page.exception
    assert "test image 7 for **" in words(page)
    assert len(page.get("progress")) >= 3


def test_the_model_stays_the_same_from_page_to_page(open_page: OpenPage) -> None:
    run = trained_run(FLAT)
    page = open_page("evaluate", model=run.id)
    del page.query_params["model"]  # the menu leads to a page without it
    page.switch_page("pages/why.py").run()
    assert not page.exception
    assert page.selectbox(key="evaluate_model").value == run.id
    assert "".join(page.query_params["model"]) == run.id
