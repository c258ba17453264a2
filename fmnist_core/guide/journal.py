"""What one visitor has done in the app: a small file of its own beside the runs."""

import json
import threading
import time
from pathlib import Path
from typing import Any, Literal

from fmnist_core import files
from fmnist_core.runs.about import owner_of

# A visitor found a wrong label ("train-4711"), fooled a model (with what), passed a mission,
# or answered the offer of a tour.
Kind = Literal["wrong_label", "fooled", "mission", "tour"]
KINDS: tuple[Kind, ...] = ("wrong_label", "fooled", "mission", "tour")

MOST = 500  # entries of a kind: more than any mission counts, and 100 kB at most
LONGEST_KEY = 80
FOLDER = ".visitors"  # in the folder of runs; no run's id begins with a dot

# Two tabs of one visitor, or two fragments, may write at the same time.
_writing = threading.Lock()


class Journal:
    """One visitor's entries. Cheap to make; every call reads the disk afresh."""

    def __init__(self, root: Path, visitor: str) -> None:
        self.path = root / FOLDER / f"{owner_of(visitor)}.json"

    def entries(self, kind: Kind) -> dict[str, dict[str, Any]]:
        """Return the entries of a kind by their key, the oldest first; none if damaged.

        Each has at least `time`, in seconds since 1970.
        """
        entries = (files.read_json(self.path) or {}).get(kind)
        if not isinstance(entries, dict):
            return {}
        return {key: entry for key, entry in entries.items() if isinstance(entry, dict)}

    def note(self, kind: Kind, key: str, **details: str | float) -> bool:
        """Add an entry, or change the details of the one of that key; return whether it is new.

        `key` tells one deed from the next (an image, a model and its answer, a mission). Only the
        newest `MOST` of a kind are kept. Raises ValueError for an unknown kind, and for a key that
        is empty or longer than 80 characters.
        """
        if kind not in KINDS or not 0 < len(key) <= LONGEST_KEY:
            raise ValueError(f"Entry {kind!r} {key[:99]!r}: expected one of {KINDS} and a key.")
        with _writing:
            content: dict[str, Any] = {known: self.entries(known) for known in KINDS}
            entries = content[kind]
            new = key not in entries
            since = time.time() if new else files.number(entries[key], "time") or time.time()
            entries[key] = {"time": since, **details}
            content[kind] = dict(list(entries.items())[-MOST:])
            json.dumps(content, allow_nan=False)  # a mistake of the caller harms no file
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            files.write_json(self.path, content)
        return new
