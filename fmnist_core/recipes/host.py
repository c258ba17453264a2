"""The computer this runs on: what it allows, and what its processor can do."""

import os
import platform
import sys
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from fmnist_core.translation import mark

CPU_INFO = Path("/proc/cpuinfo")
CGROUP = Path("/sys/fs/cgroup")
MEMBERSHIP = Path("/proc/self/cgroup")
OOM_SCORE = Path("/proc/self/oom_score_adj")
BFLOAT16_FLAGS = frozenset({"avx512_bf16", "amx_bf16", "bf16"})  # x86, x86, Arm
_NO_LIMIT = 2**60
SMALL_BYTES = 1.5e9  # with less for all processes, memory is saved before time
# Of these, what app and engine hold before a run adds to it, and the files that they need at hand
# (benchmarks/README.md, Memory limits).
HELD_BYTES = 800_000_000
_GO_FIRST_POINTS = 500  # thousandths of all memory, as if the process had that much more


@dataclass(frozen=True)
class Limits:
    """The largest recipe that a host accepts; `name` is what messages call the host, once said.

    Beyond `minutes_an_hour` of training a visitor's runs go on only while nobody else waits; a run
    that nobody looked at for `minutes_away` is paused. Runs that are over go after `days_kept`
    days, the oldest ones sooner when all take more than `kept_bytes`. None is no bound. A sweep has
    at most `trials`.
    """

    name: str
    layers: int
    parameters: int
    multiply_adds: int
    memory_bytes: int
    epochs: int
    minutes_an_hour: int | None = None
    minutes_away: int | None = None
    days_kept: int | None = None
    kept_bytes: float | None = None
    trials: int = 1000

    @property
    def shared(self) -> bool:
        """Whether visitors share the host's time."""
        return self.minutes_an_hour is not None


LOCAL = Limits(mark("this computer"), 64, 50_000_000, 500_000_000, 6_000_000_000, 1000)
# Community Cloud gives 2.7 GB at best and shares its two cores among all visitors.
HOSTED = Limits(
    mark("the shared host"), 40, 2_000_000, 60_000_000, 700_000_000, 50, 20, 10, 7, 2e9, trials=24
)


def current() -> Limits:
    """Return the limits of this host: HOSTED on Community Cloud or with FMNIST_HOSTED=1.

    Where memory is short, a run may take what the app leaves of it.
    """
    chosen = os.environ.get("FMNIST_HOSTED")
    hosted = chosen == "1" if chosen else Path("/mount/src").is_dir()
    limits = HOSTED if hosted else LOCAL
    if not economical():
        return limits
    left = max(0, (memory_limit() or 0) - HELD_BYTES)
    return replace(limits, memory_bytes=min(limits.memory_bytes, left))


@cache
def has_bfloat16(cpu_info: Path = CPU_INFO) -> bool:
    """Return whether the processor multiplies bfloat16 numbers itself; False when unknown."""
    try:
        lines = cpu_info.read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    return any(
        not BFLOAT16_FLAGS.isdisjoint(line.split())
        for line in lines
        if line.startswith(("flags", "Features"))
    )


def hardware() -> str:
    """Return this computer's processor and how many of its cores there are, in words."""
    model = platform.processor() or platform.machine()
    try:
        for line in CPU_INFO.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    except OSError:
        pass
    count = os.cpu_count() or 1
    return f"{count} core{'s' if count > 1 else ''} of {model}, no GPU"


def memory_limit(cgroup: Path = CGROUP, membership: Path = MEMBERSHIP) -> int | None:
    """Return how many bytes the app may use: FMNIST_MEMORY_MB, else as its container is bounded.

    None where nothing bounds it.
    """
    if (chosen := os.environ.get("FMNIST_MEMORY_MB", "")).isdecimal():
        return int(chosen) * 1_000_000
    found = []
    for group in _groups(cgroup, membership):
        for name in ("memory.max", "memory.limit_in_bytes"):  # version 2, version 1
            with suppress(OSError, ValueError):  # ValueError: "max"
                found.append(int((group / name).read_text(encoding="ascii")))
    if sys.platform != "win32":  # which has no such module
        import resource

        found.append(resource.getrlimit(resource.RLIMIT_AS)[0])
    # Without a limit the kernel says -1, or the largest number of pages.
    return min((size for size in found if 0 < size < _NO_LIMIT), default=None)


def memory_left(cgroup: Path = CGROUP, membership: Path = MEMBERSHIP) -> int | None:
    """Return how many bytes its container leaves for files; None where it bounds nothing.

    What is left is not free: without some of the files that processes map none of them gets on,
    and long before Linux ends one it reads them again and again.
    """
    left = []
    for group in _groups(cgroup, membership):
        for bound, parts in (
            ("memory.max", ("anon", "shmem")),
            ("memory.limit_in_bytes", ("total_rss", "total_shmem")),
        ):
            with suppress(OSError, ValueError):  # ValueError: "max"
                limit = int((group / bound).read_text(encoding="ascii"))
                if limit < _NO_LIMIT:
                    lines = (group / "memory.stat").read_text(encoding="ascii").splitlines()
                    held = dict(line.split(" ", 1) for line in lines)
                    left.append(limit - sum(int(held.get(part, "0")) for part in parts))
    return min(left, default=None)


def memory_kills(cgroup: Path = CGROUP, membership: Path = MEMBERSHIP) -> int:
    """Return how many processes of its group the system has ended for want of memory.

    0 where nobody counts them.
    """
    for group in _groups(cgroup, membership):
        for name in ("memory.events", "memory.oom_control"):  # version 2, version 1
            with suppress(OSError):
                for line in (group / name).read_text(encoding="ascii").splitlines():
                    if line.startswith("oom_kill "):
                        return int(line.split()[1])
    return 0


def go_first(oom_score: Path = OOM_SCORE) -> None:
    """Where memory runs out, have Linux end this process as if it held half of all more.

    Without this it takes the largest, and that is not always the one whose loss is mended.
    """
    with suppress(OSError, ValueError):  # other systems have no such file
        points = int(oom_score.read_text(encoding="ascii"))
        oom_score.write_text(f"{min(1000, points + _GO_FIRST_POINTS)}", encoding="ascii")


def _groups(cgroup: Path, membership: Path) -> list[Path]:
    """Return the folders of the groups that bound this process's memory, its own first.

    In a container its own group is the root that it sees. A service of systemd is in one further
    down, and each on the way bounds what is below it.
    """
    found = []
    try:
        lines = membership.read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    for line in lines:
        _, controllers, place = line.split(":", 2)
        if controllers and "memory" not in controllers.split(","):
            continue
        root = cgroup / "memory" if controllers else cgroup  # version 1, version 2
        own = root / place.strip("/")
        found += [own, *own.parents[: len(own.parts) - len(root.parts)]]
    return found or [cgroup, cgroup / "memory"]


def economical() -> bool:
    """Return whether memory is so short here that it is saved before time.

    Where other machines train, a small web process has all it needs; theirs is not ours to save.
    """
    if os.environ.get("DASK_SCHEDULER_ADDRESS"):
        return False
    limit = memory_limit()
    return limit is not None and limit < SMALL_BYTES
