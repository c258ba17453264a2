"""The words of the field, each explained once with a source; all pages take their help here."""

import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fmnist_core.translation import ENGLISH, language, say

_FILE = Path(__file__).with_name("glossary.toml")


@dataclass(frozen=True)
class Term:
    """One word: its `slug` in links, its `name` on screen, what it means, and who says so."""

    slug: str
    name: str
    text: str
    source: str
    url: str


def terms() -> dict[str, Term]:
    """Return every term by its slug, in the reader's language, in the order of their names."""
    return _terms(language())


@cache
def _terms(code: str) -> dict[str, Term]:
    """Return the terms in a language: those of the English file with what its own file changes."""
    entries = _entries(_FILE)
    if code != ENGLISH:
        translated = _entries(_FILE.with_suffix(f".{code}.toml"))
        entries = {slug: entry | translated[slug] for slug, entry in entries.items()}
    found = [Term(slug, **entry) for slug, entry in entries.items()]
    return {term.slug: term for term in sorted(found, key=lambda term: folded(term.name))}


def _entries(path: Path) -> dict[str, dict[str, str]]:
    with path.open("rb") as stream:
        return tomllib.load(stream)


def folded(text: str) -> str:
    """Return `text` for sorting and searching: lower case, and umlauts as their plain letters.

    >>> folded("Überanpassung")
    'uberanpassung'
    """
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))


def explain(slug: str, before: str = "") -> str:
    """Return Markdown for a control's `help=`: the meaning of a term, its source, its entry.

    `before` says what is particular to the place. Raises KeyError for an unknown slug, which is a
    mistake of the page and found by its test.
    """
    term = terms()[slug]
    words = f"{before} {term.text}" if before else f"**{term.name}.** {term.text}"
    # Relative, so that it works wherever the app is mounted: all pages lie side by side.
    glossary = say("Glossary")
    return f"{words}\n\n[{term.source}]({term.url}) · [{glossary}](glossary?term={slug})"


def search(words: str) -> list[Term]:
    """Return the terms that contain every one of `words`, those with it in their name first."""
    wanted = folded(words).split()
    found = [
        term
        for term in terms().values()
        if all(word in folded(f"{term.name} {term.slug} {term.text}") for word in wanted)
    ]
    return sorted(found, key=lambda term: not all(word in folded(term.name) for word in wanted))
