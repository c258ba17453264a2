"""What the app says in each language, and that the translators' files are whole."""

import ast
import re
import string
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_keywords
from babel.messages.pofile import read_po

from fmnist_core import translation
from fmnist_core.paths import ROOT
from fmnist_core.translation import ENGLISH, LANGUAGES, digits, mark, say, say_count
from tests.support.languages import speak

OTHERS = [code for code in LANGUAGES if code != ENGLISH]
# As in Makefile.
KEYWORDS = parse_keywords(["say", "say_count:1,2", "mark:1,1t", "mark:1,2c,2t"])

GERMAN = """
msgid "Measured on {count:,} images, {share:.1f} % right."
msgstr "Auf {count:,} Bildern gemessen, {share:.1f} % richtig."

msgid "Braces {stay}"
msgstr "Klammern {bleiben}"

msgid "Bank"
msgstr "Bank"

msgctxt "of a river"
msgid "Bank"
msgstr "Ufer"

msgid "{number:,} image of {name}"
msgid_plural "{number:,} images of {name}"
msgstr[0] "{number:,} Bild von {name}"
msgstr[1] "{number:,} Bilder von {name}"
"""


@pytest.fixture
def messages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let German have the messages above and no others."""
    (tmp_path / "de.po").write_text(GERMAN, encoding="utf-8")
    monkeypatch.setattr(translation, "FOLDER", tmp_path)
    translation.catalogue.cache_clear()
    yield
    translation.catalogue.cache_clear()


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "Measured on 10,000 images, 95.1 % right."),
        ("de", "Auf 10.000 Bildern gemessen, 95,1 % richtig."),
    ],
)
@pytest.mark.usefixtures("messages")
def test_a_message_is_said_with_its_values_in_the_readers_language(
    code: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    speak(monkeypatch, code)
    told = mark("Measured on {count:,} images, {share:.1f} % right.")
    assert told == "Measured on {count:,} images, {share:.1f} % right."
    assert say(told, count=10_000, share=95.07) == text
    assert say(told, count=np.int64(10_000), share=np.float32(95.07)) == text


@pytest.mark.usefixtures("messages")
def test_without_values_nothing_is_filled_in(monkeypatch: pytest.MonkeyPatch) -> None:
    assert say("Braces {stay}") == "Braces {stay}"
    speak(monkeypatch, "de")
    assert say("Braces {stay}") == "Klammern {bleiben}"


@pytest.mark.usefixtures("messages")
def test_what_no_catalogue_has_stays_english(monkeypatch: pytest.MonkeyPatch) -> None:
    speak(monkeypatch, "de")
    assert say("Nobody translated {this}.", this=1.5) == "Nobody translated 1,5."
    # The empty message is the catalogue's head.
    assert say("") == ""


@pytest.mark.usefixtures("messages")
def test_values_are_not_translated_and_not_filled_in_themselves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    speak(monkeypatch, "de")
    assert say("Called {name}", name="{count} 1,000.5") == "Called {count} 1,000.5"


@pytest.mark.parametrize(
    ("code", "number", "text"),
    [
        ("en", 1, "1 image of X"),
        ("en", 0, "0 images of X"),
        ("en", 1200, "1,200 images of X"),
        ("de", 1, "1 Bild von X"),
        ("de", 0, "0 Bilder von X"),
        ("de", 1200, "1.200 Bilder von X"),
    ],
)
@pytest.mark.usefixtures("messages")
def test_a_count_is_said_in_singular_or_plural(
    code: str, number: int, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    speak(monkeypatch, code)
    one, many = "{number:,} image of {name}", "{number:,} images of {name}"
    assert say_count(one, many, number, name="X") == text


@pytest.mark.parametrize(
    ("number", "form", "english", "german"),
    [
        (70_000, ",", "70,000", "70.000"),
        (1234.567, ",.2f", "1,234.57", "1.234,57"),
        (0.5, "", "0.5", "0,5"),
        (-1e-7, ".1e", "-1.0e-07", "-1,0e-07"),
        (42, "", "42", "42"),
        (np.int64(70_000), ",", "70,000", "70.000"),
    ],
)
def test_numbers_have_the_separators_of_the_language(
    number: float, form: str, english: str, german: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert digits(number, form) == english
    speak(monkeypatch, "de")
    assert digits(number, form) == german


@pytest.mark.usefixtures("messages")
def test_each_sense_of_a_message_has_its_own_translation(monkeypatch: pytest.MonkeyPatch) -> None:
    river = mark("Bank", "of a river")
    assert [say(one) for one in (mark("Bank"), river)] == ["Bank", "Bank"]
    speak(monkeypatch, "de")
    assert [say(one) for one in (mark("Bank"), river)] == ["Bank", "Ufer"]
    assert say(mark("Bank", "of a sort nobody translated")) == "Bank"


# The translators' files


@cache
def gathered() -> Catalog:
    """Return the messages of the code, as `make translations` gathers them."""
    with (ROOT / "babel.toml").open("rb") as stream:
        config = tomllib.load(stream)
    methods = [
        (one["pattern"], config["extractors"].get(one["method"], one["method"]))
        for one in config["mappings"]
    ]
    found = Catalog()
    for file, line, message, _, context in extract_from_dir(
        ROOT, methods, keywords=KEYWORDS, directory_filter=_has_code
    ):
        found.add(message, locations=[(file, line)], context=context)
    return found


def _has_code(folder: str) -> bool:
    return Path(folder).relative_to(ROOT).parts[0] in {"fmnist_core", "pages"}


@cache
def translated(code: str) -> Catalog:
    with (ROOT / "assets" / "languages" / f"{code}.po").open("rb") as stream:
        return read_po(stream, locale=code)


def forms(text: object) -> list[str]:
    """Return the one text of a message, or those for one thing and for many."""
    return [text] if isinstance(text, str) else [*text] if isinstance(text, tuple) else []


def pairs(code: str) -> Iterator[tuple[Message, str, str]]:
    """Yield each message with every English form of it and its translation."""
    for message in translated(code):
        if message.id:
            for english, other in zip(forms(message.id), forms(message.string), strict=True):
                yield message, english, other


def placeholders(text: str) -> set[str | None]:
    """Return the names of what is filled in; braces that are none make a message without any."""
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:
        return set()


def icons(text: str) -> Counter[str]:
    return Counter(re.findall(r":material/\w+:", text))


def targets(text: str) -> Counter[str]:
    return Counter(re.findall(r"\]\(([^()]*)\)", text))


def edges(text: str) -> tuple[str, str]:
    """Return the blanks in front of a text and behind it."""
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def test_the_code_is_searched_for_messages() -> None:
    ids = {str(message.id) for message in gathered()}
    assert len(ids) > 200
    assert {"Glossary", "Draw a shoe, a bag or a shirt: the bars answer while you draw."} <= ids
    assert "Probability of each class" in ids  # in the markup of an element


@pytest.mark.parametrize("code", OTHERS)
def test_the_catalogue_has_exactly_the_messages_of_the_code(code: str) -> None:
    in_code = {(message.context, message.id) for message in gathered() if message.id}
    in_file = {(message.context, message.id) for message in translated(code) if message.id}
    assert in_file - in_code == set(), "no longer in the code; run make translations"
    assert in_code - in_file == set(), "new in the code; run make translations"


@pytest.mark.parametrize("code", OTHERS)
def test_every_message_is_translated(code: str) -> None:
    assert [one.id for one in translated(code) if one.id and one.fuzzy] == []
    assert [english for _, english, other in pairs(code) if not other] == []


@pytest.mark.parametrize("code", OTHERS)
def test_a_translation_has_the_values_icons_links_and_edges_of_its_message(code: str) -> None:
    wrong = []
    for message, english, other in pairs(code):
        if not other:
            continue
        missing = placeholders(english) ^ placeholders(other)
        if english != forms(message.id)[-1]:  # for one thing the number may be a word
            missing -= {"number"}
        same = all(of(english) == of(other) for of in (icons, targets, edges))
        if missing or not same:
            wrong.append((english, other))
    assert wrong == []


@pytest.mark.parametrize("code", OTHERS)
def test_a_translation_breaks_no_markup(code: str) -> None:
    texts = [
        other
        for message, _, other in pairs(code)
        if any(str(file).endswith(".html") for file, _ in message.locations)
    ]
    assert texts
    assert [text for text in texts if set('"<>') & set(text)] == []


def test_no_message_stands_inside_an_f_string_where_older_pythons_do_not_find_it() -> None:
    inside = []
    for folder in ("fmnist_core", "pages"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.JoinedStr):
                    inside += [
                        f"{path.name}: {ast.unparse(call)}"
                        for call in ast.walk(node)
                        if isinstance(call, ast.Call)
                        and isinstance(call.func, ast.Name)
                        and call.func.id in ("say", "say_count", "mark")
                        and any(isinstance(one, ast.Constant) for one in call.args[:1])
                    ]
    assert inside == []
