"""What processes wrote in English, into files or errors, in the reader's language."""

import re
from functools import cache
from string import Formatter

from fmnist_core.engine import dispatcher, handover, process
from fmnist_core.exports import bundle, formats, notebook
from fmnist_core.exports.web import web_page
from fmnist_core.sweeps import conductor
from fmnist_core.training import progress
from fmnist_core.translation import say

# Sentences that were written with values in them.
_SENTENCES = (
    conductor.PRUNED,
    conductor.DONE,
    conductor.LATE,
    conductor.SEEN,
    conductor.HALTED,
    dispatcher.AWAY,
    handover.KEPT,
    handover.REFUSED,
    process.ENDED,
    bundle.NOT_OFFERED,
    formats.NO_WEIGHTS,
    notebook.NO_WEIGHTS,
    notebook.CELL_FAILED,
    web_page.TOO_LARGE,
    progress.EARLY,
    progress.INFINITE,
    progress.INFINITE_VALIDATION,
    progress.UNUSABLE,
    progress.DAMAGED,
    progress.UNREADABLE,
    progress.LACKING,
    progress.MISSHAPEN,
    progress.NOT_FINITE,
    progress.SUPERFLUOUS,
    progress.UNEXPECTED,
    progress.UNWRITTEN,
)
_NUMBER = re.compile(r"\d[\d,]*(\.\d+)?")


def retold(text: str) -> str:
    """Return an English sentence of another process as the reader says it; unknown ones stay."""
    for sentence in _SENTENCES:
        if found := _pattern(sentence).fullmatch(text):
            return say(sentence, **{key: _value(one) for key, one in found.groupdict().items()})
    return say(text)


@cache
def _pattern(sentence: str) -> re.Pattern[str]:
    parts = [
        re.escape(words) + (f"(?P<{name}>.+)" if name else "")
        for words, name, *_ in Formatter().parse(sentence)
    ]
    return re.compile("".join(parts), re.DOTALL)


def _value(text: str) -> float | str:
    if not _NUMBER.fullmatch(text):
        return retold(text)  # a sentence within a sentence
    plain = text.replace(",", "")
    return float(plain) if "." in plain else int(plain)
