from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.support.models import ship

Open = Callable[..., AppTest]


def test_without_shipped_models_no_accuracy_is_claimed(
    open_page: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FMNIST_MODELS", str(tmp_path))
    page = open_page("home")
    assert not page.exception
    assert [heading.value for heading in page.subheader] == ["The way through"]


def test_shipped_models_are_ranked_with_their_measured_accuracy(
    open_page: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ship(tmp_path, "compact", test_examples=10_000)
    ship(tmp_path, "best", title="Best", test_accuracy=0.9512, test_interval=[0.947, 0.955])
    monkeypatch.setenv("FMNIST_MODELS", str(tmp_path))
    page = open_page("home")
    (table,) = [text.value for text in page.markdown if text.value.startswith("| Model")]
    rows = table.splitlines()[2:]
    assert [row.split("|")[1].strip() for row in rows] == ["**Best**", "**Compact**"]
    assert "95.12 % (94.7 to 95.5)" in rows[0]


def test_models_are_compared_on_real_drawings_and_photos_where_that_was_measured(
    open_page: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, photos in (("compact", 0.5), ("best", 0.6)):
        shares = {"drawings, first answer": 0.25, "drawings, first three": 0.75}
        shares |= {"photos, first answer": photos, "photos, first three": 0.9}
        ship(tmp_path, name, title=name, real_pictures=shares)
    ship(tmp_path, "lightning")
    monkeypatch.setenv("FMNIST_MODELS", str(tmp_path))
    page = open_page("home")
    assert page.subheader[-1].value == "On pictures like yours"
    _, table = [text.value for text in page.markdown if text.value.startswith("| Model")]
    assert table.splitlines()[2:] == [
        "| **best** | 25 % (75 %) | 60 % (90 %) |",
        "| **compact** | 25 % (75 %) | 50 % (90 %) |",
    ]


def test_the_buttons_lead_to_drawing_and_to_training(open_page: Open) -> None:
    page = open_page("home")
    labels = [button.label for button in page.button]
    assert labels == ["Draw an item", "Train a network in a minute", "Take the tour", "No, thanks"]


def test_a_damaged_data_file_becomes_a_message_on_the_page(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fmnist_core.data.fashion_mnist import DatasetError
    from pages.shared import resources

    def damaged(split: str) -> None:
        raise DatasetError(f"{split}.gz is missing. Restore it.")

    monkeypatch.setattr(resources, "load", damaged)
    page = open_page("home")
    assert not page.exception
    assert "test.gz is missing. Restore it." in page.error[0].value
    assert not page.subheader  # nothing is shown below it
