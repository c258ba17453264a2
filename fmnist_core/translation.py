"""What the app says, in the language of whoever reads it: gettext messages in assets/languages.

The English text in the code is the message's id. `say` translates where a text is shown; `mark`
only marks one that stands in a constant, so that the catalogue has it, and `say` translates it
later. Whoever serves visitors tells by `ask_language` how to find the language of the present
one; the command line and the processes that train speak English.
"""

import string
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from typing import Any

import numpy as np

from fmnist_core.paths import ASSETS

FOLDER = ASSETS / "languages"
ENGLISH = "en"
_SENSE = "\4"  # stands between the sense of a message and its text
# Every language by its code, under its own name.
LANGUAGES = {ENGLISH: "English", "de": "Deutsch"}


def mark(message: str, sense: str = "") -> str:
    """Return `message` to be translated where it is shown: it stands in a constant.

    Of a message that means two things, `sense` says to translators which one: each has its own
    translation. It is shown to nobody.

    >>> say(mark("Precision", "number format"))  # beside that of the metric
    'Precision'
    """
    return f"{sense}{_SENSE}{message}" if sense else message


def say(message: str, **values: Any) -> str:  # noqa: ANN401 - whatever stands in the text
    """Return the message in the reader's language, with `{name}` and `{name:,.1f}` filled in.

    Numbers get the language's separators. Without values nothing is filled in, so such a message
    may have braces. A message that no catalogue has stays English.
    """
    text = translated(language(), message) if message else ""
    return _FORMATTER.format(text, **values) if values else text


def translated(code: str, message: str) -> str:
    """Return the message in the language of that code; nothing is filled in."""
    sense, _, text = message.rpartition(_SENSE)
    found = catalogue(code)
    return found.pgettext(sense, text) if sense else found.gettext(text)


def say_count(one: str, many: str, number: float, **values: Any) -> str:  # noqa: ANN401
    """Return the message for `number` things, which stands in it as `{number}` or `{number:,}`."""
    text = catalogue(language()).ngettext(one, many, int(number))
    return _FORMATTER.format(text, number=number, **values)


def digits(number: float | np.integer[Any], form: str = "") -> str:
    """Return the number in Python's format `form`, with the separators of the reader's language.

    >>> digits(70_000, ",")  # 70.000 for a German reader
    '70,000'
    """
    return format(number, form).translate(_separators(language()))


def language() -> str:
    """Return the code of the language of whoever the present thread works for, one of LANGUAGES."""
    return ENGLISH if _in_english.get() else _ask[-1]()


@contextmanager
def speak_english() -> Iterator[None]:
    """Say everything in English meanwhile: what goes into a file is the same for everybody."""
    before = _in_english.set(True)
    try:
        yield
    finally:
        _in_english.reset(before)


def ask_language(ask: Callable[[], str]) -> None:
    """Let `ask` say from now on whom the present thread works for, in every thread."""
    _ask[:] = [ask]


_in_english = ContextVar("in_english", default=False)
_ask: list[Callable[[], str]] = [lambda: ENGLISH]


class _Formatter(string.Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:  # noqa: ANN401
        if isinstance(value, (int, float, np.integer, np.floating)):
            return digits(float(value) if isinstance(value, np.floating) else value, format_spec)
        return str(super().format_field(value, format_spec))


_FORMATTER = _Formatter()


@cache
def catalogue(code: str) -> NullTranslations:
    """Return the messages of a language; those of English are their own ids.

    Read from the text that translators edit, once: 2,000 messages take a tenth of a second.
    """
    if code == ENGLISH:
        return NullTranslations()
    # Babel is imported for those who need it: most visitors read English.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    with (FOLDER / f"{code}.po").open("rb") as stream:
        write_mo(compiled, read_po(stream, locale=code))
    compiled.seek(0)
    return GNUTranslations(compiled)


@cache
def _separators(code: str) -> dict[int, str]:
    """Return what becomes of the comma and the point of an English number."""
    if code == ENGLISH:
        return {}
    from babel.numbers import get_decimal_symbol, get_group_symbol

    return str.maketrans({",": get_group_symbol(code), ".": get_decimal_symbol(code)})
