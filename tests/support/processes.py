"""For tests that start processes: a free port, and waiting until something is so."""

import socket
import time
from collections.abc import Callable
from typing import Any


def free_port() -> int:
    """Return a port of this computer that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_for(condition: Callable[[], Any], seconds: float = 60) -> None:
    """Return as soon as `condition()` is true; fail when it is not within `seconds`."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)
