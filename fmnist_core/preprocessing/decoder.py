"""The process that opens files: `python -m fmnist_core.preprocessing.decoder`, for `decoding`.

A few kilobytes can keep Pillow busy for minutes, fill the memory, or find a hole in a library. Here
no file can be written, and each has a budget of time and memory, beyond which the process ends.
"""

import json
import os
import signal
import sys
from pathlib import Path
from typing import BinaryIO

from fmnist_core.preprocessing.decode import decode
from fmnist_core.preprocessing.decoding import (
    HELLO,
    LENGTH,
    PICTURE,
    REPLY,
    SENTENCE,
    SEVERAL_PICTURES,
    memory,
    seconds,
)
from fmnist_core.preprocessing.open_picture import PictureError, first_of_several


def main() -> None:
    """Answer one file after the other until the parent closes the pipe."""
    # What a library prints must not get between the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    # Ctrl-C in the terminal is for the parent.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    limits = Limits()
    answers.write(HELLO)
    answers.flush()
    while header := sys.stdin.buffer.read(LENGTH.size):
        content = sys.stdin.buffer.read(*LENGTH.unpack(header))
        limits.begin(len(content))
        _answer(content, answers)
        limits.end()


def _answer(content: bytes, answers: BinaryIO) -> None:
    try:
        picture = decode(content)
        kind = SEVERAL_PICTURES if first_of_several(picture) else PICTURE
        size, body = picture.size, picture.tobytes()
    except PictureError as error:
        kind, size, body = SENTENCE, (0, 0), json.dumps(error.refusal).encode()
    answers.write(REPLY.pack(kind, *size, len(body)))
    answers.write(body)
    answers.flush()


class Limits:
    """What the system enforces on this process; Windows knows nothing of the kind."""

    def __init__(self) -> None:
        self._statm = Path("/proc/self/statm")
        self._base = 0
        if sys.platform == "win32":
            return
        import resource

        signal.signal(signal.SIGPROF, signal.SIG_DFL)  # it ends the process
        for kind in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE):
            resource.setrlimit(kind, (0, 0))
        if self._statm.exists():
            self._base = int(self._statm.read_text().split()[5]) * resource.getpagesize()

    def begin(self, size: int) -> None:
        """Allow what a file of `size` bytes may take."""
        if sys.platform == "win32":
            return
        import resource

        signal.setitimer(signal.ITIMER_PROF, seconds(size))
        if self._base:
            most = self._base + memory(size)
            resource.setrlimit(resource.RLIMIT_DATA, (most, resource.RLIM_INFINITY))

    def end(self) -> None:
        """Stop the clock."""
        if sys.platform != "win32":
            signal.setitimer(signal.ITIMER_PROF, 0)


if __name__ == "__main__":
    main()
