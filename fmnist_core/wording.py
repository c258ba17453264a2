"""Numbers as short words."""


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
