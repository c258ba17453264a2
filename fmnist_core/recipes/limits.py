"""What a host allows, known before anything is built."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Limits:
    """The largest recipe that a host accepts; `name` is what messages call the host."""

    name: str
    layers: int
    parameters: int
    multiply_adds: int
    memory_bytes: int
    epochs: int


LOCAL = Limits("this computer", 64, 50_000_000, 500_000_000, 6_000_000_000, 1000)
# Community Cloud gives 2.7 GB at best and shares its two cores among all visitors.
HOSTED = Limits("the shared host", 40, 2_000_000, 60_000_000, 700_000_000, 50)


def current() -> Limits:
    """Return the limits of this host: HOSTED on Community Cloud or with FMNIST_HOSTED=1."""
    chosen = os.environ.get("FMNIST_HOSTED")
    hosted = chosen == "1" if chosen else Path("/mount/src").is_dir()
    return HOSTED if hosted else LOCAL
