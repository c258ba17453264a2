"""The texts in an element's own markup and scripts, in the language of its reader."""

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import BinaryIO

from fmnist_core.translation import say

# Between two tags, or what a screen reader and a hovering mouse get.
_IN_MARKUP = re.compile(
    r'(?<=>)\s*([^<>]*[A-Za-z][^<>]*?)\s*(?=<)|(?:aria-label|title|placeholder|alt)="([^"]+)"'
)
# `say("…")` of skeleton.js, with a literal.
_IN_SCRIPT = re.compile(r'\bsay\(\s*"((?:[^"\\]|\\.)+)"')


def messages(markup: str, script: str) -> Iterator[str]:
    """Yield every text that an element shows of itself."""
    for found in _IN_MARKUP.finditer(markup):
        if _is_text(found[1] or found[2]):
            yield _plain(found[1] or found[2])
    for found in _IN_SCRIPT.finditer(script):
        yield json.loads(f'"{found[1]}"')


def translated_markup(markup: str) -> str:
    """Return an element's markup with its texts in the present reader's language."""

    def replace(found: re.Match[str]) -> str:
        group = 1 if found[1] else 2
        if not _is_text(found[group]):
            return found[0]
        begin, end = (place - found.start() for place in found.span(group))
        return found[0][:begin] + say(_plain(found[group])) + found[0][end:]

    return _IN_MARKUP.sub(replace, markup)


def translated_words(script: str) -> str:
    """Return the line of script from which skeleton.js's `say` takes the texts of `script`."""
    words = {text: say(text) for text in messages("", script)}
    return f"const WORDS = {json.dumps(words, ensure_ascii=False)}"


def _is_text(text: str) -> bool:
    return any(map(str.isalpha, unescape(text)))  # &nbsp; is none


def _plain(text: str) -> str:
    return " ".join(text.split())


def extract(
    stream: BinaryIO, keywords: object, comment_tags: object, options: object
) -> Iterator[tuple[int, str, str, list[str]]]:
    """Yield the texts of one file for Babel: line, function, message, no comments."""
    del keywords, comment_tags, options  # Babel calls every extractor with them
    text = stream.read().decode()
    markup, script = ("", text) if stream.name.endswith(".js") else (text, "")
    for message in messages(markup, script):
        yield 1, "say", message, []
