"""Whatever a browser sends in the place of what a component would: something sound, or nothing."""

import base64
import io
import json
import sys
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import MagicMock, patch

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from fmnist_core.guide.stroke import read_points, with_stroke
from fmnist_core.recipes.presets import DENSE_BASICS
from pages.components.crop_box import read as read_box
from pages.components.item_map import corners, numbers
from pages.components.quick_pad import _number, read
from pages.sections.train import design, layers
from pages.shared.visitor import valid
from tests.support.hostile_values import HUGE, anything, damaged, spoiled

# Without a Streamlit that runs, the canvas cannot be imported; only what it sent is looked at.
with patch.dict(sys.modules, {"streamlit_drawable_canvas": MagicMock()}):
    from pages.sections.classify import canvas


def drawn() -> bytes:
    stream = io.BytesIO()
    Image.new("L", (280, 280), 0).save(stream, "PNG")
    return stream.getvalue()


def message(content: bytes) -> dict[str, object]:
    return {"number": 1, "picture": "data:image/png;base64," + base64.b64encode(content).decode()}


def sent(good: object) -> st.SearchStrategy[object]:
    """What came through JSON, as all that a browser sends does."""
    return (spoiled(good) | anything).map(json.dumps).map(json.loads)


@given(sent([[1.0, 2.0], [3, 4.5], [20, 27.5]]))
@example([[10**400, 1], [2, 3]])
@example([[1.0, float("nan")], [2, 3]])
def test_a_stroke_is_drawn_or_is_none(message: object) -> None:
    points = read_points(message)
    if points is not None:
        assert points.dtype == np.float64
        assert points.shape[1:] == (2,)
        assert points.min() >= 0
        assert points.max() <= 28
        assert with_stroke(np.zeros((28, 28), np.uint8), points, 255).shape == (28, 28)


@given(sent([0.1, 0.2, 0.5, 0.5]))
def test_a_rectangle_is_inside_the_picture_or_none(message: object) -> None:
    box = read_box(message)
    assert box is None or all(type(side) is float and 0 <= side <= 1 for side in box)


@given(sent([1, 2, 3, 69_999]))
def test_asked_items_exist_and_are_few(message: object) -> None:
    found = numbers(message, 70_000, 3)
    assert len(found) <= 3
    assert all(0 <= item < 70_000 for item in found)


@given(sent([[1, 2], [3, 4], [65_535, 0]]))
def test_a_region_lies_on_the_map_or_is_none(message: object) -> None:
    region = corners(message)
    assert region is None or (region.dtype == np.int64 and region.max() <= 65_535)


@given(sent(message(drawn())) | damaged(drawn()).map(message))
def test_a_drawing_opens_or_is_none(message: object) -> None:
    assert isinstance(_number(message), int)
    picture = read(message)
    assert picture is None or picture.mode == "RGB"


@given(sent({"objects": [{"type": "path"}], "version": "4"}))
@example([1])
@example("objects")
def test_a_canvas_is_remembered_with_what_stands_on_it_or_not_at_all(message: object) -> None:
    memory: dict[str, object] = {}
    canvas._remember(memory, cast("Any", SimpleNamespace(image_bytes=b"png", json_data=message)))
    drawn = isinstance(message, dict) and bool(message.get("objects"))
    assert (memory.get("picture"), memory.get("drawing")) == (
        (b"png", message) if drawn else (None, None)
    )


@given(anything | st.text("ABab01-_", min_size=20, max_size=24))
def test_a_visitors_id_has_22_plain_characters(message: object) -> None:
    if valid(message):
        assert isinstance(message, str)
        assert message.isascii()
        assert len(message) == 22


def test_an_edit_of_the_layers_is_taken_over_or_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    state: dict[str, object] = {}
    fake = SimpleNamespace(session_state=state)
    monkeypatch.setattr(layers, "st", fake)
    monkeypatch.setattr(design, "st", fake)
    good = {"session": "mine", "edit": 1, "layers": DENSE_BASICS.recipe.to_dict()["layers"]}

    @given(sent(good))
    @example({**good, "edit": HUGE[0]})
    def edit(message: object) -> None:
        state.clear()
        state["builder_session"] = "mine"
        design.load(DENSE_BASICS.recipe)
        layers.take(message)
        assert json.dumps(layers.rows(design.current(), state.get("builder_refused")))  # type: ignore[arg-type]

    edit()
