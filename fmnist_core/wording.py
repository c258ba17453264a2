"""Numbers as words: per cent, durations, counts, bytes."""


def short(number: float) -> str:
    """Return a count in three digits and a unit: 355 k, 40.5 M, 1.07 G."""
    for size, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if number >= size * 0.9995:
            return f"{number / size:.3g} {unit}"
    return f"{number:,.0f}"


def megabytes(size: float) -> str:
    """Return bytes as MB or GB, two digits: 2.3 MB, 54 MB, 1.2 GB."""
    if size >= 0.995e9:
        return f"{size / 1e9:.1f} GB"
    return f"{size / 1e6:.0f} MB" if size >= 9.95e6 else f"{size / 1e6:.1f} MB"


def percent(value: float, digits: int = 1) -> str:
    """Return 0..1 as a percentage that never rounds to a false certainty."""
    smallest = 10.0 ** -(digits + 2)
    if value > 1 - smallest / 2:
        return "100 %" if value >= 1 else f">{100 - smallest * 100:.{digits}f} %"
    if value < smallest / 2:
        return "0 %" if value <= 0 else f"<{smallest * 100:.{digits}f} %"
    return f"{100 * value:.{digits}f} %"


def duration(seconds: float) -> str:
    """Return seconds as people say them: 40 s, 7 min, 2 h."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    if seconds < 90 * 60:
        return f"{round(seconds / 60)} min"
    return f"{seconds / 3600:.1f} h"


def duration_range(shortest: float, longest: float) -> str:
    """Return a range of seconds such as 4–9 min, with the unit once where both ends share it."""
    low, high = duration(shortest), duration(longest)
    if low == high:
        return low
    number, unit = low.split(" ")
    return f"{number}–{high}" if high.endswith(unit) else f"{low} – {high}"
