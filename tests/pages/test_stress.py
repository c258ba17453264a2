"""The Break it page: one item spoilt live, attacked on the engine, and curves over a sample."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from fmnist_core.data.fashion_mnist import Images, load
from fmnist_core.evaluation import robustness
from fmnist_core.evaluation.attacks import EPSILONS, Attack
from fmnist_core.evaluation.corruptions import CORRUPTIONS, spoil_all
from fmnist_core.evaluation.robustness import measure, write_on_card
from fmnist_core.models.classifier import Classifier
from pages.components.encoding import png
from pages.sections.stress import attack, severity
from tests.support import models

OpenPage = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def shelf_of_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Ship three tiny models, whose Keras file is never opened here."""
    root = models.fill(tmp_path / "models")
    for folder in root.iterdir():
        (folder / "model.keras").write_bytes(b"weights")
    monkeypatch.setenv("FMNIST_MODELS", str(root))
    return root


def rows(page: AppTest) -> dict[str, list[dict[str, str]]]:
    """Return the pictures of each row on the page, by the row's label."""
    found = [json.loads(element.proto.json) for element in page.get("bidi_component")]
    return {data["label"]: data["pictures"] for data in found if "pictures" in data}


def sheets(page: AppTest) -> list[dict[str, Any]]:
    """Return what each contact sheet on the page was given."""
    found = [json.loads(element.proto.json) for element in page.get("bidi_component")]
    return [data for data in found if "captions" in data]


def words(page: AppTest) -> str:
    return " ".join(item.value for item in [*page.markdown, *page.caption])


def test_the_sliders_spoil_the_item_as_the_core_does(open_page: OpenPage) -> None:
    page = open_page("stress", item="test-7")
    assert not page.exception
    assert {slider.key for slider in page.slider} == set(CORRUPTIONS)
    page.slider(key="rotation").set_value(40)
    page.slider(key="noise").set_value(30).run()
    (as_it_is, spoilt) = rows(page)["The item as it is, and spoilt"]
    image = load("test").images[7]
    assert as_it_is["source"] == png(image)
    expected = spoil_all(image[None], {"rotation": 40, "noise": 30}, 0)[0]
    assert spoilt["source"] == png(expected)
    assert spoilt["text"] == "noise 30, rotation +40"


def test_a_link_carries_the_amounts_and_undo_takes_them_away(open_page: OpenPage) -> None:
    page = open_page("stress", item="test-7", shift="-5", noise="100000")
    assert page.slider(key="shift").value == -5
    assert page.slider(key="noise").value == 0
    undo = next(button for button in page.button if button.label == "Undo all")
    undo.click().run()
    assert {slider.value for slider in page.slider} == {0}


def test_each_corruption_says_what_it_takes(open_page: OpenPage) -> None:
    page = open_page("stress", item="test-7")
    (sheet,) = sheets(page)
    titles = [corruption.title for corruption in CORRUPTIONS.values()]
    assert len(sheet["captions"]) == len(titles)
    assert all(map(str.startswith, sheet["captions"], titles))


def test_an_attack_shows_from_which_strength_on_it_succeeds(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = load("test").images[7]
    # Stand-ins for what the engine gives: nothing happens below 8 grey levels.
    answer = Classifier(models.QUARTERS).probabilities(image).argmax()
    other = next(
        candidate
        for candidate in load("test").images
        if Classifier(models.QUARTERS).probabilities(candidate).argmax() != answer
    )
    images = np.stack([other if epsilon >= 8 else image for epsilon in EPSILONS])
    same = np.repeat(image[None], len(EPSILONS), axis=0)
    monkeypatch.setattr(attack, "work", lambda *_, **__: Attack(same, images))
    page = open_page("stress", item="test-7", view="Attack an item")
    assert not page.exception
    assert list(rows(page)) == [
        "The item, the change, the attacked item, and one changed by chance"
    ]
    if answer == load("test").labels[7]:
        assert "PGD does from **ε = 8** on" in words(page)
        assert "FGSM does not" in words(page)
    else:
        assert "FGSM needs no change at all" in words(page)


def test_curves_of_several_models_stand_with_sample_and_seed(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[Any, ...]] = []

    def work(_key: str, function: object, *arguments: Any, label: str) -> np.ndarray:  # noqa: ANN401
        assert function is robustness.severity_curve
        assert label
        asked.append(arguments)
        right = np.zeros((6, 200), bool)
        right[:, :150] = True
        return right

    monkeypatch.setattr(severity, "work", work)
    page = open_page("stress", view="Spoil a test sample")
    page.multiselect(key="classify_models").set_value(["best", "compact"]).run()
    asked.clear()
    page.pills(key="severity_of").set_value("blur").run()
    assert not page.exception
    assert [(Path(network.file).parent.name, *rest) for network, *rest in asked] == [
        ("best", "blur", 200, 0),
        ("compact", "blur", 200, 0),
    ]
    assert "200 of the 10,000 test images, drawn with seed 0" in words(page)
    assert "0.5, 0.8, 1.2, 1.8, 2.5 pixels" in words(page)


def test_the_number_on_the_cards_is_shown_here_and_on_evaluate(
    open_page: OpenPage, shelf_of_models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(severity, "work", lambda *_, **__: None)
    page = open_page("stress", view="Spoil a test sample")
    assert "One number for each shipped model" not in [item.value for item in page.subheader]
    sample = Images(load("test").images[:10], load("test").labels[:10])
    found = measure(lambda images: np.eye(10)[np.zeros(len(images), int)], sample)
    write_on_card(shelf_of_models / "best", found)
    page = open_page("stress", view="Spoil a test sample")
    assert "One number for each shipped model" in [item.value for item in page.subheader]
    assert "Precomputed on 10 test images (seed 0)" in words(page)
