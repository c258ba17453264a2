"""What is known of a run besides its training: whose it is, and what its owner wrote of it."""

import hashlib
import hmac
from pathlib import Path
from typing import Any

from fmnist_core import files
from fmnist_core.runs.status import RunError
from fmnist_core.translation import say

MOST_NOTE, MOST_TAGS, MOST_TAG = 500, 8, 24


def owner_of(visitor: str) -> str:
    """Return what is stored of a visitor id, its SHA-256: a folder does not give the id away."""
    return hashlib.sha256(visitor.encode()).hexdigest()


class About:
    """The file that says so. Every call reads it afresh; a damaged one says nothing."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def content(self) -> dict[str, Any]:
        """Return all that the file says, as it stands there."""
        return files.read_json(self._file) or {}

    def _change(self, **changes: Any) -> None:  # noqa: ANN401 - JSON values
        files.write_json(self._file, {**self.content(), **changes})

    def owned_by(self, visitor: str) -> bool:
        """Return whether this visitor made the run."""
        owner = files.text(self.content(), "owner", 64)
        return hmac.compare_digest(owner.encode(), owner_of(visitor).encode())

    @property
    def sweep(self) -> str:
        """The id of the sweep that it is a trial of, or ""."""
        return files.text(self.content(), "sweep", 22)

    @property
    def kept(self) -> bool:
        """Whether it is never cleaned up: its owner pinned it, or others looked at it."""
        content = self.content()
        return content.get("pinned") is True or content.get("shared") is True

    @property
    def pinned(self) -> bool:
        """Whether its owner pinned it."""
        return self.content().get("pinned") is True

    def mark(self, *, pinned: bool | None = None, shared: bool | None = None) -> None:
        """Note that its owner pinned it or not, or that somebody else looked at it."""
        content = self.content()
        changes = {"pinned": pinned, "shared": shared}
        wanted = {key: value for key, value in changes.items() if value is not None}
        if any(content.get(key) != value for key, value in wanted.items()):
            self._change(**wanted)

    def rename(self, name: str) -> None:
        """Give the run another name of 1 to 60 printable characters; raises RunError otherwise."""
        name = " ".join(name.split())
        if not (0 < len(name) <= 60 and name.isprintable()):
            raise RunError(say("A name has 1 to 60 printable characters."))
        self._change(name=name)

    @property
    def note(self) -> str:
        """What its owner wrote about it."""
        return files.text(self.content(), "note", MOST_NOTE)

    @property
    def tags(self) -> list[str]:
        """The words by which its owner finds it again."""
        found = self.content().get("tags")
        return [str(one)[:MOST_TAG] for one in found[:MOST_TAGS]] if isinstance(found, list) else []

    def annotate(self, note: str, tags: list[str]) -> None:
        """Keep a note of at most 500 characters and 8 tags of at most 24; raises RunError."""
        note = "".join(one for one in note if one.isprintable() or one == "\n").strip()
        tags = list(dict.fromkeys(" ".join(tag.split()) for tag in tags if tag.strip()))
        if len(note) > MOST_NOTE:
            raise RunError(
                say(
                    "The note has {count} characters; at most {most} are kept.",
                    count=len(note),
                    most=MOST_NOTE,
                )
            )
        if len(tags) > MOST_TAGS or any(len(one) > MOST_TAG for one in tags):
            raise RunError(
                say(
                    "A run has at most {tags} tags of {characters} characters each.",
                    tags=MOST_TAGS,
                    characters=MOST_TAG,
                )
            )
        if not all(one.isprintable() for one in tags):
            raise RunError(say("A tag has printable characters only."))
        self._change(note=note, tags=tags)
