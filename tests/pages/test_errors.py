"""The errors page: mix-ups, slices, two models, refusing, and label noise, with exact counts."""

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from fmnist_core.data.fashion_mnist import load
from fmnist_core.recipes import presets
from pages.shared import visitor
from tests.support.runs import VISITOR, finished_run

OpenPage = Callable[..., AppTest]
DENSE = presets.find("dense-basics").recipe.changed(epochs=2, seed=7, name="Mine")


@pytest.fixture(autouse=True)
def known_visitor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the visitor's new id predictable."""
    monkeypatch.setattr(visitor, "secrets", SimpleNamespace(token_urlsafe=lambda _: VISITOR))


def metrics(page: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in page.metric}


def words(page: AppTest) -> str:
    return " ".join(item.value for item in [*page.markdown, *page.caption])


def sheets(page: AppTest) -> list[dict[str, Any]]:
    """Return what each contact sheet on the page was given."""
    found = [json.loads(element.proto.json) for element in page.get("bidi_component")]
    return [data for data in found if "captions" in data]


def test_the_commonest_mix_ups_stand_in_words_and_choose_their_images(
    open_page: OpenPage,
) -> None:
    # The last 1,000 answers are one class too high: each class is taken for the next one.
    page = open_page("errors", model=finished_run(DENSE).id)
    assert not page.exception
    assert "1,000 of its answers on 10,000 test images are wrong" in words(page)
    labels = load("test").labels
    bags = np.flatnonzero(labels[9000:] == 8) + 9000
    line = f"Bag taken for Ankle boot: {len(bags)} of 1,000"
    button = next(button for button in page.button if button.label == line)
    button.click().run()
    assert f"**{len(bags)} × Bag taken for Ankle boot**" in words(page)
    assert set(sheets(page)[0]["ids"]) <= set(bags.tolist())


@pytest.mark.parametrize("view", ["Slices", "Teilgruppen"])
def test_a_link_made_in_another_language_opens_the_same_view(
    view: str, open_page: OpenPage
) -> None:
    page = open_page("errors", model=finished_run(DENSE).id, view=view)
    assert not page.exception
    assert "10,000 test images in 10 slices of about the same size" in words(page)


def test_slices_count_every_image_once(open_page: OpenPage) -> None:
    page = open_page("errors", model=finished_run(DENSE).id, view="Slices")
    assert not page.exception
    assert "10,000 test images in 10 slices of about the same size" in words(page)
    page.segmented_control(key="slice_by").set_value("Brightness").run()
    assert "Of the darkest it gets" in words(page)
    page.selectbox(key="slice_class").set_value("Bag").run()
    assert "1,000 test images in 10 slices of about the same size" in words(page)


def test_two_models_are_compared_image_by_image(open_page: OpenPage) -> None:
    better = finished_run(DENSE.changed(name="Better"), right=9010)
    page = open_page("errors", model=finished_run(DENSE).id, view="Two models")
    page.selectbox(key="other_model").set_value(better.id).run()
    assert not page.exception
    assert "**+0.10 points**" in words(page)
    # Ten tosses, all heads: 2 in 1,024.
    assert "**p = 0.002**" in words(page)
    page.segmented_control(key="quadrant").set_value("only second").run()
    shown = sheets(page)[0]
    assert sorted(shown["ids"]) == list(range(9000, 9010))


def test_equal_models_are_not_told_apart(open_page: OpenPage) -> None:
    twin = finished_run(DENSE.changed(name="Twin"))
    page = open_page("errors", model=finished_run(DENSE).id, view="Two models")
    page.selectbox(key="other_model").set_value(twin.id).run()
    assert "No difference is certain" in words(page)
    assert "There is no such image." in words(page)


def test_a_threshold_refuses_the_unsure(open_page: OpenPage) -> None:
    # All its answers are 80 % sure.
    page = open_page("errors", model=finished_run(DENSE).id, view="Refusing")
    assert not page.exception
    page.slider(key="refuse_below").set_value(79).run()
    assert metrics(page)["Answered"] == "100 %"
    assert metrics(page)["Right among these"] == "90.00 %"
    page.slider(key="refuse_below").set_value(81).run()
    assert metrics(page)["Answered"] == "0 %"
    assert metrics(page)["Mistakes avoided"] == "1,000"
    assert metrics(page)["Right answers lost"] == "9,000"


def test_a_goal_takes_its_threshold_from_validation_images(open_page: OpenPage) -> None:
    page = open_page("errors", model="best", view="Refusing")
    page.pills(key="refuse_goal").set_value(0.98).run()
    assert "Chosen on validation images for 98 %" in words(page)
    assert page.slider(key="refuse_below").value in range(1, 100)


def test_judged_labels_make_a_ceiling(open_page: OpenPage) -> None:
    page = open_page("errors", model="best", view="Label noise")
    assert not page.exception
    assert "a perfect network would score" in metrics(page)
    (sheet,) = sheets(page)
    assert len(sheet["ids"]) == 12
    page.session_state["labels_wrong"] = set(sheet["ids"][:6])
    button = next(button for button in page.button if button.label == "These are judged")
    button.click().run()
    assert metrics(page)["You call wrong"] == "6 of 12"
    assert not set(sheet["ids"]) & set(sheets(page)[0]["ids"])


def test_a_link_to_no_view_shows_the_first(open_page: OpenPage) -> None:
    page = open_page("errors", model="best", view="<script>")
    assert not page.exception
    assert "In words" in [item.value for item in page.subheader]
