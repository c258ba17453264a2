"""The texts of an element's own files: found, put into the reader's language, nothing else."""

import io
import json

import pytest

from fmnist_core.paths import ROOT
from pages.components import words
from pages.components.words import messages, translated_markup, translated_words

MARKUP = """<div class="Title" title="Title">
  <h2 id="Heading">
    Two lines
    of text
  </h2>
  <input aria-label="Name &amp; place" placeholder="Type here" value="Kept">
  <img alt="Picture"><span data-word="Kept">&nbsp;</span><b>12 %</b><i></i>
</div>
"""
SCRIPT = r"""
// essay("not this")
const one = say("Draw {count} lines", { count })
const two = say(
  "Says \"yes\" – 1×1",
)
const three = say(name)
const four = "say nothing"
"""


@pytest.fixture(autouse=True)
def shouted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the translation of a text be the text in capitals, with a mark."""
    monkeypatch.setattr(words, "say", lambda text: f"{text.upper()}!")


def test_texts_between_tags_and_in_four_attributes_are_messages() -> None:
    assert list(messages(MARKUP, "")) == [
        "Title",
        "Two lines of text",
        "Name &amp; place",
        "Type here",
        "Picture",
    ]


def test_literal_texts_of_a_script_are_messages() -> None:
    assert list(messages("", SCRIPT)) == ["Draw {count} lines", 'Says "yes" – 1×1']


def test_markup_changes_only_in_its_texts() -> None:
    assert translated_markup(MARKUP) == (
        MARKUP.replace('title="Title"', 'title="TITLE!"')
        .replace("Two lines\n    of text", "TWO LINES OF TEXT!")
        .replace("Name &amp; place", "NAME &AMP; PLACE!")
        .replace("Type here", "TYPE HERE!")
        .replace("Picture", "PICTURE!")
    )


def test_a_text_that_reads_like_its_attribute_replaces_only_itself() -> None:
    assert translated_markup('<b title="title">b</b>') == '<b title="TITLE!">B!</b>'
    assert translated_markup('<img alt="a">') == '<img alt="A!">'


def test_a_script_gets_its_texts_as_one_line_of_words() -> None:
    line = translated_words(SCRIPT)
    assert "\n" not in line
    assert json.loads(line.removeprefix("const WORDS = ")) == {
        "Draw {count} lines": "DRAW {COUNT} LINES!",
        'Says "yes" – 1×1': 'SAYS "YES" – 1×1!',
    }
    assert translated_words("plain()") == "const WORDS = {}"


def test_babel_gets_the_texts_of_a_file_by_its_kind() -> None:
    def extracted(name: str, text: str) -> list[str]:
        stream = io.BytesIO(text.encode())
        stream.name = name
        return [found for _, _, found, _ in words.extract(stream, {}, [], {})]

    assert extracted("component.js", SCRIPT) == list(messages("", SCRIPT))
    assert extracted("component.html", MARKUP) == list(messages(MARKUP, ""))
    assert extracted("component.js", MARKUP) == []


def test_every_element_of_the_app_is_the_same_in_english(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(words, "say", lambda text: text)
    files = sorted((ROOT / "pages" / "components").rglob("component.html"))
    assert files
    for file in files:
        markup = file.read_text(encoding="utf-8")
        assert translated_markup(markup).split() == markup.split(), file
