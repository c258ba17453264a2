"""The glossary page: all terms, a search, and a link to one of them."""

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from fmnist_core.guide.glossary import terms

OpenPage = Callable[..., AppTest]


def test_all_terms_have_an_anchor_of_their_own(open_page: OpenPage) -> None:
    page = open_page("glossary")
    assert not page.exception
    assert [head.anchor for head in page.subheader] == list(terms())


def test_a_link_shows_its_term_first(open_page: OpenPage) -> None:
    page = open_page("glossary", term="grad-cam")
    assert page.subheader[0].value == "Grad-CAM"


def test_an_unknown_term_is_named_without_its_markup(open_page: OpenPage) -> None:
    page = open_page("glossary", term="![x](http://x)")
    assert not page.exception
    assert r"\!\[x\]" in page.warning[0].value


def test_a_search_without_a_find_says_what_to_do(open_page: OpenPage) -> None:
    page = open_page("glossary")
    page.text_input(key="glossary_search").set_value("zzz").run()
    assert "Try one word" in page.info[0].value
