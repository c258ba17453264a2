"""The Inside page, with an engine that works at once in the test's own process."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from fmnist_core import translation
from fmnist_core.data.fashion_mnist import load
from fmnist_core.explanations.receptive_field import ReceptiveField
from fmnist_core.recipes.layers import Conv2D, Dense, Flatten
from fmnist_core.recipes.recipe import Recipe
from pages.sections.inside import units
from pages.sections.inside.layers import Unit
from pages.sections.inside.units import FRAME, framed
from pages.shared.item_choice import ChosenItem
from tests.support.runs import trained_run

OpenPage = Callable[..., AppTest]
MINE = Recipe(
    name="Mine",
    layers=(Conv2D(filters=2, strides=2), Flatten(), Dense(units=10, activation="softmax")),
)


def shown(page: AppTest, name: str) -> list[dict[str, Any]]:
    """Return the data of every component of that name on the page."""
    assert not page.exception
    protos = [element.proto for element in page.get("bidi_component")]
    return [json.loads(proto.json) for proto in protos if proto.component_name == name]


def words(page: AppTest) -> str:
    return " ".join(item.value for item in [*page.markdown, *page.caption])


def test_every_layer_is_shown_and_a_clicked_cell_is_calculated(
    open_page: OpenPage, working_engine: None
) -> None:
    page = open_page("inside", model=trained_run(MINE).id, item="test-7", layer="1")
    layers, maps = shown(page, "contact_sheet")
    assert [caption.split("\n") for caption in layers["captions"]] == [
        ["0 Input Layer", "28×28×1"],
        ["1 Conv2D", "13×13×2"],
        ["2 Flatten", "338"],
        ["3 Dense", "10"],
    ]
    assert len(maps["captions"]) == 2
    (cells,) = shown(page, "unit_map")
    assert (cells["height"], cells["width"], cells["field"]) == (13, 13, [2, 0, 2])

    page.session_state["inside_places"][1] = Unit(4, 6, 1)
    page.run()
    assert "How row 4, column 6, map 1 gets its value" in words(page)
    (sum_,) = shown(page, "arithmetic")
    assert sum_["lines"][0]["text"] == "The sum of 9 products"
    values = sum_["agrees"].removesuffix(".").replace(",", "").split()
    assert abs(float(values[2]) - float(values[-1])) <= 2e-5


def test_the_last_layer_shows_the_softmax_of_all_ten_classes(
    open_page: OpenPage, working_engine: None
) -> None:
    page = open_page("inside", model=trained_run(MINE).id, layer="3")
    (sum_,) = shown(page, "arithmetic")
    assert [line["text"].split()[0] for line in sum_["lines"]] == ["The", "Add", "Raise", "Divide"]
    assert "| Ankle boot |" in words(page)


def test_what_excites_a_unit_and_dead_units_are_counted_over_a_stated_sample(
    open_page: OpenPage, working_engine: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(units, "SURVEYED", 30)
    page = open_page("inside", model=trained_run(MINE).id, layer="1")
    page.session_state["inside_tab"] = "What excites it"
    page.run()
    sheets = {sheet["label"]: sheet for sheet in shown(page, "contact_sheet")}
    assert len(sheets["Images that excite the unit most"]["ids"]) == 12
    assert "first 30 test images" in words(page)
    page.session_state["inside_tab"] = "Dead units"
    page.run()
    assert "| 1 Conv2D | 2 | " in words(page)
    assert "first 30 test images" in words(page)


def test_patterns_of_the_first_layer_are_all_shown(
    open_page: OpenPage, working_engine: None
) -> None:
    page = open_page("inside", model=trained_run(MINE).id, layer="1")
    page.session_state["inside_tab"] = "Pattern"
    page.run()
    (sheet,) = (s for s in shown(page, "contact_sheet") if s["label"] == "Patterns")
    assert sheet["ids"] == [0, 1]


def test_the_own_picture_goes_through_the_network(
    open_page: OpenPage, working_engine: None
) -> None:
    run = trained_run(MINE)
    page = open_page("inside", model=run.id, item="own")
    assert not shown(page, "unit_map")
    page.session_state["own_item"] = ChosenItem(load("test").images[3], "your drawing")
    assert shown(page.run(), "unit_map")


@pytest.mark.parametrize("layer", ["99", "-1", "x", "٣"])
def test_a_layer_in_the_link_that_does_not_exist_does_no_harm(
    open_page: OpenPage, working_engine: None, layer: str
) -> None:
    assert shown(open_page("inside", model=trained_run(MINE).id, layer=layer), "unit_map")


def test_a_model_without_weights_is_said_in_words(open_page: OpenPage) -> None:
    run = trained_run(MINE)
    Path(run.folder / "model.keras").unlink()
    page = open_page("inside", model=run.id)
    assert not page.exception
    assert "no finished network yet" in page.info[0].value


def test_a_frame_stands_where_the_unit_looks() -> None:
    found = framed(np.zeros((28, 28), np.uint8), ReceptiveField(2, -1, 3), np.array([0, 13]))
    rows, columns = np.nonzero((found == FRAME).all(-1))
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (0, 3, 25, 27)
    assert not found[1:3, 26].any()


def test_a_sum_is_said_in_the_language_of_the_reader(
    open_page: OpenPage, working_engine: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(translation, "_ask", [lambda: "de"])
    page = open_page("inside", model=trained_run(MINE).id, layer="3")
    (sum_,) = shown(page, "arithmetic_de")
    assert sum_["lines"][0]["text"] == "Die Summe von 338 Produkten"
    assert sum_["lines"][1]["text"].startswith("Den Bias ")
    assert "." not in sum_["lines"][1]["text"]
    assert "| Stiefelette |" in words(page)
