"""What this computer's processor can do."""

from functools import cache
from pathlib import Path

CPU_INFO = Path("/proc/cpuinfo")
BFLOAT16_FLAGS = frozenset({"avx512_bf16", "amx_bf16", "bf16"})  # x86, x86, Arm


@cache
def has_bfloat16(cpu_info: Path = CPU_INFO) -> bool:
    """Return whether the processor multiplies bfloat16 numbers itself; False when unknown."""
    try:
        lines = cpu_info.read_text().splitlines()
    except OSError:
        return False
    return any(
        not BFLOAT16_FLAGS.isdisjoint(line.split())
        for line in lines
        if line.startswith(("flags", "Features"))
    )
