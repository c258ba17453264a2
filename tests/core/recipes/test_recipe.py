"""Recipes: what they refuse, and that they survive JSON and links unchanged."""

import base64
import json
import re
import zlib
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fmnist_core import translation
from fmnist_core.paths import ASSETS
from fmnist_core.recipes.host import HOSTED, LOCAL, Limits
from fmnist_core.recipes.hyperparameters import Augmentation
from fmnist_core.recipes.layers import (
    LAYERS,
    Activation,
    Conv2D,
    Dense,
    Flatten,
    MaxPooling2D,
    ResidualBlock,
)
from fmnist_core.recipes.options import Option, Options, RecipeError
from fmnist_core.recipes.presets import PRESETS, find
from fmnist_core.recipes.recipe import Recipe

TINY = Recipe(name="Tiny", layers=(Flatten(), Dense(units=10, activation="softmax")))


@pytest.mark.parametrize("name", PRESETS)
def test_preset_survives_json_and_link(name: str) -> None:
    recipe = PRESETS[name].recipe
    assert Recipe.from_json(recipe.to_json()) == recipe
    assert Recipe.from_link(recipe.to_link()) == recipe
    recipe.check(LOCAL)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"colour": "red"}, "unknown key 'colour'"),
        ({"epochs": 0}, "whole number from 1 to 1,000"),
        ({"epochs": 2.5}, "whole number"),
        ({"epochs": True}, "whole number"),
        ({"epochs": 10**30}, "a huge number"),
        ({"learning_rate": "fast"}, "a number from 1e-06 to 10"),
        ({"optimizer": "magic"}, "one of sgd, adam"),
        ({"optimizer": ["sgd"]}, "one of sgd, adam"),
        ({"name": "x" * 61}, "at most 60 characters"),
        ({"name": "a\u0000b"}, "printable"),
        ({"augmentation": {"flip": "yes"}}, "true or false"),
        ({"augmentation": 3}, "JSON object"),
        ({"layers": {"kind": "Dense"}}, "JSON list"),
        ({"layers": [{"kind": "Dense", "units": 10**9}]}, "from 1 to 16,384"),
        ({"layers": [{"kind": "Lambda"}]}, "kind 'Lambda' is unknown"),
        ({"layers": ["Dense"]}, "JSON object"),
        ({"layers": [{"kind": "Flatten"}] * 65}, "at most 64 layers"),
        ({"train_examples": 58_000}, "overlap"),
        ({"nesterov": True}, "nesterov needs"),
        ({"early_stopping": 3, "validation_examples": 0}, "needs validation images"),
    ],
)
def test_bad_recipe_is_refused_with_the_reason(change: dict[str, object], reason: str) -> None:
    data = {**TINY.to_dict(), **change}
    with pytest.raises(RecipeError, match=reason):
        Recipe.from_json(json.dumps(data))


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("{", "not JSON"),
        ("[" * 5000, "not JSON"),
        ("[]", "must be a JSON object"),
        ('{"epochs": NaN}', "whole number"),
        ('{"learning_rate": Infinity}', "a number from"),
        ('{"epochs": ' + "9" * 6000 + "}", "not JSON"),
        (" " * 1_000_000, "1,000,000 bytes"),
    ],
)
def test_hostile_json_is_refused_with_the_reason(source: str, reason: str) -> None:
    with pytest.raises(RecipeError, match=reason):
        Recipe.from_json(source)


def test_link_that_inflates_to_gigabytes_is_refused() -> None:
    bomb = zlib.compress(b" " * 10_000_000)
    with pytest.raises(RecipeError, match="too long"):
        Recipe.from_link(base64.urlsafe_b64encode(bomb).decode())


@pytest.mark.parametrize("link", ["", "é", "!!!!", "AAAA", TINY.to_link()[:-6]])
def test_damaged_link_is_refused(link: str) -> None:
    with pytest.raises(RecipeError):
        Recipe.from_link(link)


def test_invalid_design_is_explained_at_the_layer_where_it_breaks() -> None:
    recipe = TINY.changed(layers=(Flatten(), Conv2D(), Dense(units=10)))
    rows = recipe.rows()
    assert len(rows) == 2
    assert rows[0].error is None
    assert rows[1].error is not None
    assert "flat list of 784 numbers" in rows[1].error


def test_pooling_below_the_window_is_explained() -> None:
    recipe = TINY.changed(layers=(MaxPooling2D(pool_size=8), Conv2D(kernel_size=5)))
    assert "5×5 window is larger than the 3×3 image" in str(recipe.error)


@pytest.mark.parametrize(
    ("last", "words"),
    [(Dense(units=9), "Dense with 10 units"), (Dense(units=10), "softmax .* or linear")],
)
def test_wrong_ending_is_explained(last: Dense, words: str) -> None:
    with pytest.raises(RecipeError, match=words):
        TINY.changed(layers=(Flatten(), last)).check()


def test_empty_architecture_is_explained() -> None:
    assert "Dense with 10 units" in str(Recipe().error)


def test_hosted_limits_are_tighter_than_local_ones() -> None:
    wide = find("wide-cnn").recipe
    wide.check(LOCAL)
    with pytest.raises(RecipeError, match="29,306,282 parameters; the shared host allows"):
        wide.check(HOSTED)


def test_a_host_allows_as_many_layers_as_it_says_and_not_one_more() -> None:
    def deep(layers: int) -> Recipe:
        flat = (Flatten(),) * (layers - 1)
        return TINY.changed(layers=(*flat, Dense(units=10, activation="softmax")))

    for limits, most in ((LOCAL, 64), (HOSTED, 40)):
        deep(most).check(limits)
        with pytest.raises(RecipeError, match=f"has {most + 1} layers; .* allows {most}"):
            deep(most + 1).check(limits)
    assert Recipe.from_json(deep(64).to_json()) == deep(64)


def value_of(option: Option) -> st.SearchStrategy[Any]:
    match option.kind:
        case "integer":
            return st.integers(int(option.low), int(option.high))
        case "real":
            return st.floats(option.low, option.high)
        case "choice":
            return st.sampled_from(option.choices)
        case "switch":
            return st.booleans()
    printable = st.characters(exclude_categories=["C", "Z"])
    return st.text(printable, max_size=int(option.high))


def any_of(kind: type[Options]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries(
        {name: value_of(option) for name, option in kind.options().items()}
    ).map(lambda values: kind(**values))


@st.composite
def recipes(draw: st.DrawFn) -> Recipe:
    options = Recipe.options()
    values = {name: draw(value_of(option)) for name, option in options.items()}
    # What `__post_init__` forbids.
    most = min(60_000 - values["train_examples"], values["validation_examples"])
    values["validation_examples"] = most
    values["early_stopping"] *= bool(most)
    values["nesterov"] &= values["optimizer"] == "sgd" and values["momentum"] > 0
    layers = st.lists(st.sampled_from(list(LAYERS.values())).flatmap(any_of), max_size=6)
    return Recipe(**values, layers=tuple(draw(layers)), augmentation=draw(any_of(Augmentation)))


@settings(max_examples=30)
@given(recipe=recipes())
def test_every_recipe_survives_json_and_a_link_that_needs_no_escaping(recipe: Recipe) -> None:
    assert Recipe.from_json(recipe.to_json()) == recipe
    link = recipe.to_link()
    assert re.fullmatch(r"[\w-]+", link, re.ASCII)
    assert Recipe.from_link(link) == recipe


@pytest.mark.parametrize(
    ("changes", "copies"),
    [
        ({}, 5),  # weights, gradients, the best copy and Adam's two moments
        ({"optimizer": "sgd"}, 4),
        ({"optimizer": "lion"}, 4),
        ({"optimizer": "muon"}, 5),
        ({"weight_averaging": 0.99}, 6),
    ],
)
def test_memory_is_that_of_weights_and_of_a_batchs_activations(
    changes: dict[str, Any], copies: int
) -> None:
    # Flatten puts out 784 numbers and Dense 10, kept twice for each of 32 images.
    expected = 4 * (7850 * copies + 2 * (784 + 10) * 32)
    assert TINY.changed(**changes).memory_bytes == expected


def test_a_residual_block_keeps_four_activations() -> None:
    layers = (ResidualBlock(filters=2), *TINY.layers)
    recipe = TINY.changed(layers=layers, batch_size=1)
    activations = 4 * 28 * 28 * 2 + 28 * 28 * 2 + 10
    assert recipe.memory_bytes == 4 * (recipe.parameters * 5 + 2 * activations)


EXACT = Limits("here", 2, 7850, 7840, TINY.memory_bytes, 10)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("layers", "2 layers; here allows 1"),
        ("parameters", "7,850 parameters; here allows 7,849"),
        ("multiply_adds", "7,840 multiply-adds an image; here allows 7,839"),
        ("memory_bytes", "bytes of memory; here allows"),
        ("epochs", "10 epochs; here allows 9"),
    ],
)
def test_a_limit_can_be_reached_but_not_passed(name: str, words: str) -> None:
    TINY.check(EXACT)
    with pytest.raises(RecipeError, match=words):
        TINY.check(replace(EXACT, **{name: getattr(EXACT, name) - 1}))


def test_the_longest_json_is_read_and_no_longer_one() -> None:
    source = TINY.to_json()
    assert Recipe.from_json(source.ljust(32_768)) == TINY
    with pytest.raises(RecipeError, match="32,769 bytes of JSON; at most 32,768"):
        Recipe.from_json(source.ljust(32_769))


def test_all_images_can_be_used_once() -> None:
    TINY.changed(train_examples=55_001, validation_examples=4999)
    with pytest.raises(RecipeError, match="overlap"):
        TINY.changed(train_examples=55_001, validation_examples=5000)


def test_nesterov_wants_sgd_with_momentum() -> None:
    assert TINY.changed(optimizer="sgd", momentum=0.9, nesterov=True).nesterov
    for wrong in ({"optimizer": "sgd"}, {"optimizer": "rmsprop", "momentum": 0.9}):
        with pytest.raises(RecipeError, match="nesterov needs"):
            TINY.changed(nesterov=True, **wrong)


def test_a_design_of_logits_is_told_from_one_of_probabilities() -> None:
    assert not TINY.from_logits
    logits = TINY.changed(layers=(Flatten(), Dense(units=10, activation="linear")))
    assert logits.from_logits
    logits.check()
    assert not logits.changed(layers=(*logits.layers, Activation(activation="softmax"))).from_logits


@pytest.mark.parametrize("name", [n for n in PRESETS if n not in ("best", "compact")])
def test_a_shipped_model_was_trained_by_its_preset(name: str) -> None:
    card = json.loads((ASSETS / "models" / name / "card.json").read_text())
    assert Recipe.from_link(card["recipe"]) == PRESETS[name].recipe


@pytest.mark.parametrize("name", ["best", "compact"])
def test_the_residual_models_were_trained_by_their_presets_in_half_precision(name: str) -> None:
    card = json.loads((ASSETS / "models" / name / "card.json").read_text())
    recipe = PRESETS[name].recipe.changed(precision="mixed_bfloat16")
    assert Recipe.from_link(card["recipe"]) == recipe


@pytest.mark.parametrize(
    ("name", "found"), [("Wide CNN on 20,000", "wide-cnn-on-20000"), ("WIDE", "wide-cnn-on-20000")]
)
def test_a_preset_is_found_by_its_title_or_beginning(name: str, found: str) -> None:
    assert find(name) is PRESETS[found]


@pytest.mark.parametrize("name", ["", "!", "d e", "nothing", "x" * 100])
def test_an_unknown_preset_is_answered_with_all_names(name: str) -> None:
    with pytest.raises(RecipeError, match=r"there are dense-basics, .*, field\."):
        find(name)


def test_a_beginning_of_two_presets_is_neither(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PRESETS, "field-2", PRESETS["field"])
    assert find("field") is PRESETS["field"]  # a whole name is no beginning
    with pytest.raises(RecipeError, match="No preset is called 'fiel'"):
        find("fiel")


def test_a_strange_value_is_shown_in_forty_characters() -> None:
    with pytest.raises(RecipeError, match=f"seed is '{'x' * 36}…, but"):
        Recipe.from_dict({"seed": "x" * 39})
    with pytest.raises(RecipeError, match=f"seed is '{'x' * 38}', but"):
        Recipe.from_dict({"seed": "x" * 38})
    with pytest.raises(RecipeError, match=f"seed is {10**18 - 1}, but"):
        Recipe.from_dict({"seed": 10**18 - 1})
    with pytest.raises(RecipeError, match="seed is a huge number"):
        Recipe.from_dict({"seed": -(10**18)})


@pytest.mark.parametrize(
    ("kind", "limits"),
    [
        (
            Recipe,
            {
                "learning_rate": (1e-6, 10),
                "momentum": (0, 0.999),
                "weight_decay": (0, 1),
                "batch_size": (1, 2048),
                "epochs": (1, 1000),
                "label_smoothing": (0, 0.5),
                "train_examples": (10, 60_000),
                "validation_examples": (0, 20_000),
                "early_stopping": (0, 100),
                "weight_averaging": (0, 0.9999),  # 1 would never learn
                "seed": (0, 2**31 - 1),
            },
        ),
        (
            Augmentation,
            {
                "shift": (0, 8),
                "rotate": (0, 45),
                "zoom": (0, 0.5),
                "erase": (0, 1),
                "field": (0, 1),
            },
        ),
    ],
)
def test_numbers_end_where_they_stop_to_make_sense(
    kind: type[Options], limits: dict[str, tuple[float, float]]
) -> None:
    found = {
        name: (option.low, option.high)
        for name, option in kind.options().items()
        if option.kind in ("integer", "real")
    }
    assert found == limits


def test_a_published_accuracy_is_a_share() -> None:
    published = [preset.published for preset in PRESETS.values() if preset.published is not None]
    assert published
    assert all(0.8 < share < 1 for share in published)


def test_a_name_has_sixty_characters_at_most() -> None:
    assert Recipe(name="x" * 60).name == "x" * 60
    with pytest.raises(RecipeError):
        Recipe(name="x" * 61)


def test_a_design_without_layers_costs_nothing() -> None:
    empty = Recipe(layers=())
    assert (empty.parameters, empty.multiply_adds) == (0, 0)


def test_a_refusal_speaks_the_readers_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(translation, "_ask", [lambda: "de"])
    with pytest.raises(RecipeError) as refused:
        Conv2D(filters=5000)
    assert str(refused.value) == (
        "Conv2D: filters ist 5000, muss aber eine ganze Zahl von 1 bis 1.024 sein."
    )
    with pytest.raises(RecipeError, match=r"^Das Netz hat 41 Schichten; der gemeinsame Server"):
        Recipe(layers=(Flatten(),) * 41).check(HOSTED)
