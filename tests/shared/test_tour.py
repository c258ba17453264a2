"""The guided tour: offered once, goes from page to page, can be left at any time for good."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from fmnist_core.guide.journal import Journal
from pages.shared import tour, visitor
from tests.support.pages import APP
from tests.support.runs import VISITOR

OpenPage = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def known_visitor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the visitor's new id predictable."""
    monkeypatch.setattr(visitor, "secrets", SimpleNamespace(token_urlsafe=lambda _: VISITOR))


def keys(page: AppTest) -> set[str]:
    return {str(button.key) for button in page.button if str(button.key).startswith("tour_")}


def test_the_tour_is_offered_on_the_first_visit(open_page: OpenPage) -> None:
    assert keys(open_page("home")) == {"tour_start", "tour_decline"}
    assert keys(open_page("glossary")) == set()


def test_a_declined_tour_is_not_offered_again(open_page: OpenPage) -> None:
    page = open_page("home")
    page.button(key="tour_decline").click().run()
    assert keys(page) == set()
    assert keys(open_page("home")) == set()


def test_the_tour_goes_on_after_a_refresh_and_ends_for_good(
    open_page: OpenPage, runs_folder: Path
) -> None:
    Journal(runs_folder, VISITOR).note("tour", "at", stop=2)
    # Here without a cookie, which a browser would send: the visitor is known from the second run.
    page = open_page("home").run()
    assert keys(page) == {"tour_back", "tour_next", "tour_end"}
    assert any("3 of 5" in item.value for item in page.markdown)
    page.button(key="tour_end").click().run()
    assert keys(open_page("home")) == set()


@pytest.mark.parametrize("stop", [99, -7, "x", 1.5])
def test_a_damaged_journal_offers_the_tour_anew(
    open_page: OpenPage, runs_folder: Path, stop: float
) -> None:
    Journal(runs_folder, VISITOR).note("tour", "at", stop=stop)
    assert keys(open_page("home")) == {"tour_start", "tour_decline"}


def test_every_stop_is_a_page() -> None:
    assert all((APP.parent / "pages" / f"{stop.page}.py").is_file() for stop in tour.STOPS)
