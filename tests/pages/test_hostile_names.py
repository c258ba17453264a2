"""What visitors call their things is shown as they wrote it: no link, no picture, no markup."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from fmnist_core.recipes.presets import DENSE_BASICS
from pages.shared import visitor
from tests.support.pages import texts
from tests.support.runs import VISITOR, finished_run

OpenPage = Callable[..., AppTest]
NAME = "[a](http://e.vil)![b](//e.vil)<a href='//e.vil'>c</a>"
# These show text as it is: options, tables, charts on a canvas, fields, and our own elements.
PLAIN = {
    "selectbox",
    "multiselect",
    "dataframe",
    "echarts_chart",
    "text_input",
    "text_area",
    "bidi_component",
}


@pytest.fixture
def run_id(monkeypatch: pytest.MonkeyPatch) -> str:
    """The id of the visitor's finished run with a hostile name, note and tag."""
    monkeypatch.setattr(visitor, "secrets", SimpleNamespace(token_urlsafe=lambda _: VISITOR))
    run = finished_run(DENSE_BASICS.recipe.changed(epochs=1, name=NAME))
    run.about.annotate(NAME, ["[a](//e.vil)"])
    return run.id


@pytest.mark.parametrize(
    ("page", "address"),
    [
        ("runs", {"compare": "RUN"}),
        ("train", {"run": "RUN"}),
        ("evaluate", {"model": "RUN"}),
        ("errors", {"model": "RUN", "view": "Label noise"}),
        ("errors", {"model": "RUN", "view": "Refusing"}),
        ("errors", {"model": "RUN", "view": "Slices"}),
        ("map", {"answers": "A model", "model": "RUN", "image": "test-5"}),
        ("map", {"answers": "A model", "model": "RUN", "image": "train-5"}),
        ("stress", {"model": "RUN"}),
        ("inside", {"model": "RUN"}),
        ("replay", {"run": "RUN"}),
        ("experiments", {"recipe": DENSE_BASICS.recipe.changed(name=NAME).to_link()}),
        ("train", {"recipe": DENSE_BASICS.recipe.changed(name=NAME).to_link()}),
    ],
    ids=lambda value: value if isinstance(value, str) else "-".join(value),
)
def test_a_name_is_nowhere_markdown(
    open_page: OpenPage, run_id: str, page: str, address: dict[str, str]
) -> None:
    shown = open_page(page, **{key: run_id if it == "RUN" else it for key, it in address.items()})
    assert not shown.exception
    wrong = [(kind, text) for kind, text in texts(shown) if "e.vil" in text and kind not in PLAIN]
    assert wrong == []
