"""The app in other languages: nothing is left in English, and everyone keeps a choice."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from fmnist_core.recipes.layers import LAYERS
from pages.shared.navigation import PAGES
from tests.support.languages import bracket, untranslated

Open = Callable[..., AppTest]

# Proper names, which stay in every language.
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
    *LAYERS,
}


@pytest.mark.parametrize("name", [name for name, *_ in PAGES])
def test_every_text_of_a_page_is_translated(
    name: str, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    bracket(monkeypatch)
    page = open_page(name)
    assert not page.exception
    assert untranslated(page, NAMES) == set()
