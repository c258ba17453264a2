"""What Linux says of this computer: bfloat16 in its processor, and the limit of its memory."""

import re
from pathlib import Path

import pytest

from fmnist_core.recipes.host import (
    HELD_BYTES,
    HOSTED,
    LOCAL,
    Limits,
    current,
    economical,
    hardware,
    has_bfloat16,
    memory_limit,
)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("flags\t\t: fpu sse4_2 avx512_bf16 amx_tile", True),
        ("flags\t\t: fpu amx_bf16", True),
        ("Features\t: fp asimd bf16", True),
        ("flags\t\t: fpu avx2 avx512f", False),
        ("model name\t: not a bf16 flag", False),
    ],
)
def test_flags_decide(tmp_path: Path, line: str, expected: bool) -> None:
    path = tmp_path / "cpuinfo"
    path.write_text(f"processor\t: 0\n{line}\n")
    assert has_bfloat16(path) is expected


def test_unknown_is_no(tmp_path: Path) -> None:
    assert not has_bfloat16(tmp_path / "missing")


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        ("memory.max", "1073741824\n", 2**30),
        ("memory.max", "max\n", None),
        ("memory/memory.limit_in_bytes", "536870912\n", 2**29),
        ("memory/memory.limit_in_bytes", "9223372036854771712\n", None),
    ],
)
def test_the_containers_limit_of_memory_is_read(
    tmp_path: Path, file: str, text: str, expected: int | None
) -> None:
    path = tmp_path / file
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    assert memory_limit(tmp_path) == expected


def test_without_a_container_there_is_no_limit(tmp_path: Path) -> None:
    assert memory_limit(tmp_path) is None


def test_where_memory_is_short_a_run_may_take_what_the_app_leaves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FMNIST_MEMORY_MB", "1600")
    assert (economical(), current()) == (False, LOCAL)
    monkeypatch.setenv("FMNIST_MEMORY_MB", "1000")
    assert economical()
    assert current().memory_bytes == 1_000_000_000 - HELD_BYTES
    monkeypatch.setenv("FMNIST_MEMORY_MB", "512")
    assert current().memory_bytes == 0


@pytest.mark.parametrize(("chosen", "expected"), [("1", HOSTED), ("0", LOCAL), ("yes", LOCAL)])
def test_a_variable_says_whether_this_is_the_shared_host(
    monkeypatch: pytest.MonkeyPatch, chosen: str, expected: Limits
) -> None:
    monkeypatch.setenv("FMNIST_HOSTED", chosen)
    assert current() is expected


def test_limits_are_those_that_the_pages_tell() -> None:
    assert Limits("this computer", 64, 50_000_000, 500_000_000, 6_000_000_000, 1000) == LOCAL
    assert (LOCAL.minutes_an_hour, LOCAL.minutes_away, LOCAL.trials) == (None, None, 1000)
    assert (HOSTED.layers, HOSTED.epochs, HOSTED.trials) == (40, 50, 24)
    assert (HOSTED.minutes_an_hour, HOSTED.minutes_away, HOSTED.days_kept) == (20, 10, 7)
    assert (HOSTED.parameters, HOSTED.memory_bytes) == (2_000_000, 700_000_000)


def test_this_computer_is_told_by_its_cores() -> None:
    assert re.fullmatch(r"(1 core|([2-9]|\d\d+) cores) of .+, no GPU", hardware())
