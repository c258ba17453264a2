"""The drawing of a network: valid SVG that says in text what it shows."""

import xml.etree.ElementTree as ET

import pytest

from fmnist_core.figures.network import network_svg
from fmnist_core.recipes.comparison import summary
from fmnist_core.recipes.layers import LAYERS, Conv2D, Dense, Flatten
from fmnist_core.recipes.presets import PRESETS
from fmnist_core.recipes.recipe import Recipe

SVG = "{http://www.w3.org/2000/svg}"


def texts(recipe: Recipe) -> list[str]:
    root = ET.fromstring(network_svg(recipe))
    return ["".join(node.itertext()) for node in root.iter(f"{SVG}text")]


@pytest.mark.parametrize("name", PRESETS)
def test_every_layer_is_drawn_with_its_name_and_output(name: str) -> None:
    recipe = PRESETS[name].recipe
    shown = texts(recipe)
    assert shown[:2] == ["Image", "28×28×1"]
    assert [text for text in shown if text in LAYERS] == [layer.label() for layer in recipe.layers]
    assert shown[-1] == "10"


def test_a_break_is_drawn_as_a_gap_and_nothing_behind_it() -> None:
    recipe = Recipe(layers=(Flatten(), Conv2D(), Dense(units=10)))
    assert texts(recipe)[-3:] == ["?", "Conv2D", "does not fit"]


def test_an_empty_network_is_only_the_image() -> None:
    assert texts(Recipe()) == ["Image", "28×28×1"]


def test_a_visitors_text_is_not_in_the_drawing() -> None:
    assert "script" not in network_svg(Recipe(name="<script>alert(1)</script>"))


def test_the_summary_names_each_step() -> None:
    recipe = PRESETS["dense-basics"].recipe
    assert summary(recipe) == "image 28×28×1 → Flatten 784 → Dense 128 → Dense 10"
