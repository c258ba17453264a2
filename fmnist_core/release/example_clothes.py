"""Outlines and lines of the clothes among the example drawings and photos, four styles each."""

from fmnist_core.release.example_pen import Point, Shape, Stroke, arc, mirrored

# A sleeve's end is given by its outer and inner point on the right side.


def _top(
    shoulder: float, neck: float, cuff: tuple[Point, Point], waist: float, hem: float
) -> Stroke:
    armpit = (waist + 0.01, 0.40)
    return mirrored(
        [(0.5 + neck, 0.14), (shoulder, 0.19), *cuff, armpit, (waist, 0.6), (waist + 0.005, hem)]
    )


def _neck(width: float, deep: float) -> Stroke:
    return arc(0.5, 0.14, width, deep, 180, 0)


def t_shirt(style: int) -> Shape:
    """Short sleeves: plain; with a pocket; spread wide with a V-neck; with a print."""
    if style == 2:
        body = _top(0.72, 0.09, ((0.95, 0.33), (0.87, 0.44)), 0.70, 0.86)
        return [body], [[(0.41, 0.14), (0.5, 0.27), (0.59, 0.14)]]
    body = _top(0.73, 0.10, ((0.90, 0.38), (0.79, 0.46)), 0.70, 0.88)
    lines = [_neck(0.10, 0.08)]
    if style == 1:
        lines += [
            [(0.56, 0.40), (0.66, 0.40), (0.66, 0.50), (0.61, 0.53), (0.56, 0.50), (0.56, 0.40)]
        ]
    if style == 3:
        lines += [arc(0.5, 0.53, 0.1, 0.1, 0, 360), [(0.33, 0.80), (0.67, 0.80)]]
    return [body], lines


def trouser(style: int) -> Shape:
    """Straight legs; flared; slim with pockets; wide with turn-ups."""
    knee, foot, gap = [
        (0.66, 0.70, 0.53),
        (0.66, 0.78, 0.55),
        (0.63, 0.62, 0.53),
        (0.72, 0.76, 0.54),
    ][style]
    half = [(0.66, 0.06), (0.70, 0.28), (knee, 0.6), (foot, 0.95), (gap, 0.95), (0.515, 0.42)]
    outline = [*half, (0.5, 0.36), *[(1 - x, y) for x, y in reversed(half)], half[0]]
    lines = [[(0.34, 0.13), (0.66, 0.13)]]
    if style != 1:
        lines += [[(0.5, 0.13), (0.5, 0.35)]]
    if style == 2:
        lines += [
            [(0.36, 0.17), (0.42, 0.24), (0.33, 0.27)],
            [(0.64, 0.17), (0.58, 0.24), (0.67, 0.27)],
        ]
    if style == 3:
        lines += [[(0.265, 0.90), (0.445, 0.90)], [(0.555, 0.90), (0.735, 0.90)]]
    return [outline], lines


def pullover(style: int) -> Shape:
    """Long sleeves hanging; spread; with a high collar; with knitted bands."""
    cuff = [
        ((0.90, 0.80), (0.79, 0.82)),
        ((0.99, 0.62), (0.91, 0.71)),
        ((0.91, 0.79), (0.80, 0.81)),
        ((0.94, 0.76), (0.83, 0.79)),
    ][style]
    body = _top(0.74, 0.09, cuff, 0.70, 0.88)
    lines = [_neck(0.09, 0.06), [(0.30, 0.82), (0.70, 0.82)]]
    if style == 1:
        lines += [_neck(0.09, 0.10)]
    if style == 2:
        outline = mirrored([(0.57, 0.07), (0.585, 0.14)])
        return [body, outline], lines[1:]
    if style == 3:
        lines += [[(0.30, y), (0.70, y)] for y in (0.46, 0.52, 0.58)]
    return [body], lines


def dress(style: int) -> Shape:
    """With straps and a wide skirt; short sleeves; a tight long one; with a belt and folds."""
    if style == 0:
        half = [(0.62, 0.05), (0.64, 0.22), (0.61, 0.40), (0.80, 0.93)]
        inner = [(0.57, 0.05), (0.55, 0.19)]
        outline = [
            *half,
            *[(1 - x, y) for x, y in reversed(half)],
            *[(1 - x, y) for x, y in inner],
            *reversed(inner),
            half[0],
        ]
        return [outline], [[(0.39, 0.41), (0.61, 0.41)]]
    if style == 1:
        half = [
            (0.58, 0.06),
            (0.67, 0.09),
            (0.77, 0.22),
            (0.69, 0.27),
            (0.645, 0.22),
            (0.61, 0.42),
            (0.75, 0.95),
        ]
        return [mirrored(half)], [arc(0.5, 0.06, 0.08, 0.07, 180, 0), [(0.39, 0.43), (0.61, 0.43)]]
    if style == 2:
        half = [(0.56, 0.05), (0.62, 0.07), (0.625, 0.22), (0.60, 0.36), (0.65, 0.52), (0.62, 0.95)]
        return [mirrored(half)], [arc(0.5, 0.05, 0.06, 0.09, 180, 0)]
    half = [(0.57, 0.06), (0.64, 0.08), (0.635, 0.24), (0.60, 0.40), (0.70, 0.62), (0.78, 0.94)]
    folds = [[(0.46, 0.50), (0.41, 0.88)], [(0.54, 0.50), (0.59, 0.88)], [(0.5, 0.52), (0.5, 0.84)]]
    return [mirrored(half)], [
        arc(0.5, 0.06, 0.07, 0.09, 180, 0),
        [(0.40, 0.40), (0.60, 0.40)],
        [(0.395, 0.44), (0.605, 0.44)],
        *folds,
    ]


def coat(style: int) -> Shape:
    """Open front with buttons; lapels; a hood; double-breasted with a belt."""
    cuff = [
        ((0.88, 0.74), (0.77, 0.76)),
        ((0.93, 0.70), (0.83, 0.74)),
        ((0.89, 0.73), (0.78, 0.76)),
        ((0.88, 0.75), (0.77, 0.77)),
    ][style]
    half = [(0.58, 0.10), (0.73, 0.15), *cuff, (0.70, 0.36), (0.69, 0.6), (0.735, 0.95)]
    body = mirrored(half)
    lapels = [[(0.42, 0.10), (0.38, 0.22), (0.5, 0.38)], [(0.58, 0.10), (0.62, 0.22), (0.5, 0.38)]]
    pockets = [[(0.33, 0.64), (0.43, 0.66)], [(0.67, 0.64), (0.57, 0.66)]]
    buttons = [arc(0.535, y, 0.010, 0.010, 0, 360) for y in (0.42, 0.54, 0.66)]
    if style == 0:
        return [body], [
            [(0.5, 0.13), (0.5, 0.95)],
            arc(0.5, 0.10, 0.08, 0.05, 180, 0),
            *buttons,
            *pockets,
        ]
    if style == 1:
        return [body], [*lapels, [(0.5, 0.38), (0.5, 0.95)], *pockets, *buttons[1:]]
    if style == 2:
        hood = arc(0.5, 0.15, 0.115, 0.115, 180, 360)
        return [body, hood], [[(0.5, 0.15), (0.5, 0.95)], *pockets]
    both = [arc(x, y, 0.010, 0.010, 0, 360) for x in (0.45, 0.55) for y in (0.44, 0.68)]
    return [body], [
        *lapels,
        [(0.5, 0.38), (0.5, 0.95)],
        [(0.31, 0.55), (0.69, 0.55)],
        [(0.31, 0.60), (0.69, 0.60)],
        *both,
    ]


def shirt(style: int) -> Shape:
    """Collar and buttons, long sleeves; short sleeves; spread with pockets; rolled up."""
    cuff = [
        ((0.90, 0.78), (0.80, 0.80)),
        ((0.88, 0.38), (0.77, 0.44)),
        ((0.98, 0.60), (0.91, 0.68)),
        ((0.90, 0.54), (0.78, 0.58)),
    ][style]
    half = [
        (0.57, 0.13),
        (0.74, 0.19),
        *cuff,
        (0.70, 0.38),
        (0.69, 0.6),
        (0.70, 0.86),
        (0.60, 0.90),
    ]
    body = mirrored(half)
    collar = [[(0.43, 0.12), (0.40, 0.23), (0.5, 0.19), (0.60, 0.23), (0.57, 0.12), (0.43, 0.12)]]
    front = [[(0.5, 0.19), (0.5, 0.90)]]
    buttons = [arc(0.5, y, 0.011, 0.011, 0, 360) for y in (0.30, 0.42, 0.54, 0.66, 0.78)]
    lines = [*collar, *front, *buttons]
    if style == 2:
        lines += [[(0.56, 0.40), (0.65, 0.40), (0.65, 0.50), (0.56, 0.50), (0.56, 0.40)]]
    if style == 3:
        lines += [[(0.805, 0.50), (0.885, 0.465)], [(0.195, 0.50), (0.115, 0.465)]]
    return [body], lines
