"""The words of the field, each explained once with a source; all pages take their help here."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("glossary.toml")


@dataclass(frozen=True)
class Term:
    """One word: its `slug` in links, its `name` on screen, what it means, and who says so."""

    slug: str
    name: str
    text: str
    source: str
    url: str


@cache
def terms() -> dict[str, Term]:
    """Return every term by its slug, in the order of their names."""
    with _FILE.open("rb") as stream:
        entries = tomllib.load(stream)
    found = [Term(slug, **entry) for slug, entry in entries.items()]
    return {term.slug: term for term in sorted(found, key=lambda term: term.name.casefold())}


def explain(slug: str, before: str = "") -> str:
    """Return Markdown for a control's `help=`: the meaning of a term, its source, its entry.

    `before` says what is particular to the place. Raises KeyError for an unknown slug, which is a
    mistake of the page and found by its test.
    """
    term = terms()[slug]
    words = f"{before} {term.text}" if before else f"**{term.name}.** {term.text}"
    # Relative, so that it works wherever the app is mounted: all pages lie side by side.
    return f"{words}\n\n[{term.source}]({term.url}) · [Glossary](glossary?term={slug})"


def search(words: str) -> list[Term]:
    """Return the terms that contain every one of `words`, those with it in their name first."""
    wanted = words.casefold().split()
    found = [
        term
        for term in terms().values()
        if all(word in f"{term.name} {term.slug} {term.text}".casefold() for word in wanted)
    ]
    return sorted(found, key=lambda term: not all(word in term.name.casefold() for word in wanted))
