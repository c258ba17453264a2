import json
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from fmnist_core import translation
from fmnist_core.data.fashion_mnist import load

OpenPage = Callable[..., AppTest]


def sheets(page: AppTest) -> list[dict[str, Any]]:
    """Return what each contact sheet on the page was given."""
    found = [json.loads(element.proto.json) for element in page.get("bidi_component")]
    return [data for data in found if "captions" in data]


def words(page: AppTest) -> str:
    return " ".join(str(element.value) for element in [*page.markdown, *page.caption])


def test_the_first_page_is_one_sheet_of_the_first_hundred_training_images(
    open_page: OpenPage,
) -> None:
    page = open_page("browse")
    assert not page.exception
    assert not page.warning
    (sheet,) = sheets(page)
    assert sheet["ids"] == list(range(100))
    assert sheet["captions"][0] == "Ankle boot · 0"


def test_every_control_is_in_the_address(open_page: OpenPage) -> None:
    query = {"split": "Test", "class": "Bag", "sort": "Most ink first", "size": "25", "page": "2"}
    page = open_page("browse", **query)
    (sheet,) = sheets(page)
    assert not page.warning
    assert (sheet["size"], len(sheet["ids"])) == ("huge", 25)
    assert set(load("test").labels[sheet["ids"]]) == {8}
    bags = load("test").images[load("test").labels == 8]
    ink = sorted(((bags > 0).mean(axis=(1, 2))).tolist(), reverse=True)
    shown = (load("test").images[sheet["ids"]] > 0).mean(axis=(1, 2))
    assert shown.tolist() == pytest.approx(ink[25:50])


def test_a_filter_starts_again_at_the_first_page(open_page: OpenPage) -> None:
    page = open_page("browse", page="7")
    assert sheets(page)[0]["ids"][0] == 600
    page.pills(key="class").set_value(["Sneaker"]).run()
    (sheet,) = sheets(page)
    assert page.session_state["page"] == 1
    assert set(load("train").labels[sheet["ids"]]) == {7}


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"split": "<script>"}, "a split that does not exist. You see the training images."),
        ({"class": "Hat"}, "a class that does not exist."),
        ({"sort": "1; DROP"}, "an order that does not exist. You see the order of the data set."),
        ({"size": "1000000"}, "a page size that does not exist. You see 100 images a page."),
        ({"view": "../../etc"}, "a view that does not exist. You see the images."),
        ({"page": "601"}, "a page outside 1 to 600. You see page 1."),
        ({"page": "1e3"}, "a page outside 1 to 600."),
        ({"page": "9" * 400}, "a page outside 1 to 600."),
        ({"image": "60000"}, "There is no such image. Type a number from 0 to 59,999"),
        ({"image": "<b>'"}, "There is no such image."),
    ],
)
def test_a_link_that_cannot_be_followed_says_so_and_shows_the_images(
    query: dict[str, str], sentence: str, open_page: OpenPage
) -> None:
    page = open_page("browse", **query)
    assert not page.exception
    assert [sentence in warning.value for warning in page.warning] == [True]
    assert sheets(page)[0]["ids"] == list(range(100))


@pytest.mark.parametrize(
    ("language", "query"),
    [
        ("de", {"split": "Test", "class": "Bag", "sort": "Most ink first"}),
        ("de", {"split": "Test", "class": "Tasche", "sort": "Meiste Tinte zuerst"}),
        ("en", {"split": "Test", "class": "Tasche", "sort": "Meiste Tinte zuerst"}),
    ],
)
def test_a_link_made_in_another_language_shows_the_same(
    language: str, query: dict[str, str], open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    bags = open_page("browse", **{"split": "Test", "class": "Bag", "sort": "Most ink first"})
    monkeypatch.setattr(translation, "_ask", [lambda: language])
    page = open_page("browse", **query)
    assert not page.warning
    assert sheets(page)[0]["ids"] == sheets(bags)[0]["ids"]
    page = open_page("browse", view={"de": "First nine", "en": "Die ersten neun"}[language])
    assert not page.warning
    assert len(sheets(page)[0]["ids"]) == 9


def test_a_link_opens_an_image_with_its_nearest_neighbours(open_page: OpenPage) -> None:
    page = open_page("browse", image="train-0")
    assert not page.exception
    assert "Label **9, Ankle boot**" in words(page)
    neighbours = sheets(page)[-1]
    assert neighbours["label"] == "Nearest training images"
    # Compared with all 60,000 images once, by brute force.
    assert neighbours["ids"] == [25719, 27655, 55310, 18247, 18078, 9936, 48748, 26244]
    assert neighbours["captions"][0].startswith("Ankle boot\ndistance ")


def test_next_walks_through_the_list_and_through_the_split_otherwise(open_page: OpenPage) -> None:
    bags = [int(i) for i in (load("test").labels == 8).nonzero()[0]]
    page = open_page("browse", **{"split": "Test", "class": "Bag", "image": f"test-{bags[3]}"})
    assert "4 of 1,000" in words(page)
    page.button[1].click().run()
    assert page.session_state["image"] == f"test-{bags[4]}"
    page.session_state["image"] = "train-59999"
    page.run()
    assert "60,000 of 60,000" in words(page)
    assert page.button[1].disabled


def test_the_classes_view_shows_averages_extremes_and_balance(open_page: OpenPage) -> None:
    page = open_page("browse", view="Classes")
    assert not page.exception
    assert [len(sheet["ids"]) for sheet in sheets(page)] == [10] * 4
    assert "always guessing the same class is right 10 %" in words(page)
    page.segmented_control[-1].set_value("First 20,000").run()
    assert "always guessing the most frequent class" in words(page)


def test_the_pixels_view_gives_the_two_numbers_for_normalising(open_page: OpenPage) -> None:
    page = open_page("browse", view="Pixels")
    assert "mean **0.2860** and standard deviation **0.3530**" in words(page)
    assert "**50.2 %** of these 47,040,000 pixels" in words(page)


def test_the_first_nine_training_images_are_shown_three_by_three(open_page: OpenPage) -> None:
    (sheet,) = sheets(open_page("browse", view="First nine"))
    assert (sheet["columns"], sheet["showCaptions"]) == (3, True)
    assert sheet["captions"] == [
        "Ankle boot",
        "T-shirt/top",
        "T-shirt/top",
        "Dress",
        "T-shirt/top",
        "Pullover",
        "Sneaker",
        "Pullover",
        "Sandal",
    ]
