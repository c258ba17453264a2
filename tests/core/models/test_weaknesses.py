"""What is said of a shipped model's weaknesses, in the languages of its readers."""

import pytest

from fmnist_core import translation
from fmnist_core.models.catalogue import shipped
from fmnist_core.models.weaknesses import told


@pytest.fixture
def german(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(translation, "_ask", [lambda: "de"])


def test_in_english_every_sentence_stays_as_its_card_has_it() -> None:
    sentences = [one for model in shipped().values() if model.card for one in model.card.weaknesses]
    assert len(sentences) > 20
    assert [told(one) for one in sentences] == sentences


@pytest.mark.usefixtures("german")
def test_numbers_and_classes_of_a_sentence_are_translated_too() -> None:
    assert told("Its confidence is off by 1.3% on average (expected calibration error).") == (
        "Seine Sicherheit liegt im Mittel um 1,3% daneben (erwarteter Kalibrierfehler)."
    )
    assert told("Commonest mistake: Shirt taken for Dress, 89 times.") == (
        "Häufigster Fehler: Hemd für Kleid gehalten, 89-mal."
    )


@pytest.mark.usefixtures("german")
def test_every_sentence_on_a_shipped_card_is_known_in_german() -> None:
    for model in shipped().values():
        for sentence in model.card.weaknesses if model.card else ():
            assert told(sentence) != sentence


@pytest.mark.usefixtures("german")
def test_a_sentence_that_no_catalogue_has_stays_as_it_is() -> None:
    assert told("It fears {braces}, 100% of the time.") == "It fears {braces}, 100% of the time."
