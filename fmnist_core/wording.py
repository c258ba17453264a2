"""Numbers as words: per cent, durations, counts, bytes, in the reader's language."""

from fmnist_core.translation import digits


def short(number: float) -> str:
    """Return a count in three digits and a unit: 355 k, 40.5 M, 1.07 G."""
    for size, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if number >= size * 0.9995:
            return f"{digits(number / size, '.3g')} {unit}"
    return digits(number, ",.0f")


def megabytes(size: float) -> str:
    """Return bytes as MB or GB, two digits: 2.3 MB, 54 MB, 1.2 GB."""
    if size >= 0.995e9:
        return f"{digits(size / 1e9, '.1f')} GB"
    return f"{digits(size / 1e6, '.0f' if size >= 9.95e6 else '.1f')} MB"


def percent(value: float, places: int = 1) -> str:
    """Return 0..1 as a percentage that never rounds to a false certainty."""
    smallest, form = 10.0 ** -(places + 2), f".{places}f"
    if value > 1 - smallest / 2:
        return "100 %" if value >= 1 else f">{digits(100 - smallest * 100, form)} %"
    if value < smallest / 2:
        return "0 %" if value <= 0 else f"<{digits(smallest * 100, form)} %"
    return f"{digits(100 * value, form)} %"


def duration(seconds: float) -> str:
    """Return seconds as people say them: 40 s, 7 min, 2 h."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    if seconds < 90 * 60:
        return f"{round(seconds / 60)} min"
    return f"{digits(seconds / 3600, '.1f')} h"


def duration_range(shortest: float, longest: float) -> str:
    """Return a range of seconds such as 4–9 min, with the unit once where both ends share it."""
    low, high = duration(shortest), duration(longest)
    if low == high:
        return low
    number, unit = low.split(" ")
    return f"{number}–{high}" if high.endswith(unit) else f"{low} – {high}"
