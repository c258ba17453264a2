"""A process of its own that opens files, at the other end of a pipe: see `decoder`."""

import atexit
import contextlib
import json
import os
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import IO, NamedTuple

from fmnist_core.paths import ROOT
from fmnist_core.translation import mark

# What goes through the pipe: a greeting; then for each file its length and bytes, and as an answer
# its kind, width, height, length and bytes. Nothing is unpickled.
HELLO = b"ready"
LENGTH = struct.Struct("<Q")
REPLY = struct.Struct("<BIIQ")
PICTURE, SEVERAL_PICTURES, SENTENCE = range(3)
_LONGEST_REPLY = 10_000_000
_START_SECONDS = 30.0
# The process counts the seconds that it works. This clock is for one that waits, and the only one
# on Windows; on a machine with ten times the work that it can do, an honest photo takes 5 s of it.
MOST_SECONDS = 6.0 if sys.platform == "win32" else 12.0


class DecodingError(Exception):
    """The process ended over a file: it took too much time or memory, or crashed."""


class Decoded(NamedTuple):
    """Width and height, RGB bytes, and whether the file has more pictures than this."""

    size: tuple[int, int]
    pixels: bytes
    several: bool


class Refusal(NamedTuple):
    """The marked sentence that says why there is no picture, and the words in it.

    What the process itself never says: it does not know whose file it has.
    """

    message: str
    values: dict[str, str]


def seconds(size: int) -> float:
    """Return how many seconds of a processor a file of `size` bytes may take."""
    # The slowest honest file, a progressive JPEG of 48 megapixels and 7 MB, takes 0.5.
    return min(3.0, 0.7 + 3e-6 * size)


def memory(size: int) -> int:
    """Return how many bytes of memory a file of `size` bytes may take."""
    # 98 MB for 20 kB; a WebP of 12 megapixels and 60 kB needs 160 MB, the largest pictures 400 MB.
    return min(450_000_000, 58_000_000 + 2000 * size)


class Decoding:
    """One process that opens one file at a time; it starts with the first, and again if it died."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        atexit.register(self.end)

    def decode(self, content: bytes) -> Decoded | Refusal:
        """Return the picture in a file, or the sentence that says why there is none. Thread-safe.

        Blocks while other threads' files are opened. Raises DecodingError when the process does
        not survive the file; the next file gets a new one.
        """
        with self._lock:
            process = self._ready()
            if process is None:
                return Refusal(
                    mark("Pictures cannot be opened at the moment: please try again in a minute."),
                    {},
                )
            try:
                with _killed_after(MOST_SECONDS, process):
                    return _answer(content, process)
            except BaseException as error:
                # Whatever was left in the pipe would be the next visitor's answer.
                self.end()
                if isinstance(error, OSError | ValueError | struct.error):
                    raise DecodingError from None
                raise

    def start(self) -> None:
        """Start the process if it is not there, so that the first file need not wait for it."""
        with self._lock:
            self._ready()

    def end(self) -> None:
        """End the process, whatever it does."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            with contextlib.suppress(OSError):
                process.communicate()

    def _ready(self) -> "subprocess.Popen[bytes] | None":
        if self._process is not None and self._process.poll() is None:
            return self._process
        self.end()
        process = self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "fmnist_core.preprocessing.decoder"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join((str(ROOT), *filter(None, sys.path))),
                # Threads and heaps for each of many cores would count against its memory.
                "OPENBLAS_NUM_THREADS": "1",
                "MALLOC_ARENA_MAX": "1",
            },
        )
        with _killed_after(_START_SECONDS, process):
            return process if _stream(process.stdout).read(len(HELLO)) == HELLO else None


def _answer(content: bytes, process: "subprocess.Popen[bytes]") -> Decoded | Refusal:
    sending, receiving = _stream(process.stdin), _stream(process.stdout)
    sending.write(LENGTH.pack(len(content)))
    sending.write(content)
    sending.flush()
    kind, width, height, length = REPLY.unpack(receiving.read(REPLY.size))
    body = receiving.read(min(length, _LONGEST_REPLY))
    if kind == SENTENCE:
        return _refusal(json.loads(body))
    if len(body) != width * height * 3:
        raise ValueError
    return Decoded((width, height), body, kind == SEVERAL_PICTURES)


def _refusal(content: object) -> Refusal:
    match content:
        case [str(message), dict(values)] if all(isinstance(one, str) for one in values.values()):
            return Refusal(message, values)
    raise ValueError


def _stream(end: IO[bytes] | None) -> IO[bytes]:
    assert end is not None  # both ends are pipes
    return end


@contextlib.contextmanager
def _killed_after(seconds: float, process: "subprocess.Popen[bytes]") -> Iterator[None]:
    timer = threading.Timer(seconds, process.kill)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
