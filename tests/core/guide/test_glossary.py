"""The glossary: every term is whole, every page's question has an answer."""

import re

import pytest

from fmnist_core.guide.glossary import explain, search, terms
from fmnist_core.paths import ROOT


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
