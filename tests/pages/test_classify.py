import base64
import io
import json
import shutil
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import streamlit as st
from PIL import Image, ImageDraw
from streamlit.testing.v1 import AppTest

from fmnist_core.data import fashion_mnist
from fmnist_core.data.fashion_mnist import CLASS_NAMES
from fmnist_core.models.catalogue import Model, find
from fmnist_core.runs.store import RunStore
from pages.components import answer, crop_box, quick_pad
from pages.components.encoding import png
from pages.sections.classify import closest
from tests.support.models import QUARTERS, RECIPE, fill

OpenPage = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = fill(tmp_path / "models")
    monkeypatch.setenv("FMNIST_MODELS", str(root))
    return root


def sent(picture: Image.Image, number: int = 1) -> dict[str, Any]:
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    code = base64.b64encode(stream.getvalue()).decode()
    return {"number": number, "picture": f"data:image/png;base64,{code}"}


def blot() -> Image.Image:
    picture = Image.new("L", (280, 280), 255)
    ImageDraw.Draw(picture).rectangle((60, 30, 220, 250), fill=0)
    return picture


def shown(page: AppTest, name: str) -> list[dict[str, Any]]:
    """Return the data of every component of that name on the page."""
    protos = [element.proto for element in page.get("bidi_component")]
    return [json.loads(proto.json) for proto in protos if proto.component_name == name]


def with_drawing(page: AppTest, picture: Image.Image, number: int = 1) -> AppTest:
    page.session_state["quick_pad"] = {"drawing": sent(picture, number)}
    return page.run()


def test_the_page_opens_with_the_pad_and_the_best_model(open_page: OpenPage) -> None:
    page = open_page("classify")
    assert not page.exception
    assert page.title[0].value == "Classify"
    (data,) = shown(page, "answer")
    assert [column["title"] for column in data["columns"]] == ["Best"]
    assert data["columns"][0]["percents"] == []
    assert "Draw something" in data["message"]


def test_a_drawing_is_answered_with_ten_probabilities_and_every_stage(open_page: OpenPage) -> None:
    page = with_drawing(open_page("classify"), blot(), number=41)
    assert not page.exception
    (data,) = shown(page, "answer")
    assert data["number"] == 41
    values = [value for value, _ in data["columns"][0]["percents"]]
    assert len(values) == 10
    assert sum(values) == pytest.approx(1, abs=1e-3)
    stages = shown(page, "picture_row")[0]["pictures"]
    assert stages[0]["name"] == "Picture"
    assert stages[-1]["name"] == "What the network gets"
    assert all(stage["text"] for stage in stages)
    # The last stage is the very picture beside the answer, and it is 28×28.
    assert stages[-1]["source"] == data["picture"]
    assert decoded(data["picture"]).shape == (28, 28)


class Prompt:
    """An engine that does at once what it is asked."""

    def call(self, function: Callable[..., Any], *arguments: object) -> "Future[Any]":
        future: Future[Any] = Future()
        future.set_result(function(*arguments))
        return future


def test_the_closest_training_images_stand_beside_the_answer(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = with_drawing(open_page("classify"), blot())
    assert "being looked up" in " ".join(caption.value for caption in page.caption)
    st.cache_resource.clear()
    monkeypatch.setattr(closest, "engine", Prompt)
    page.run()
    assert not page.exception
    row = shown(page, "picture_row")[0]
    assert len(row["pictures"]) == 6
    assert {picture["name"] for picture in row["pictures"]} <= set(CLASS_NAMES)
    assert "of 3,000 training images" in row["caption"]
    assert "of 2,000 other data set images" in row["caption"]


def decoded(source: str) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(source.partition(",")[2]))))


def test_a_correction_changes_what_the_network_gets(open_page: OpenPage) -> None:
    page = with_drawing(open_page("classify"), blot())
    (before,) = shown(page, "answer")
    # The item is tall, so it fills the height; turned by 90° it fills the width.
    assert decoded(before["picture"])[0].any()
    page.session_state["correct_sketch_rotation"] = 90
    page.run()
    (after,) = shown(page, "answer")
    assert not decoded(after["picture"])[0].any()
    assert decoded(after["picture"])[:, 0].any()
    assert after["columns"] != before["columns"]


def test_several_models_answer_side_by_side(open_page: OpenPage) -> None:
    page = open_page("classify", model=["compact", "beta"])
    page = with_drawing(page, blot())
    (data,) = shown(page, "answer")
    assert [column["title"] for column in data["columns"]] == ["Compact", "The second one"]
    page.multiselect[0].set_value(["best"]).run()
    (data,) = shown(page, "answer")
    assert [column["title"] for column in data["columns"]] == ["Best"]
    assert page.query_params["model"] == "best"


def test_a_link_opens_a_test_image_exactly_as_it_is(open_page: OpenPage) -> None:
    page = open_page("classify", model="compact", test="17")
    assert not page.exception
    (data,) = shown(page, "answer")
    test = fashion_mnist.load("test")
    np.testing.assert_array_equal(decoded(data["picture"]), test.images[17])
    assert data["truth"] == test.labels[17]
    assert page.number_input[0].value == 17


def test_a_shared_run_answers_by_its_link(open_page: OpenPage, runs_folder: Path) -> None:
    run = RunStore(runs_folder).create(RECIPE, "somebody else")
    page = open_page("classify", model=run.id)
    assert "first epoch" in page.warning[0].value
    shutil.copy(QUARTERS, run.folder / "model.tflite")
    page = open_page("classify", model=run.id)
    assert not page.warning
    assert shown(page, "answer")[0]["columns"][0]["title"] == RECIPE.name


@pytest.mark.parametrize("index", ["10000", "-1", "x", "1e9", "²", ""])
def test_a_link_to_no_test_image_is_said(open_page: OpenPage, index: str) -> None:
    page = open_page("classify", test=index)
    assert not page.exception
    assert "no test image" in page.warning[0].value
    assert shown(page, "quick_pad")


def test_an_unknown_model_in_a_link_is_named_and_the_others_listed(open_page: OpenPage) -> None:
    page = open_page("classify", model="[x](http://evil)")
    assert not page.exception
    assert "best, compact, beta" in page.warning[0].value
    assert "[x](" not in page.warning[0].value
    assert shown(page, "answer")


def test_without_any_model_the_page_says_to_train_one(
    open_page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FMNIST_MODELS", str(tmp_path / "none"))
    page = open_page("classify")
    assert not page.exception
    assert "Train one" in page.info[0].value


def test_uploads_are_answered_each_and_a_bad_one_is_named(open_page: OpenPage) -> None:
    page = open_page("classify")
    page.segmented_control[0].set_value("upload").run()
    good, stream = blot().convert("RGB"), io.BytesIO()
    good.save(stream, "JPEG")
    page.file_uploader[0].set_value(
        [
            ("bag.jpg", stream.getvalue(), "image/jpeg"),
            ("*bad*.png", b"\x89PNG\r\n\x1a\n broken", "image/png"),
            ("shirt.jpg", stream.getvalue()[:-1] + b"\xd9\xd9", "image/jpeg"),
        ]
    ).run()
    assert not page.exception
    assert len(page.error) == 1
    assert "\\*bad\\*" in page.error[0].value
    assert page.dataframe[0].value["File"].tolist() == ["bag.jpg", "shirt.jpg"]
    (data,) = shown(page, "answer")
    assert len(data["columns"][0]["percents"]) == 10


def test_a_blank_picture_gets_no_answer_but_a_hint(open_page: OpenPage) -> None:
    page = open_page("classify")
    page.segmented_control[0].set_value("upload").run()
    stream = io.BytesIO()
    Image.new("RGB", (80, 80), "white").save(stream, "PNG")
    page.file_uploader[0].set_value(("blank.png", stream.getvalue(), "image/png")).run()
    (data,) = shown(page, "answer")
    assert data["message"]
    assert data["columns"][0]["percents"] == []


@pytest.mark.parametrize(
    "drawing",
    [
        None,
        {},
        {"picture": ""},
        {"picture": 7},
        {"picture": "data:image/svg+xml;base64,PHN2Zy8+"},
        {"picture": "data:image/png;base64,###"},
        {"picture": "data:image/png;base64," + "A" * 500_000},
        sent(Image.new("L", (280, 280), 255)),
    ],
)
def test_what_is_no_drawing_counts_as_empty_paper(drawing: object) -> None:
    assert quick_pad.read(drawing) is None


def test_a_drawing_comes_back_pixel_for_pixel() -> None:
    found = quick_pad.read(sent(blot()))
    assert found is not None
    np.testing.assert_array_equal(np.asarray(found)[..., 0], np.asarray(blot()))


@pytest.mark.parametrize(
    "box", [None, [0, 0, 1], [0, 0, 2, 1], ["0", 0, 1, 1], [0.1, 0.1, 0, 0.5], {"a": 1}]
)
def test_what_is_no_rectangle_crops_nothing(box: object) -> None:
    assert crop_box.read(box) is None


def test_the_top_three_are_named_with_what_is_uncertain() -> None:
    sure = np.array([0, 0.9, 0, 0.07, 0.03, 0, 0, 0, 0, 0], np.float32)
    first, rest = answer.words(sure)
    assert first.replace("\xa0", " ") == "Trouser, 90.0 %"
    assert rest.replace("\xa0", " ") == " then Dress 7.0 % and Coat 3.0 %"
    unsure, _ = answer.words(np.full(10, 0.1, np.float32))
    assert unsure.startswith(f"Perhaps {CLASS_NAMES[0]}")


def test_a_card_is_quoted_with_its_sample_size() -> None:
    model = find("compact")
    facts = answer.facts(model).replace("\xa0", " ")
    assert "93.5 % of 7 test images right" in facts
    assert "precomputed" in facts
    own = Model("id", "Mine", model.folder, RECIPE)
    assert "a training run" in answer.facts(own)


def test_small_pictures_keep_their_pixels_and_large_ones_shrink() -> None:
    small = np.arange(784, dtype=np.uint8).reshape(28, 28)
    np.testing.assert_array_equal(decoded(png(small)), small)
    wide = np.zeros((300, 600, 3), np.uint8)
    wide[..., 0] = 200
    assert decoded(png(wide)).shape == (96, 192, 3)
    assert decoded(png(wide))[0, 0].tolist() == [200, 0, 0]


def test_an_example_is_answered_for_a_visitor_without_a_picture(open_page: OpenPage) -> None:
    page = open_page("classify")
    page.segmented_control[0].set_value("example").run()
    assert not page.exception
    (gallery,) = shown(page, "example_gallery")
    assert len(gallery["names"]) == 40
    assert "Click an example" in shown(page, "answer")[0]["message"]
    page.session_state["example_chosen"] = "bag-drawing-1"
    page.run()
    assert not page.exception
    assert len(shown(page, "answer")[0]["columns"][0]["percents"]) == 10
    assert any("**Bag**" in caption.value for caption in page.caption)
    page.segmented_control(key="example_group").set_value("hard").run()
    assert "scribble" in shown(page, "example_gallery")[0]["names"]


def test_a_scribble_is_out_of_distribution_with_its_reason_and_still_shows_three_guesses(
    open_page: OpenPage,
) -> None:
    page = open_page("classify")
    page.session_state["classify_source"] = "example"
    page.session_state["example_chosen"] = "scribble"
    page.run()
    (data,) = shown(page, "answer")
    headline, reason = data["warning"]
    assert headline == "This looks unlike all ten classes (out of distribution)"
    assert reason.startswith("The likeliest reason: it looks like a scribble.")
    first, rest = data["columns"][0]["words"]
    assert first
    assert " and " in rest


def test_an_accepted_drawing_has_no_warning(open_page: OpenPage) -> None:
    page = open_page("classify")
    page.session_state["classify_source"] = "example"
    page.session_state["example_chosen"] = "t-shirt-top-drawing-1"
    page.run()
    assert shown(page, "answer")[0]["warning"] is None
