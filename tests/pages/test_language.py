"""The app in other languages: nothing is left in English, and everyone keeps a choice."""

from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from fmnist_core.boards.board import BoardStore
from fmnist_core.recipes import presets
from fmnist_core.recipes.layers import LAYERS
from fmnist_core.runs.store import RunStore
from pages.sections.about.licences import LICENCES, licence_text
from pages.shared import visitor
from pages.shared.navigation import PAGES
from tests.support.languages import bracket, untranslated
from tests.support.runs import VISITOR, finished_run

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
    *LAYERS,
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


def test_every_text_of_a_board_in_use_is_translated(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visitor, "secrets", SimpleNamespace(token_urlsafe=lambda _: VISITOR))
    board = BoardStore(RunStore()).create("Xyz", VISITOR, 60)
    board.join(VISITOR, "Nick")
    finished_run(presets.find("dense-basics").recipe.changed(epochs=1))
    for answer in (3, 4):
        board.add_drawing(VISITOR, np.zeros((28, 28), np.uint8), answer, 0.5)
    board.hide(board.drawings()[0].id)
    bracket(monkeypatch)
    for query in ({}, {"screen": "1"}):
        page = open_page("board", board=board.id, **query)
        assert not page.exception
        assert untranslated(page, NAMES | {"Xyz", "Nick"}) == set()
