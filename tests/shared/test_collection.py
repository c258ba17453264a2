import numpy as np
import pytest

from fmnist_core.data.fashion_mnist import load
from pages.shared import collection
from pages.shared.collection import Reference, chosen, parse_reference


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("123", Reference("test", 123)),
        (" train 123 ", Reference("train", 123)),
        ("TEST-9999", Reference("test", 9999)),
        ("train-59999", Reference("train", 59_999)),
        ("59,999", None),
        ("9,999", Reference("test", 9999)),
        (str(Reference("train", 8)), Reference("train", 8)),
    ],
)
def test_an_image_is_named_by_split_and_number(text: str, expected: Reference | None) -> None:
    assert parse_reference(text, default="test") == expected


@pytest.mark.parametrize(
    "text",
    ["", "-1", "test-10000", "60000", "²", "٣", "1 2", "train", "train test 1", "9" * 5000, "<b>"],
)
def test_what_names_no_image_is_none(text: str) -> None:
    assert parse_reference(text, default="test") is None


def test_classes_are_filtered_and_the_order_of_the_data_is_kept() -> None:
    labels = load("test").labels
    found = chosen("test", ["Bag", "Trouser"], "Data set order")
    assert found.tolist() == np.flatnonzero((labels == 1) | (labels == 8)).tolist()
    assert len(chosen("test", [], "Data set order")) == 10_000


@pytest.mark.parametrize("sort", [name for name in collection.SORTS if name != "Data set order"])
def test_each_order_sorts_by_its_measure(sort: str) -> None:
    how = collection.SORTS[sort]
    assert how is not None
    values = collection.measure("test", how[0])[chosen("test", ["Bag"], sort)]
    steps = np.diff(values)
    assert (steps <= 0).all() if how[1] else (steps >= 0).all()


def test_an_unknown_order_and_unknown_classes_show_everything_as_it_is() -> None:
    assert chosen("test", ["Hat"], "Nonsense").tolist() == list(range(10_000))
