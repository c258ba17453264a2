"""The app in other languages: nothing is left in English, and everyone keeps a choice."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from pages.sections.about.licences import LICENCES, licence_text
from pages.shared.navigation import PAGES
from tests.support.languages import bracket, untranslated

Open = Callable[..., AppTest]

# Proper names and documents, which stay in every language.
NAMES = {
    "Fashion-MNIST Lab",
    "Fashion-MNIST",
    "Best",
    "Compact",
    "Field",
    "Lightning",
    "Dense basics",
    "Three convolutions",
    "Wide CNN on",
    "with logits",
    "with SGD",
    "Python",
    "TensorFlow",
    "Keras",
    "LiteRT",
    "Dask",
    "Streamlit",
    *(licence_text(path).strip() for path in LICENCES.values()),
}


@pytest.mark.parametrize("name", [name for name, *_ in PAGES])
def test_every_text_of_a_page_is_translated(
    name: str, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What is kept for all visitors is kept by now, in English.
    assert not open_page(name).exception
    bracket(monkeypatch)
    page = open_page(name)
    assert not page.exception
    assert untranslated(page, NAMES) == set()
