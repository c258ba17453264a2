"""Reading and writing files: whole or not at all, checked by SHA-256, and nothing pickled."""

import hashlib
import json
import math
import os
import secrets
import sys
import time
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import numpy as np

MAX_JSON_BYTES = 1_000_000
_TRIES, _PAUSE_SECONDS = 50, 0.01
_CLOCK = time.time() - time.monotonic()  # as it was set when this process began


def age(since: float) -> float:
    """Return how many seconds ago the time `since` was at least, to delete only what is old.

    A clock that is moved while this process lives, in whichever direction, makes nothing older.
    """
    return min(time.time(), _CLOCK + time.monotonic()) - since


def digest(content: bytes) -> str:
    """Return the SHA-256 of `content`, 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def altered(content: bytes, expected: str) -> str:
    """Return "" if `content` has the SHA-256 `expected`, else both digests in words."""
    found = digest(content)
    if found == expected.lower():
        return ""
    return f"SHA-256 {found}, expected {expected or 'one on its card'}"


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Open a temporary file that takes the place of `path` when the block ends without error.

    A reader sees the old file or the new one, never half of one, even if the writer is killed.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        with temporary.open("wb") as stream:
            yield stream
        _put(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _put(temporary: Path, path: Path) -> None:
    # On Windows this fails while a reader has the file open, for some milliseconds.
    for _ in range(_TRIES if sys.platform == "win32" else 0):
        with suppress(PermissionError):
            temporary.replace(path)
            return
        time.sleep(_PAUSE_SECONDS)
    temporary.replace(path)


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write `content` as JSON, atomically. NaN and infinity raise ValueError: they are not JSON."""
    text = json.dumps(content, allow_nan=False, ensure_ascii=False)
    with replacing(path) as stream:
        stream.write(text.encode())


def read_json(path: Path) -> dict[str, Any] | None:
    """Return the JSON object in `path`, or None when the file is missing or holds anything else."""
    try:
        with path.open("rb") as stream:
            raw = stream.read(MAX_JSON_BYTES + 1)
        if len(raw) > MAX_JSON_BYTES:
            return None
        content = json.loads(raw, parse_float=_finite, parse_constant=_finite)
    except (OSError, ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None


def _finite(text: str) -> float:
    # Python reads NaN and 1e999, which `write_json` could not write again.
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text} is no JSON")
    return value


def write_arrays(
    path: Path, arrays: Iterable[tuple[str, np.ndarray]], *, compressed: bool = False
) -> None:
    """Write named arrays as a .npz, atomically.

    `arrays` may be a generator: only one array is in memory at a time, unlike with np.savez.
    """
    method = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
    with (
        replacing(path) as stream,
        zipfile.ZipFile(stream, "w", method, allowZip64=True, compresslevel=1) as archive,
    ):
        for name, array in arrays:
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, np.asanyarray(array), allow_pickle=False)


def read_arrays(path: Path) -> dict[str, np.ndarray] | None:
    """Return the arrays of a .npz by name, or None when it is missing or damaged."""
    try:
        with np.load(path, allow_pickle=False) as archive:
            found = {name: archive[name] for name in archive.files}
    except Exception:  # a header is read as Python, so damage raises nearly everything
        return None
    return found if all(isinstance(one, np.ndarray) for one in found.values()) else None


def append_line(path: Path, row: Mapping[str, Any]) -> None:
    """Append one JSON line in a single write, so that a reader sees whole lines only."""
    line = json.dumps(row, allow_nan=False).encode() + b"\n"
    # Windows would write two bytes for the end of a line, unless it is told not to.
    binary = getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | binary, 0o644)
    try:
        if os.fstat(descriptor).st_size:
            os.lseek(descriptor, -1, os.SEEK_END)
            if os.read(descriptor, 1) != b"\n":
                line = b"\n" + line  # the last writer was killed in the middle of a line
        os.write(descriptor, line)
    finally:
        os.close(descriptor)


def read_lines(path: Path, offset: int = 0) -> tuple[list[dict[str, Any]], int]:
    """Return the JSON objects in whole lines after byte `offset`, and the offset after them.

    Lines that are not JSON objects are skipped; a missing file has no rows.
    """
    try:
        with path.open("rb") as stream:
            stream.seek(offset)
            content = stream.read()
    except OSError:
        return [], offset
    whole = content[: content.rfind(b"\n") + 1]
    rows = []
    for line in whole.splitlines():
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(row, dict):
            rows.append(row)
    return rows, offset + len(whole)


def whole(content: Mapping[str, Any], key: str) -> int:
    """Return the count at `key`, 0 where there is none that makes sense."""
    return max(0, int(number(content, key) or 0))


def number(content: Mapping[str, Any], key: str) -> float | None:
    """Return the finite number at `key`, or None."""
    value = content.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # A comparison, because NaN fails it and an integer of 400 digits does not raise an error.
    return float(value) if -1e15 < value < 1e15 else None


def text(content: Mapping[str, Any], key: str, limit: int = 500) -> str:
    """Return the text at `key`, shortened to `limit` characters; empty where there is none."""
    value = content.get(key)
    return value[:limit] if isinstance(value, str) else ""
