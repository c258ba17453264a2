"""What the layer list is told, and what of a browser's answer is believed."""

import pytest
from streamlit.testing.v1 import AppTest

from fmnist_core.recipes.layers import LAYERS, Dense, Flatten, MaxPooling2D
from fmnist_core.recipes.recipe import Recipe
from pages.sections.train.layers import GROUPS, rows

SOFTMAX = Dense(units=10, activation="softmax")
TINY = Recipe(name="Tiny", layers=(Flatten(), SOFTMAX))


def test_every_kind_of_layer_can_be_added() -> None:
    assert {name for names in GROUPS.values() for name in names} == set(LAYERS)


def test_rows_carry_shapes_parameters_and_multiply_adds() -> None:
    first, last = rows(TINY)
    assert (first["kind"], first["output"], first["parameters"]) == ("Flatten", "784", "0")
    assert (last["output"], last["parameters"], last["multiply_adds"]) == ("10", "7,850", "7,840")
    assert last["values"] == {"units": 10, "activation": "softmax"}
    assert first["error"] is last["error"] is None


def test_the_reason_stands_at_the_layer_where_the_design_breaks() -> None:
    found = rows(TINY.changed(layers=(Flatten(), MaxPooling2D(), SOFTMAX)))
    assert [bool(row["error"]) for row in found] == [False, True, False]
    assert [row["output"] for row in found] == ["784", "–", "–"]


def test_a_refused_value_is_explained_at_its_layer() -> None:
    assert rows(TINY, (1, "too large"))[1]["error"] == "too large"


def script(sent: object) -> None:
    """Stand for a page whose component has just sent `sent`."""
    import streamlit as st

    from fmnist_core.recipes.layers import Dense as DenseLayer
    from fmnist_core.recipes.layers import Flatten as FlattenLayer
    from fmnist_core.recipes.recipe import Recipe as RecipeOf
    from pages.sections.train import design
    from pages.sections.train import layers as builder

    softmax = DenseLayer(units=10, activation="softmax")
    design.load(RecipeOf(name="Tiny", layers=(FlattenLayer(), softmax)))
    st.session_state["builder_session"] = "mine"
    builder.take(sent)
    st.text(str(st.session_state.get("builder_refused")))


def after(sent: object) -> AppTest:
    page = AppTest.from_function(script, kwargs={"sent": sent}).run()
    assert not page.exception
    return page


GOOD = [{"kind": "Flatten"}, {"kind": "Dense", "units": 9}, {"kind": "Dense", "units": 10}]


def test_an_edit_becomes_the_design() -> None:
    page = after({"session": "mine", "edit": 4, "layers": GOOD})
    assert page.session_state["design_recipe"].layers[1] == Dense(units=9)
    assert page.session_state["builder_seen"] == 4


@pytest.mark.parametrize(
    ("layers", "reason"),
    [
        ([{"kind": "Flatten"}, {"kind": "Dense", "units": 10**9}], "(1, 'Dense: units is"),
        ([{"kind": "Lambda"}], "(0, \"The layer kind 'Lambda' is unknown"),
        ("Dense", '(0, "Each layer must be a JSON object'),
        (None, '(0, "Each layer must be a JSON object'),
    ],
)
def test_what_the_recipe_does_not_accept_changes_nothing(layers: object, reason: str) -> None:
    page = after({"session": "mine", "edit": 1, "layers": layers})
    assert page.text[0].value.startswith(reason)
    assert page.session_state["design_recipe"] == TINY


@pytest.mark.parametrize("sent", [None, 3, {"session": "another", "edit": 9, "layers": GOOD}])
def test_what_is_no_edit_of_this_session_is_ignored(sent: object) -> None:
    page = after(sent)
    assert page.session_state["design_recipe"] == TINY
    assert "builder_seen" not in page.session_state


def test_too_many_layers_are_refused() -> None:
    page = after({"session": "mine", "edit": 1, "layers": [{"kind": "Flatten"}] * 65})
    assert page.session_state["design_recipe"] == TINY
    assert "at most" in page.session_state["design_problem"]
