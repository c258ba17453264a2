"""Whether the processor multiplies bfloat16, read from what Linux says of it."""

import re
from pathlib import Path

import pytest

from fmnist_core.recipes.host import HOSTED, LOCAL, Limits, current, hardware, has_bfloat16


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
