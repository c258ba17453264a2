"""What each kind of layer does, for translators: it stands in the docstrings of the code."""

from collections.abc import Iterator, Mapping
from typing import IO, Any

from fmnist_core.recipes.layers import LAYERS


def extract(
    stream: IO[bytes], keywords: Mapping[str, Any], comment_tags: list[str], options: object
) -> Iterator[tuple[Any, ...]]:
    """Yield the texts of layers.py and the meanings of all layers for Babel, as it wants them."""
    from babel.messages.extract import extract_python

    yield from extract_python(stream, keywords, comment_tags, {})
    for layer in LAYERS.values():
        yield 1, "say", layer.meaning(), []
