"""Each visitor's language: what the browser asks for, what the cookie keeps, nothing else."""

from collections.abc import Callable

import pytest
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from fmnist_core.translation import LANGUAGES
from pages.shared.language.choice import COOKIE, visitors_language

OpenPage = Callable[..., AppTest]
Comes = Callable[..., None]
GLOSSARY = {"en": "Glossary", "de": "Glossar"}


@pytest.fixture
def comes(monkeypatch: pytest.MonkeyPatch) -> Comes:
    """Return `comes(locale="de-DE", cookie="en")`: so is the browser that opens the next page."""

    def come(locale: str | None = None, cookie: str | None = None) -> None:
        cookies = {} if cookie is None else {COOKIE: cookie}
        monkeypatch.setattr(ContextProxy, "locale", property(lambda _: locale))
        monkeypatch.setattr(ContextProxy, "cookies", property(lambda _: cookies))

    return come


def title(page: AppTest) -> str:
    assert not page.exception
    return str(page.title[0].value)


@pytest.mark.parametrize(
    ("locale", "code"),
    [
        ("de-DE", "de"),
        ("de", "de"),
        ("DE-at", "de"),
        ("en-GB", "en"),
        ("fr-FR", "en"),
        ("x", "en"),
        ("", "en"),
        (None, "en"),
    ],
)
def test_at_the_first_visit_the_browser_decides(
    open_page: OpenPage, comes: Comes, locale: str | None, code: str
) -> None:
    comes(locale)
    assert title(open_page("glossary")) == GLOSSARY[code]


@pytest.mark.parametrize("code", list(LANGUAGES))
def test_the_language_that_the_cookie_keeps_comes_before_the_browsers(
    open_page: OpenPage, comes: Comes, code: str
) -> None:
    comes("de-DE" if code == "en" else "en-US", code)
    assert title(open_page("glossary")) == GLOSSARY[code]


@pytest.mark.parametrize(
    "cookie", ["", "xx", "DE", "de; Path=/", "../../de", "<script>", "de\x00", "e" * 4000]
)
def test_a_hostile_cookie_is_ignored(open_page: OpenPage, comes: Comes, cookie: str) -> None:
    comes("de-DE", cookie)
    assert title(open_page("glossary")) == GLOSSARY["de"]
    comes("en-US", cookie)
    assert title(open_page("glossary")) == GLOSSARY["en"]


def test_visitors_at_the_same_time_read_their_own_language(
    open_page: OpenPage, comes: Comes
) -> None:
    comes("de-DE")
    german = open_page("glossary", term="epoch")
    comes("en-US")
    english = open_page("glossary", term="epoch")
    for _ in range(2):
        assert title(german.run()) == "Glossar"
        assert german.subheader[0].value == "Epoche"
        assert title(english.run()) == "Glossary"
        assert english.subheader[0].value == "Epoch"


def test_outside_of_a_visitors_script_the_app_speaks_english() -> None:
    assert visitors_language() == "en"
