"""What else the machine did while a shipped model was trained or timed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from fmnist_core import files
from fmnist_core.recipes.host import hardware

FILE = "machine.json"
IDLE = 0.05  # of all cores: what an operating system does anyway


@dataclass
class Machine:
    """The share of all cores, 0 to 1, that others took for so long; as text, what a card says."""

    seconds: float = 0.0
    others: float = 0.0

    @property
    def idle(self) -> bool:
        """Whether the machine was otherwise idle."""
        return self.others < IDLE

    def __str__(self) -> str:
        words = "otherwise idle" if self.idle else f"of which other work took {self.others:.0%}"
        return f"{hardware()}, {words}"

    @classmethod
    def of_run(cls, folder: Path) -> Self | None:
        """Return what `add_to` kept in a run's folder, or None."""
        kept = files.read_json(folder / FILE) or {}
        seconds, others = (files.number(kept, key) for key in ("seconds", "others"))
        return None if seconds is None or others is None else cls(seconds, others)

    def add_to(self, folder: Path) -> None:
        """Keep this in a run's folder, with what earlier parts of the same run left there."""
        parts = [part for part in (self, self.of_run(folder)) if part]
        seconds = sum(part.seconds for part in parts)
        busy = sum(part.seconds * part.others for part in parts)
        others = busy / seconds if seconds else 0.0
        files.write_json(folder / FILE, {"seconds": seconds, "others": others})


@contextmanager
def watched() -> Iterator[Machine]:
    """Give a Machine that knows, after the block, what processes other than this one did."""
    import psutil  # the engine's Dask brings it along

    def clock() -> tuple[float, float, float]:
        times = psutil.cpu_times()
        # Guests are counted under user already; what other virtual machines stole is busy.
        whole = sum(times) - getattr(times, "guest", 0) - getattr(times, "guest_nice", 0)
        mine = psutil.Process().cpu_times()
        idle = times.idle + getattr(times, "iowait", 0)
        return whole, whole - idle, mine.user + mine.system

    before, machine = clock(), Machine()
    yield machine
    whole, busy, mine = (after - start for after, start in zip(clock(), before, strict=True))
    machine.seconds = whole / psutil.cpu_count()
    machine.others = max(0.0, busy - mine) / whole if whole > 0 else 0.0
