"""The map page: layouts, whose answers colour it, deep links, one item's neighbours, a region."""

from collections.abc import Callable

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from fmnist_core import translation
from fmnist_core.data import atlas
from fmnist_core.models import feature_map
from pages.sections.map import layouts, panel
from pages.shared.item_choice import ChosenItem

OpenPage = Callable[..., AppTest]


def words(page: AppTest) -> str:
    return " ".join(item.value for item in [*page.markdown, *page.caption])


def test_the_map_opens_with_neighbourhoods_and_says_what_to_do(open_page: OpenPage) -> None:
    page = open_page("map")
    assert not page.exception
    assert page.title[0].value == "Map"
    assert "t-SNE" in words(page)
    assert "Lasso" in page.info[0].value


def test_a_link_opens_an_item_with_its_neighbours(open_page: OpenPage) -> None:
    page = open_page("map", image="test-7", layout="Main axes")
    assert not page.exception
    assert "test image 7" in words(page)
    assert "Nearest by pixels" in words(page)
    assert "of 60,000 training images" in words(page).lower()


@pytest.mark.parametrize("image", ["train-60000", "own", "../../x", "test-²"])
def test_a_link_to_nothing_says_what_a_link_may_name(open_page: OpenPage, image: str) -> None:
    page = open_page("map", image=image)
    assert not page.exception
    assert "train-59999" in page.warning[0].value


def test_a_models_answers_are_those_to_the_test_images(open_page: OpenPage) -> None:
    page = open_page("map", answers="A model", model="compact", image="train-5")
    assert not page.exception
    assert "Not judged" in words(page)
    page = open_page("map", answers="A model", model="compact", image="test-5")
    assert "by Compact" in words(page)


def test_a_networks_view_shows_neighbours_in_pixels_and_features(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(0)
    known = feature_map.of_features(rng.random((10_000, 8), np.float32))

    class Features:
        def features(self, images: np.ndarray) -> np.ndarray:
            return np.full((1, 8), 0.5, np.float32)

    monkeypatch.setattr(layouts, "features_of", lambda model: known)
    for module in (layouts, panel):
        monkeypatch.setattr(module, "classifier_of", lambda model: Features())
    page = open_page("map", layout="Network", model="compact", image="train-5")
    assert not page.exception
    assert "Nearest by pixels" in words(page)
    assert "Nearest for Compact" in words(page)
    assert "8 features" in words(page)


def test_while_the_features_are_computed_nothing_fails(open_page: OpenPage) -> None:
    page = open_page("map", layout="Network", model="compact")
    assert not page.exception
    assert any("Stop" in button.label for button in page.button)


def test_a_region_lists_its_items_and_how_many_are_recognised(open_page: OpenPage) -> None:
    page = open_page("map")
    everything = np.array([[0, 0], [65535, 0], [65535, 65535], [0, 65535]])
    page.session_state["map_lasso"] = everything
    page.run()
    assert not page.exception
    assert "70,000 items" in words(page)
    assert "95 % interval" in words(page)
    next(button for button in page.button if button.label == "Clear").click().run()
    assert "Lasso" in page.info[0].value


def test_the_visitors_own_picture_has_a_star_among_its_neighbours(open_page: OpenPage) -> None:
    own = atlas.pictures([60_007])[0]
    page = open_page("map")
    page.session_state["own_item"] = ChosenItem(own, "your drawing")
    page.run()
    assert not page.exception
    assert "The star is your drawing" in words(page)
    # A test image takes its place on the main axes again, and one near its own by t-SNE.
    found = atlas.layouts()
    placed = layouts._on_components(own).astype(int)
    assert np.abs(placed - found.pca[60_007]).max() <= 1
    apart = np.abs(layouts._among_neighbours(own).astype(int) - found.tsne[60_007]).max()
    assert apart < 0.1 * 65_535


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("layout", ["Main axes", "Hauptachsen"])
def test_a_link_made_in_another_language_shows_the_same_map(
    layout: str, language: str, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(translation, "_ask", [lambda: language])
    page = open_page("map", layout=layout)
    assert not page.exception
    assert not page.warning
    assert page.segmented_control(key="layout").value == "Main axes"
    assert {"en": "placed by the two", "de": "zwei Richtungen"}[language] in words(page)
