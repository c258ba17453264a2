"""What other processes wrote in English is said in the reader's language, values and all."""

import pytest

from fmnist_core import translation
from fmnist_core.engine import handover
from fmnist_core.sweeps import conductor
from fmnist_core.training import progress
from pages.shared.language.retelling import retold


@pytest.fixture
def german(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(translation, "_ask", [lambda: "de"])


def test_an_english_reader_gets_what_was_written() -> None:
    written = conductor.SEEN.format(images=1_200_000)
    assert retold(written) == written


@pytest.mark.usefixtures("german")
def test_numbers_get_the_readers_separators() -> None:
    assert "1.200.000 Bilder" in retold(conductor.SEEN.format(images=1_200_000))


@pytest.mark.usefixtures("german")
def test_a_sentence_within_a_sentence_is_retold_too() -> None:
    why = "The training engine ended unexpectedly."
    assert retold(handover.KEPT.format(why=why)) == (
        "Die Trainingsmaschine ist unerwartet beendet worden. "
        "Kurven und Zwischenstand bleiben erhalten."
    )


@pytest.mark.usefixtures("german")
def test_what_nobody_knows_stays_as_it_was() -> None:
    assert retold("Something {odd} at 100 %.") == "Something {odd} at 100 %."
    assert retold("") == ""


@pytest.mark.usefixtures("german")
def test_why_a_run_ended_is_retold() -> None:
    assert "3 Epochen" in retold(progress.EARLY.format(epochs=3))
    assert retold(progress.UNWRITTEN.format(error="No such file or directory")).startswith(
        "Eine Datei konnte nicht geschrieben werden"
    )
