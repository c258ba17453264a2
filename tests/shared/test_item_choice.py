from collections.abc import Callable

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from fmnist_core.data.fashion_mnist import CLASS_NAMES, load
from pages.shared.item_choice import ChosenItem

OWN = ChosenItem(np.eye(28, dtype=np.uint8), "your drawing")


def script() -> None:
    import streamlit as st

    from pages.shared.item_choice import choose_item

    item = choose_item()
    st.session_state["found"] = item


@pytest.fixture
def page(open_page: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch) -> AppTest:
    # It leads to a page, and this script is an app without pages.
    monkeypatch.setattr(st, "page_link", lambda *_, **__: None)
    return AppTest.from_function(script, default_timeout=30)


def found(page: AppTest) -> ChosenItem:
    assert not page.exception
    item = page.session_state["found"]
    assert isinstance(item, ChosenItem)
    return item


def test_a_link_chooses_a_test_image_with_its_label(page: AppTest) -> None:
    page.query_params["item"] = "test-7"
    item = found(page.run())
    assert np.array_equal(item.array, load("test").images[7])
    assert (item.truth, item.index, item.reference) == (load("test").labels[7], 7, "test-7")
    assert item.name == "test image 7"


def test_the_number_leads_to_an_image_and_into_the_address(page: AppTest) -> None:
    page.run().number_input(key="item_index").set_value(9999).run()
    assert found(page).index == 9999
    assert "".join(page.query_params["item"]) == "test-9999"


def test_a_class_gives_one_of_its_images(page: AppTest) -> None:
    page.run().selectbox(key="item_class").set_value("Bag").run()
    first = found(page)
    assert first.truth == CLASS_NAMES.index("Bag")
    page.button(key="item_next").click().run()
    assert found(page).truth == first.truth
    assert found(page).index != first.index


def test_the_own_picture_is_offered_or_said_to_be_missing(page: AppTest) -> None:
    page.query_params["item"] = "own"
    page.run()
    assert page.session_state["found"] is None
    assert "Classify page" in page.info[0].value
    page.session_state["own_item"] = OWN
    item = found(page.run())
    assert np.array_equal(item.array, OWN.array)
    assert (item.truth, item.reference) == (None, "own")


def test_leaving_the_own_picture_returns_to_the_test_image_before(page: AppTest) -> None:
    page.query_params["item"] = "test-12"
    page.run().segmented_control(key="item_source").set_value("own").run()
    page.segmented_control(key="item_source").set_value("test").run()
    assert found(page).index == 12


@pytest.mark.parametrize("link", ["test-10000", "test--1", "test-١", "train-5", "../x", "test-"])
def test_a_link_that_names_nothing_is_said_and_mended(page: AppTest, link: str) -> None:
    page.query_params["item"] = link
    page.run()
    assert "names no item" in page.warning[0].value
    assert found(page).index == 0
    assert "".join(page.query_params["item"]) == "test-0"
