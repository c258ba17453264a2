"""The label detective: the ranking, near-duplicates, the game, and how all of it is known."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from fmnist_core import translation
from fmnist_core.data import atlas, label_issues
from pages.sections.detective import game as detective_game
from pages.sections.detective.suspects import table

OpenPage = Callable[..., AppTest]


def words(page: AppTest) -> str:
    return " ".join(item.value for item in [*page.markdown, *page.caption])


def metrics(page: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in page.metric}


@pytest.mark.parametrize("view", ["Suspects", "Near-duplicates", "Model or label?"])
def test_every_view_opens_by_its_link(open_page: OpenPage, view: str) -> None:
    page = open_page("detective", view=view)
    assert not page.exception
    assert not page.error


def test_suspects_come_with_the_average_precision_and_its_sample(open_page: OpenPage) -> None:
    page = open_page("detective")
    assert "of 60,000** labels" in words(page)
    assert "Average precision" in words(page)
    page.segmented_control(key="suspects_split").set_value("Test").run()
    assert "of 10,000** labels" in words(page)
    page.selectbox(key="suspects_label").set_value("Shirt").run()
    assert not page.exception


def test_the_ranking_as_a_file_begins_with_the_most_suspicious_label() -> None:
    found = atlas.issues("test")
    header, first, *rest = table("test", found).splitlines()
    assert header == "place,index,label,looks_like,quality,doubted"
    assert first.split(",")[1] == str(label_issues.ranking(found.quality)[0])
    assert len(rest) == 9_999


def test_a_smaller_distance_leaves_fewer_pairs(open_page: OpenPage) -> None:
    page = open_page("detective", view="Near-duplicates")
    assert "have such a twin in training" in words(page)
    before = words(page)
    page.slider(key="pairs_distance").set_value(3.0).run()
    assert not page.exception
    assert words(page) != before


def test_the_game_hides_the_truth_until_the_guess_and_counts_it_once(open_page: OpenPage) -> None:
    page = open_page("detective", view="Model or label?")
    assert "Label:" not in words(page)
    page.button(key="guess_3").click().run()
    assert not page.exception
    assert "Label:" in words(page)
    assert "You: **Dress**" in words(page)
    assert metrics(page)["Published: people"] == "83.5 %"
    assert metrics(page)["You"].endswith("of 1")
    next(button for button in page.button if button.label == "Next image").click().run()
    assert "Round 2" in words(page)
    assert "Label:" not in words(page)


def test_a_second_click_on_a_guess_changes_nothing() -> None:
    game = detective_game.Game(False, 0, shown=[5])
    detective_game._guess(game, 3)
    detective_game._guess(game, 4)
    assert game.guesses == [3]


def test_how_it_is_known_names_methods_and_figures(open_page: OpenPage) -> None:
    page = open_page("detective", view="How this is known")
    assert not page.exception
    assert "cleanlab" in words(page)
    assert "Northcutt" in words(page)


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("view", ["Near-duplicates", "Beinahe-Dubletten"])
def test_a_link_made_in_another_language_opens_the_same_view(
    view: str, language: str, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(translation, "_ask", [lambda: language])
    page = open_page("detective", view=view)
    assert not page.exception
    assert page.slider(key="pairs_distance").value == 14
    assert {"en": "carry two different", "de": "zwei verschiedene Labels"}[language] in words(page)
