"""Whatever stands in a recipe's file or link: a recipe that holds together, or one sentence."""

import base64
import json
import time
import zlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fmnist_core.recipes import presets
from fmnist_core.recipes.options import RecipeError
from fmnist_core.recipes.recipe import LONGEST_JSON, Recipe
from tests.support.hostile_values import anything, damaged, spoiled

LINK = presets.WIDE_CNN.recipe.to_link()
GOOD = [preset.recipe.to_dict() for preset in presets.PRESETS.values()]


def holds_together(recipe: Recipe) -> None:
    """Everything that a page asks of a recipe before anybody checks it."""
    assert Recipe.from_json(recipe.to_json()) == recipe
    assert Recipe.from_link(recipe.to_link()) == recipe
    for value in (recipe.parameters, recipe.multiply_adds, recipe.memory_bytes, recipe.error):
        assert value is None or str(value)
    try:
        recipe.check()
    except RecipeError as error:
        assert str(error)


def read(source: str | bytes) -> None:
    try:
        recipe = Recipe.from_json(source)
    except RecipeError as error:
        assert 0 < len(str(error)) < 2000
    else:
        holds_together(recipe)


@given(st.sampled_from(GOOD).flatmap(spoiled) | anything)
@example({"learning_rate": 10**400})
def test_a_recipe_of_any_values_is_read_or_refused(data: object) -> None:
    read(json.dumps(data))


@given(damaged(json.dumps(GOOD[0]).encode()))
def test_a_damaged_file_is_read_or_refused(content: bytes) -> None:
    read(content)


@given(st.text() | damaged(LINK.encode()).map(lambda link: link.decode("latin-1")))
def test_a_damaged_link_is_read_or_refused(link: str) -> None:
    try:
        holds_together(Recipe.from_link(link))
    except RecipeError as error:
        assert str(error)


@given(st.sampled_from(GOOD).flatmap(spoiled))
def test_a_link_to_any_values_is_read_or_refused(data: object) -> None:
    packed = zlib.compress(json.dumps(data).encode())
    try:
        holds_together(Recipe.from_link(base64.urlsafe_b64encode(packed).decode()))
    except RecipeError as error:
        assert str(error)


@pytest.mark.parametrize("key", ["seed", "layers", "augmentation", "name"])
def test_a_recipe_nested_to_the_edge_of_the_stack_is_refused(key: str) -> None:
    for depth in range(800, 1000):
        with pytest.raises(RecipeError):
            Recipe.from_json(f'{{"{key}": {"[" * depth}{"]" * depth}}}')


@pytest.mark.parametrize(
    "source",
    [
        "[" * LONGEST_JSON,
        '{"a":' * (LONGEST_JSON // 5),
        '{"layers": [' + "{}," * 10_000 + "{}]}",
        '{"layers": [' + '{"kind":"Flatten"},' * 1700 + '{"kind":"Flatten"}]}',
        '{"seed": ' + "9" * 4300 + "}",
        '{"seed": ' + "9" * 30_000 + "}",
        '{"name": "' + "\\u0000" * 5000 + '"}',
    ],
    ids=["lists", "objects", "layers", "Flatten", "digits", "more digits", "zeros"],
)
def test_the_largest_sources_are_refused_at_once(source: str) -> None:
    begin = time.process_time()
    with pytest.raises(RecipeError):
        Recipe.from_json(source)
    assert time.process_time() - begin < 0.5
