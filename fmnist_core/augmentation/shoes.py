# Pasted into the exported script, as training/script_augmentation.py says.
"""Sandals, sneakers and boots, drawn from nothing: from their side, from above and in pairs.

Seen from their side, toes point left.
"""

import numpy as np

from fmnist_core.augmentation.outlines import (
    Garment,
    Pile,
    Points,
    arc,
    band,
    garment_of,
    mirrored,
    points,
    reshape,
)


def move(garment: Garment, by: tuple[float, float], turn: float = 0.0, flip: int = 1) -> Garment:
    """Return the garment turned by degrees, mirrored if `flip` is -1, and moved."""
    angle = np.deg2rad(turn)
    matrix = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return reshape(garment, lambda outline, _: (outline * (flip, 1)) @ matrix + by)


def _two(one: Garment, gap: float, rng: np.random.Generator) -> Pile:
    """Return a left and a right shoe side by side, none exactly as the other, each by itself."""
    tilt, along = rng.uniform(-14, 14), rng.normal() * 0.08
    first = move(one, (-gap / 2, along), tilt + rng.normal() * 5)
    second = move(one, (gap / 2, 0), -tilt + rng.normal() * 5, flip=-1)
    return [[first], [second]]


def _sole(rng: np.random.Generator, width: float) -> Points:
    """Return a foot's outline from above, toes at the top, about 1 long."""
    y = np.linspace(0, 1, 12)
    shape = np.sin(np.pi * np.clip(y * 0.96 + 0.02, 0, 1)) ** rng.uniform(0.35, 0.6)
    narrowing = 1 - rng.uniform(0, 0.4) * np.exp(-(((y - 0.62) / 0.2) ** 2))
    half = np.stack([width / 2 * shape * narrowing, y], 1)
    lean = rng.uniform(-0.06, 0.06) * np.sin(np.pi * y)
    return np.concatenate([half, (half * (-1, 1))[::-1]]) + np.stack(
        [np.r_[lean, lean[::-1]], np.zeros(24)], 1
    )


def _from_above(rng: np.random.Generator, one: Garment, width: float) -> Pile:
    """Return one shoe or, mostly, a pair, lying in any direction."""
    shoes = [[one]]
    if rng.random() < 0.6:
        shoes = _two(one, width * rng.uniform(1.0, 1.7), rng)
    turn = rng.choice((rng.normal() * 12, rng.uniform(-90, 90)), p=(0.7, 0.3))
    flip = 1 if rng.random() < 0.5 else -1
    return [[move(part, (0, 0), float(turn), flip) for part in shoe] for shoe in shoes]


def _flip_flop(rng: np.random.Generator) -> Pile:
    """A sandal from above: a bare sole with a forked strap, bands or crossed straps."""
    width = rng.uniform(0.32, 0.62)
    garment = garment_of(_sole(rng, width))
    kind = rng.random()
    top, low = rng.uniform(0.08, 0.25), rng.uniform(0.4, 0.65)
    if kind < 0.55:
        fork = points((-width * 0.45, low), (rng.normal() * 0.03, top), (width * 0.45, low))
        garment.lines.append(fork)
        garment.patches.append(band(fork, width * rng.uniform(0.1, 0.25)))
        if rng.random() < 0.3:
            garment.lines.append(fork * (0.8, 1) + (0, 0.08))
    elif kind < 0.8:  # a slide: one band across
        edges = [
            points((-width / 2, y), (0, y + rng.normal() * 0.06), (width / 2, y))
            for y in (top + 0.05, low)
        ]
        garment.lines.extend(edges)
        garment.patches.append(np.concatenate([edges[0], edges[1][::-1]]))
    else:
        for _ in range(int(rng.integers(2, 5))):
            ends = rng.uniform(0.1, 0.8, 2)
            strap = points((-width / 2, ends[0]), (width / 2, ends[1]))
            garment.lines.append(strap)
            garment.patches.append(band(strap, rng.uniform(0.04, 0.12)))
        garment.lines.append(arc((0, 0.85), (width * 0.4, 0.25), 180, 360))
    return _from_above(rng, garment, width)


def flat_sandal(rng: np.random.Generator) -> Pile:
    """A sandal from its side, or flip-flops from above."""
    if rng.random() < 0.55:
        return _flip_flop(rng)
    # From its side: a sole, perhaps on a heel, and straps with the foot's place left open.
    heel = rng.choice((0.0, rng.uniform(0.1, 0.5)))
    thick = rng.uniform(0.05, 0.14)
    x = np.linspace(-0.6, 0.6, 9)
    rise = heel * np.clip((x + 0.25) / 0.85, 0, 1) ** 1.2
    top = np.stack([x, -rise], 1)
    garment = garment_of(np.concatenate([top, (top + points((0, thick)))[::-1]]))
    if heel:
        peg = rng.uniform(0.04, 0.16)
        garment.cloth.append(
            points((0.6 - 2 * peg, -heel), (0.6, -heel), (0.6, thick), (0.6 - peg, thick))
        )
    for _ in range(int(rng.integers(1, 4))):
        at, high = rng.uniform(-0.5, 0.1), rng.uniform(0.15, 0.4)
        foot = float(np.interp(at, x, -rise))
        strap = arc((at, foot + 0.02), (rng.uniform(0.1, 0.25), high), 180, 360)
        garment.cloth.append(band(strap, rng.uniform(0.04, 0.14)))
    if rng.random() < 0.7:  # round the ankle
        foot, high = -heel, rng.uniform(0.2, 0.45)
        back = points((0.57, foot), (0.6, foot - high), (0.3, foot - high), (0.2, foot))
        garment.cloth.append(band(back[: int(rng.integers(2, 5))], rng.uniform(0.04, 0.12)))
    return pair_from_side(rng, garment)


def pair_from_side(rng: np.random.Generator, one: Garment) -> Pile:
    """Return the shoe as a camera sees it from above, often with its fellow half behind it."""
    tall = rng.uniform(1.0, 1.7) if rng.random() < 0.5 else 1.0
    one = reshape(one, lambda outline, _: outline * (1, tall))
    if rng.random() < 0.5:
        return [[one]]
    by = (rng.uniform(-0.45, 0.45), rng.uniform(-0.5, -0.1) * tall)
    flip = -1 if rng.random() < 0.1 else 1
    other = move(one, by, rng.normal() * 12, flip=flip)
    return [[other], [one]]


def _laces(garment: Garment, start: Points, end: Points, rng: np.random.Generator) -> None:
    """Short strokes across the line from `start` to `end`."""
    along = end - start
    across = np.array([-along[1], along[0]])
    across *= rng.uniform(0.05, 0.12) / max(float(np.linalg.norm(across)), 1e-9)
    for share in np.linspace(0.1, 0.9, int(rng.integers(2, 6))):
        middle = start + share * along
        garment.lines.append(np.stack([middle - across, middle + across]))


def _shoe(rng: np.random.Generator, shaft: float) -> Garment:
    """Return a closed shoe from its side; `shaft` is how high it rises behind the instep."""
    toe, instep = rng.uniform(0.16, 0.34), rng.uniform(-0.15, 0.15)
    opening = rng.uniform(0.28, 0.42)
    front = 0.6 - opening
    top = -max(shaft, toe + 0.06)
    dip = rng.uniform(0, 0.1)
    outline = points(
        (-0.6, 0.0),
        (-0.62, -toe * 0.6),
        (-0.45, -toe),
        (instep - 0.15, -toe - 0.03),
        (min(front, instep + 0.2), 0.5 * (top - toe)),
        (front, top + rng.uniform(-0.02, 0.06)),
        (front + opening / 2, top + dip),
        (0.6, top - rng.uniform(-0.02, 0.06)),
        (0.6, -0.1),
        (0.61, 0.0),
    )
    garment = garment_of(outline)
    thick = rng.uniform(0.06, 0.16)
    if rng.random() < 0.65:
        edge = points((-0.61, -thick * 0.5), (0, -thick * 0.6), (0.61, -thick))
        garment.lines.append(edge)
        if rng.random() < 0.7:  # a sole of another colour
            garment.patches.append(np.concatenate([edge, points((0.61, 0.02), (-0.61, 0.02))]))
    if shaft > 0.55 and rng.random() < 0.4:  # a heel, which sneakers lack
        heel = rng.uniform(0.1, 0.3)
        garment.cloth.append(points((0.3, -0.02), (0.61, -0.02), (0.6, heel), (0.42, heel)))
        garment.cloth.append(points((-0.6, -0.04), (-0.1, -0.04), (-0.2, heel), (-0.58, heel)))
    if rng.random() < 0.5:
        _laces(garment, outline[3], outline[5], rng)
    if rng.random() < 0.45:  # one looks into the opening
        mouth = arc((front + opening / 2, top), (opening / 2, rng.uniform(0.04, 0.12)), 0, 360)
        garment.lines.append(mouth)
        garment.patches.append(mouth)
        if rng.random() < 0.6:
            garment.cloth.append(mouth)
    if rng.random() < 0.3:  # a toe cap
        garment.patches.append(points((-0.6, 0), (-0.62, -toe), (-0.35, -toe), (-0.4, 0)))
    if rng.random() < 0.25:
        garment.lines.append(points((-0.4, -toe), (-0.3, -0.05)))
    if rng.random() < 0.25:  # stripes on the side
        for x in np.linspace(0, 0.2, int(rng.integers(1, 4))):
            garment.lines.append(points((x, -toe), (x + 0.1, -0.12)))
    return garment


def _from_front(rng: np.random.Generator, shaft: float) -> Pile:
    """Return a pair of closed shoes seen from above their toes, which are at the bottom."""
    width, foot = rng.uniform(0.36, 0.6), rng.uniform(0.35, 0.75)
    narrow = width * rng.uniform(0.65, 1.0)
    half = points(
        (0, -shaft),
        (narrow / 2, -shaft),
        (narrow / 2, 0.1),
        (width / 2, foot * 0.6),
        (width * 0.4, foot * 0.92),
        (0, foot),
    )
    garment = garment_of(mirrored(half))
    start, end = np.array([0.0, -shaft * 0.5]), np.array([0.0, foot * 0.5])
    if rng.random() < 0.6:
        _laces(garment, start, end, rng)
    if rng.random() < 0.6:
        cap = arc((0, foot * 0.75), (width * 0.42, 0.2), 200, 340)
        garment.lines.append(cap)
        if rng.random() < 0.4:
            garment.patches.append(
                np.concatenate([cap, points((width / 2, foot), (-width / 2, foot))])
            )
    if rng.random() < 0.6:
        mouth = arc((0, -shaft + 0.05), (narrow * 0.4, rng.uniform(0.05, 0.15)), 0, 360)
        garment.lines.append(mouth)
        garment.patches.append(mouth)
    return _two(garment, width * rng.uniform(0.95, 1.5), rng)


def flat_sneaker(rng: np.random.Generator) -> Pile:
    """A low closed shoe from its side, or a pair from the front."""
    if rng.random() < 0.25:
        return _from_front(rng, rng.uniform(0.02, 0.2))
    return pair_from_side(rng, _shoe(rng, rng.uniform(0.25, 0.5)))


def flat_boot(rng: np.random.Generator) -> Pile:
    """A closed shoe with a shaft from its side, or a pair from the front."""
    if rng.random() < 0.3:
        return _from_front(rng, rng.uniform(0.25, 0.8))
    return pair_from_side(rng, _shoe(rng, rng.uniform(0.55, 1.2)))
