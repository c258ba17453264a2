"""Every page opens with anything in its address, and says nothing of it that a browser follows."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from tests.support.pages import texts

OpenPage = Callable[..., AppTest]
VALUES = (
    "[x](http://e.vil)<img src=//e.vil>",
    "../../../../etc/passwd",
    "\0",
    "٣",
    "-1",
    "9" * 5000,
    "A" * 22,
    "é\ud7ff" * 3000,
)
KEYS = {
    "board": ("board",),
    "browse": ("view", "split", "class", "sort", "size", "page", "image"),
    "classify": ("model", "test"),
    "detective": ("view", "image"),
    "errors": ("model", "view"),
    "evaluate": ("model",),
    "experiments": ("recipe", "sweep"),
    "glossary": ("term",),
    "home": ("model",),
    "inside": ("model", "item", "layer"),
    "map": ("image", "layout", "answers", "model"),
    "missions": ("item",),
    "replay": ("model", "run"),
    "runs": ("compare", "run"),
    "stress": ("model", "item"),
    "train": ("recipe", "preset", "run"),
    "why": ("model", "item"),
}


@pytest.mark.parametrize("page", KEYS)
def test_any_address_opens_its_page(open_page: OpenPage, page: str) -> None:
    for turn in range(3):
        # Each parameter gets other values than its neighbours.
        address = {key: VALUES[(turn * 3 + at) % len(VALUES)] for at, key in enumerate(KEYS[page])}
        shown = open_page(page, **address)
        assert not shown.exception, address
        assert not [text for _, text in texts(shown) if "](http://e.vil" in text]
