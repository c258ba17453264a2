"""The weaknesses on the cards of shipped models: written in English, told in a reader's language.

A card keeps whole sentences, some with numbers; those are known again by the words around them.
"""

import re

from fmnist_core.translation import digits, mark, say

WEAKEST = mark("Weakest class: it finds {share} of the test images of {name}.")
MISTAKE = mark("Commonest mistake: {truth} taken for {answer}, {count} times.")
STUDIO_ONLY = mark(
    "Knows only the data set's studio pictures: for drawings and photos of your own use Field."
)
CALIBRATION = mark("Its confidence is off by {error} on average (expected calibration error).")

_NUMBER = re.compile(r"\d+(\.\d+)?")


def told(sentence: str) -> str:
    """Return a card's sentence in the reader's language; one that no catalogue has, as it is."""
    for template in (WEAKEST, MISTAKE, CALIBRATION):
        pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+?)", re.escape(template))
        if found := re.fullmatch(pattern, sentence):
            return say(template, **{key: _value(text) for key, text in found.groupdict().items()})
    return say(sentence)


def _value(text: str) -> str:
    """Return a class's name or a number such as 75% in the reader's language."""
    number = text.removesuffix("%")
    if not _NUMBER.fullmatch(number):
        return say(text)
    places = len(number.partition(".")[2])
    return digits(float(number), f".{places}f") + text[len(number) :]
