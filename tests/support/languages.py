"""A language in which every translated text stands in brackets, and what is left without."""

import re
from collections.abc import Iterator
from dataclasses import replace
from gettext import NullTranslations
from typing import TYPE_CHECKING, Any

import pytest
from google.protobuf.message import Message

from fmnist_core import translation
from fmnist_core.guide import glossary

if TYPE_CHECKING:  # tests of the core know no Streamlit
    from streamlit.testing.v1 import AppTest

# What of an element is text for visitors.
_FIELDS = {
    "label",
    "help",
    "body",
    "placeholder",
    "options",
    "caption",
    "text",
    "title",
    "captions",
}
_BRACKETS = re.compile(r"⟦[^⟦⟧]*⟧")
# Names, links, code, formulas, icons, markup and minutes.
_NO_TEXT = re.compile(
    r"`[^`]*`|\$[^$]*\$|:[\w-]+\[?(/\w+:)?|\(?https?:\S+|\]\([^)]*\)|<style.*?</style>|<[^>]*>"
    r"|\w+=\w+|\d+ min\b|\S*[\d_/]\S*",
    re.DOTALL,
)
_WORD = re.compile(r"[A-Za-z]*[a-z]{3,}[A-Za-z]*")


class Brackets(NullTranslations):
    """Answers every message with itself in brackets."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def pgettext(self, context: str, message: str) -> str:
        del context  # a reader sees nothing of it
        return self.gettext(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"


def bracket(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the reader's language be one in which every translated text stands in brackets.

    The words of the glossary stand in them, too.
    """
    # One that nobody else reads: what is kept by language is kept for this one.
    speak(monkeypatch, "fr")
    monkeypatch.setattr(translation, "catalogue", lambda _code: Brackets())
    bracketed = {
        slug: replace(term, name=f"⟦{term.name}⟧", text=f"⟦{term.text}⟧", source=f"⟦{term.source}⟧")
        for slug, term in glossary._terms(translation.ENGLISH).items()
    }
    monkeypatch.setattr(glossary, "_terms", lambda _code: bracketed)


def speak(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Let whoever reads during this test read the language of this code."""
    monkeypatch.setattr(translation, "_ask", [lambda: code])


def untranslated(page: "AppTest", names: set[str]) -> set[str]:
    """Return the texts of a page that do not stand in brackets; `names` need no translation."""
    found = set()
    for text in _texts(page):
        rest = text
        while _BRACKETS.search(rest):
            rest = _BRACKETS.sub(" ", rest)
        for name in sorted(names, key=len, reverse=True):
            rest = rest.replace(name, " ")
        if _WORD.search(_NO_TEXT.sub(" ", rest)):
            found.add(text)
    return found


def _texts(page: "AppTest") -> Iterator[str]:
    for node in page._tree:
        proto = getattr(node, "proto", None)
        if isinstance(proto, Message):
            yield from _strings(proto)


def _strings(message: Message) -> Iterator[str]:
    for field, value in message.ListFields():
        if field.name in _FIELDS and field.type == field.TYPE_STRING:
            yield from [value] if isinstance(value, str) else value
        elif field.type == field.TYPE_MESSAGE and field.message_type.name != "Any":
            for inner in value if _repeated(value) else [value]:
                if isinstance(inner, Message):
                    yield from _strings(inner)


def _repeated(value: Any) -> bool:  # noqa: ANN401 - a protobuf container
    return not isinstance(value, Message) and hasattr(value, "__iter__")
