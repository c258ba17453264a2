"""Whether the processor multiplies bfloat16, read from what Linux says of it."""

from pathlib import Path

import pytest

from fmnist_core.recipes.host import has_bfloat16


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
