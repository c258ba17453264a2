"""Cards read and write themselves; what is wrong on one is named."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fmnist_core.models.card import Card, CardError
from fmnist_core.models.catalogue import DEFAULT_ROOT
from tests.support.models import card

ROBUSTNESS: dict[str, Any] = {
    "accuracy": 0.5,
    "interval": [0.4, 0.6],
    "clean": 0.9,
    "by_corruption": {"noise": [0.9, 0.7, 0.5, 0.3, 0.1]},
    "examples": 1000,
    "seed": 0,
}


def test_a_card_that_was_written_reads_the_same(tmp_path: Path) -> None:
    whole = Card.from_json(card(robustness=ROBUSTNESS, real_pictures={"photos": 0.5}))
    whole.write(tmp_path / "card.json")
    assert Card.read(tmp_path / "card.json") == whole
    assert whole.robustness is not None
    assert whole.robustness.by_corruption["noise"] == (0.9, 0.7, 0.5, 0.3, 0.1)
    bare = replace(whole, robustness=None, title="Größer · 28×28")
    bare.write(tmp_path / "card.json")
    assert Card.read(tmp_path / "card.json") == bare
    assert '"title": "Größer · 28×28"' in (tmp_path / "card.json").read_text()


@pytest.mark.parametrize("path", sorted(DEFAULT_ROOT.glob("*/card.json")), ids=str)
def test_nothing_on_a_shipped_card_is_lost_by_writing_it(path: Path) -> None:
    before = json.loads(path.read_text())
    after = json.loads(json.dumps(Card.read(path).to_json()))
    before.pop("precomputed", None)
    if "field" in before:
        before["real_pictures"] = before.pop("field")
    assert {key: after[key] for key in before} == before


def test_a_card_from_before_may_call_real_pictures_field_and_have_one_weakness() -> None:
    old = Card.from_json(card(field={"photos, first": 0.5, "items": 236}, weaknesses="Shirts."))
    assert old.real_pictures == {"photos, first": 0.5}
    assert old.weaknesses == ("Shirts.",)
    assert (old.name, old.timing, old.robustness) == ("", "", None)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"title": None}, "x.json: title is None; expected text."),
        ({"seed": -1}, "x.json: seed is -1; expected a whole number from 0 up."),
        ({"epochs": 1.5}, "epochs is 1.5; expected a whole number from 0 up."),
        ({"seconds": float("inf")}, "seconds is inf; expected a number from 0 up."),
        ({"test_interval": [0.1, 2]}, "test_interval: 1 is 2; expected a number from 0 to 1."),
        ({"sha256": ["a"]}, "sha256 is ['a']; expected values by name."),
        ({"sha256": {"model.keras": "A" * 64}}, "sha256: model.keras is 'AAA"),
        ({"robustness": 3}, "robustness is 3; expected values by name."),
        ({"robustness": ROBUSTNESS | {"clean": 7}}, "robustness: clean is 7; expected a number"),
        (
            {"robustness": ROBUSTNESS | {"by_corruption": {"noise": [0.5] * 4}}},
            "by_corruption: noise is [0.5, 0.5, 0.5, 0.5]; expected a list of 5 numbers.",
        ),
    ],
)
def test_what_is_wrong_is_named_with_what_came_and_what_was_expected(
    wrong: dict[str, Any], message: str
) -> None:
    with pytest.raises(CardError) as caught:
        Card.from_json(card(**wrong), "x.json")
    assert message in str(caught.value)


def test_a_missing_value_is_named() -> None:
    content = card()
    del content["parameters"]
    with pytest.raises(CardError, match="parameters is None; expected a whole number"):
        Card.from_json(content)


@pytest.mark.parametrize(
    "right",
    [
        {"seed": 0, "seconds": 0, "test_loss": 0},
        {"test_accuracy": 0, "validation_accuracy": 1, "test_interval": [0, 1]},
        {"seconds": 1e14},
        {"weaknesses": []},
    ],
)
def test_values_may_be_at_the_ends_of_their_ranges(right: dict[str, Any]) -> None:
    found = Card.from_json(card(**right)).to_json()
    for key, value in right.items():
        assert found[key] == (tuple(value) if isinstance(value, list) else value)


@pytest.mark.parametrize(
    "wrong",
    [
        {"seed": True},
        {"seconds": -0.1},
        {"test_accuracy": 1.01},
        {"test_accuracy": -0.01},
        {"test_interval": [0.1]},
        {"test_interval": [0.1, 0.2, 0.3]},
        {"title": ""},
        {"weaknesses": [""]},
        {"timing": 3},
        {"sha256": {"a": "0" * 63}},
        {"sha256": {"a": "0" * 65}},
    ],
)
def test_and_not_beyond_them(wrong: dict[str, Any]) -> None:
    with pytest.raises(CardError, match=next(iter(wrong))):
        Card.from_json(card(**wrong))


def test_a_missing_file_and_old_figures_of_other_kinds_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(CardError, match=r"card\.json is missing or holds no JSON object"):
        Card.read(tmp_path / "card.json")
    old = Card.from_json(card(field={"drawings": 1, "items": 236, "made": "2026", "x": 1.5}))
    assert old.real_pictures == {"drawings": 1}
