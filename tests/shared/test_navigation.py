from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from pages.shared import navigation, resources
from pages.shared.navigation import PAGES
from tests.support.pages import APP


def test_a_page_opens_with_its_title_and_without_an_error(
    open_page: Callable[..., AppTest],
) -> None:
    page = open_page("home")
    assert not page.exception
    assert page.title[0].value == "Fashion-MNIST Lab"


def test_a_page_run_without_the_app_registers_the_menu_and_shows_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(resources, "warm_up", lambda: None)
    # What a deep link as the first request after a start does: the page runs by itself.
    app = AppTest.from_file(str(APP), default_timeout=30)
    app.switch_page("pages/home.py").run()
    assert not app.exception
    assert app.title[0].value == "Fashion-MNIST Lab"
    assert app.session_state[navigation.SEEN]


def test_every_page_has_a_path_of_its_own() -> None:
    names = [name for name, *_ in PAGES]
    assert names[0] == "home"
    assert len(set(names)) == len(names)
