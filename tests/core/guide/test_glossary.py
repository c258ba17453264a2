"""The glossary: every term is whole, every page's question has an answer."""

import re

import pytest

from fmnist_core.guide import glossary
from fmnist_core.guide.glossary import explain, search, terms
from fmnist_core.paths import ROOT
from fmnist_core.translation import ENGLISH, LANGUAGES
from tests.support.languages import speak

OTHERS = [code for code in LANGUAGES if code != ENGLISH]


def test_every_term_has_a_meaning_and_a_source_with_an_address() -> None:
    for term in terms().values():
        assert term.text.endswith("."), term.slug
        assert term.source, term.slug
        assert term.url.startswith("https://"), term.slug
        assert re.fullmatch(r"[a-z0-9-]+", term.slug)


def test_terms_are_in_the_order_of_their_names() -> None:
    names = [term.name.casefold() for term in terms().values()]
    assert names == sorted(names)


def test_every_word_that_a_page_asks_for_is_known() -> None:
    asked = {
        slug
        for path in (ROOT / "pages").rglob("*.py")
        for call in re.findall(r'(?:explain|words)\((?:\s*"[a-z0-9-]+",?)+', path.read_text())
        for slug in re.findall('"([^"]+)"', call)
    }
    assert asked
    assert asked <= set(terms())


def test_help_gives_meaning_source_and_the_entry() -> None:
    text = explain("epoch", "Here:")
    assert text.startswith("Here: One pass over all training images")
    assert "](https://" in text
    assert text.endswith("(glossary?term=epoch)")
    with pytest.raises(KeyError):
        explain("no such word")


def test_search_finds_names_before_texts() -> None:
    found = [term.slug for term in search("learning RATE")]
    assert found[:2] == ["learning-rate", "schedule"]
    assert search("zzz") == []
    assert len(search("")) == len(terms())


@pytest.mark.parametrize("code", OTHERS)
def test_every_term_is_told_in_every_language(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    english = terms()
    file = glossary._FILE.with_suffix(f".{code}.toml")
    assert list(glossary._entries(file)) == list(glossary._entries(glossary._FILE))
    speak(monkeypatch, code)
    translated = terms()
    for slug, term in translated.items():
        assert term.text.endswith("."), slug
        assert term.text != english[slug].text, slug
        assert term.url == english[slug].url, slug
        assert all((term.name, term.source)), slug


def test_terms_are_told_in_the_language_of_each_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    assert terms()["epoch"].name == "Epoch"
    speak(monkeypatch, "de")
    assert terms()["epoch"].name == "Epoche"
    assert explain("epoch", "Hier:").startswith("Hier: Ein Durchgang durch alle Trainingsbilder")
    assert explain("epoch").endswith("[Glossar](glossary?term=epoch)")
    speak(monkeypatch, ENGLISH)
    assert terms()["epoch"].name == "Epoch"


def test_umlauts_stand_with_their_plain_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    speak(monkeypatch, "de")
    names = [term.name for term in terms().values()]
    first = names.index("Totes Neuron")
    assert names[first : first + 8] == [
        "Totes Neuron",
        "TPE",
        "Trainingsbilder",
        "Typizität",
        "Überanpassung",
        "UMAP",
        "Validierungsbilder",
        "Verdecken",
    ]


def test_a_search_finds_umlauts_with_and_without_their_dots(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    speak(monkeypatch, "de")
    for asked in ("Überanpassung", "uberanpassung", "overfitting"):
        assert search(asked)[0].slug == "overfitting"
