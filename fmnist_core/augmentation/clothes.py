# Pasted into the exported script, as training/script_augmentation.py says.
"""Shirts, pullovers, coats, dresses, trousers and bags, drawn from nothing."""

from typing import NamedTuple

import numpy as np

from fmnist_core.augmentation.outlines import (
    Garment,
    arc,
    band,
    both_sides,
    garment_of,
    mirrored,
    points,
)

# Garments for the upper body --------------------------------------------------------------------


class _Body(NamedTuple):
    shoulder: float
    length: float
    hem: float
    neck: float


def _upper(
    rng: np.random.Generator,
    sleeve: float,
    length: float,
    hem: float | None = None,
    waist: float | None = None,
) -> tuple[Garment, _Body]:
    """Return a body with a neckline and two sleeves; a `sleeve` of 0 leaves them out."""
    shoulder, neck = rng.uniform(0.42, 0.55), rng.uniform(0.1, 0.22)
    hem = shoulder * rng.uniform(0.85, 1.15) if hem is None else hem
    slope, depth = rng.uniform(0, 0.12), rng.uniform(0, 0.16)
    pit = slope + rng.uniform(0.22, 0.38)
    narrow = shoulder * rng.uniform(0.82, 0.95)
    side = [(0.0, depth), (neck * 0.7, depth * 0.7), (neck, 0.0), (shoulder, slope), (narrow, pit)]
    if waist is not None:
        side.append((waist, pit + rng.uniform(0.15, 0.4)))
    side += [(hem, length), (0.0, length + rng.uniform(-0.02, 0.05))]
    garment = garment_of(mirrored(points(*side)))
    if sleeve:
        angle = np.deg2rad(rng.choice((rng.uniform(4, 25), rng.uniform(20, 62))))
        reach = np.array([np.sin(angle), np.cos(angle)])
        across = np.array([np.cos(angle), -np.sin(angle)])
        top = np.array([shoulder, slope])
        under = np.array([narrow - 0.05, pit])
        cuff = rng.uniform(0.08, 0.2) + 0.12 * (sleeve < 0.5)
        end = top + sleeve * reach
        bend = top + reach * sleeve / 2 + across * rng.uniform(-0.05, 0.1)
        arm = np.stack(
            [top - (0.1, 0), top, bend, end, end - across * cuff, under + reach * 0.08, under]
        )
        garment.cloth.extend(both_sides(arm))
        if rng.random() < 0.15:
            garment.patches.extend(both_sides(arm))
        if rng.random() < 0.4:
            garment.lines.extend(both_sides(np.stack([top, under])))
        if sleeve > 0.5 and rng.random() < 0.35:
            cuffs = np.stack([end, end - across * cuff]) - reach * 0.07
            garment.lines.extend(both_sides(cuffs))
    return garment, _Body(shoulder, length, hem, neck)


def _neckline(garment: Garment, body: _Body, rng: np.random.Generator) -> None:
    kind, neck = rng.random(), body.neck
    if kind < 0.45:
        garment.lines.append(arc((0, 0), (neck, rng.uniform(0.08, 0.25)), 0, 180))
    elif kind < 0.6:
        garment.lines.append(points((-neck, 0), (0, rng.uniform(0.15, 0.4)), (neck, 0)))


def _rows(garment: Garment, body: _Body, rng: np.random.Generator) -> None:
    """Lines across: stripes, zigzag, or the rib of a hem."""
    wide, kind = 0.75 * min(body.hem, body.shoulder), rng.random()
    if kind < 0.3:
        garment.lines.append(points((-body.hem, body.length - 0.1), (body.hem, body.length - 0.1)))
    elif kind < 0.5:
        for y in np.linspace(0.4, 0.85 * body.length, int(rng.integers(2, 6))):
            x = np.linspace(-wide, wide, 9)
            zigzag = y + rng.choice((0, 0.05)) * (-1.0) ** np.arange(9)
            garment.lines.append(np.stack([x, zigzag], 1))
    elif kind < 0.65:  # a print
        size = rng.uniform(0.08, 0.22)
        printed = arc((0, 0.45), (size, size), 0, 360)
        garment.lines.append(printed)
        garment.patches.append(printed)
    elif kind < 0.75:  # a yoke or a broad stripe
        top, low = np.sort(rng.uniform(0.0, body.length, 2))
        garment.patches.append(points((-wide, top), (wide, top), (wide, low), (-wide, low)))


def _ribs(garment: Garment, body: _Body, rng: np.random.Generator) -> None:
    """Knitted ribs from the shoulders to the hem: many lines, none of them an opening."""
    wide, top = 0.85 * min(body.hem, body.shoulder), rng.uniform(0.1, 0.35)
    for x in np.linspace(-wide, wide, int(rng.integers(4, 10))):
        garment.lines.append(points((x, top), (x * body.hem / body.shoulder, body.length)))


def _front(garment: Garment, body: _Body, rng: np.random.Generator) -> None:
    """An opening down the middle, with buttons or a placket."""
    top, x = rng.uniform(0, 0.2), rng.normal() * 0.03
    garment.lines.append(points((x, top), (x + rng.normal() * 0.03, body.length)))
    kind = rng.random()
    if kind < 0.45:
        for y in np.linspace(top + 0.1, 0.9 * body.length, int(rng.integers(3, 8))):
            side = x + rng.choice((0.05, 0.0, 0.12))
            garment.lines.append(arc((side, y), (0.02, 0.02), 0, 360))
    elif kind < 0.6:
        garment.lines.append(points((x + 0.1, top), (x + 0.1, body.length)))


def _collar(garment: Garment, body: _Body, rng: np.random.Generator, long: bool) -> None:
    """Two flaps at the neck; `long` ones are lapels."""
    neck, drop = body.neck, rng.uniform(0.3, 0.6) if long else rng.uniform(0.1, 0.22)
    flap = points((neck * 0.3, -0.03), (neck, -0.03), (neck * 1.5, drop * 0.55), (0.02, drop))
    garment.lines.extend(both_sides(np.concatenate([flap, flap[:1]])))
    if rng.random() < 0.3:
        garment.patches.extend(both_sides(flap))


def tshirt(rng: np.random.Generator) -> Garment:
    """A top with short sleeves or none, a round or pointed neck, perhaps stripes or a print."""
    sleeve = 0.0 if rng.random() < 0.1 else rng.uniform(0.15, 0.42)
    garment, body = _upper(rng, sleeve, rng.uniform(0.85, 1.5))
    _neckline(garment, body, rng)
    if rng.random() < 0.35:
        _rows(garment, body, rng)
    return garment


def pullover(rng: np.random.Generator) -> Garment:
    """A top with long sleeves, closed at the front, perhaps with a high collar."""
    garment, body = _upper(rng, rng.uniform(0.62, 1.15), rng.uniform(0.75, 1.25))
    if rng.random() < 0.3:  # a high collar
        neck, high = body.neck * rng.uniform(0.8, 1.1), rng.uniform(0.1, 0.3)
        garment.cloth.append(points((-neck, 0.1), (-neck, -high), (neck, -high), (neck, 0.1)))
        if rng.random() < 0.5:
            garment.lines.append(points((-neck, 0.02), (neck, 0.02)))
    else:
        _neckline(garment, body, rng)
    if rng.random() < 0.35:
        _ribs(garment, body, rng)
    else:
        _rows(garment, body, rng)
    return garment


def dress(rng: np.random.Generator) -> Garment:
    """A long garment, narrow at the waist, with sleeves of any length or straps."""
    sleeve = rng.choice((0.0, 0.0, rng.uniform(0.12, 0.4), rng.uniform(0.5, 0.9)))
    length, waist = rng.uniform(1.3, 2.4), rng.uniform(0.24, 0.42)
    hem = waist + rng.uniform(0.05, 0.65)
    garment, body = _upper(rng, float(sleeve), length, hem=hem, waist=waist)
    if not sleeve and rng.random() < 0.5:  # straps
        garment = garment_of(
            mirrored(points((0, 0.2), (0.3, 0.16), (waist, 0.7), (hem, length), (0, length)))
        )
        strap = points((rng.uniform(0.12, 0.26), 0.2), (rng.uniform(0.1, 0.3), -0.12))
        garment.cloth.extend(band(side, 0.06) for side in both_sides(strap))
    else:
        _neckline(garment, body, rng)
    if rng.random() < 0.5:
        y = rng.uniform(0.55, 0.75)
        garment.lines.append(points((-waist, y), (waist, y)))
    for _ in range(int(rng.integers(0, 4))):  # folds of the skirt
        x = rng.uniform(-0.7, 0.7)
        garment.lines.append(points((x * waist, 0.8), (x * hem, length * 0.97)))
    return garment


def coat(rng: np.random.Generator) -> Garment:
    """A long-sleeved garment that opens down its whole front, with lapels, a hood or neither."""
    length = rng.uniform(0.9, 1.9)
    hem = rng.uniform(0.4, 0.62)
    garment, body = _upper(rng, rng.uniform(0.65, 1.15), length, hem=hem)
    if rng.random() < 0.12:  # hanging open
        gap = rng.uniform(0.04, 0.15)
        garment.holes.append(points((0, 0.1), (gap, length + 0.1), (-gap, length + 0.1)))
    else:
        _front(garment, body, rng)
    kind = rng.random()
    if kind < 0.45:
        _collar(garment, body, rng, long=True)
    elif kind < 0.6:
        _collar(garment, body, rng, long=False)
    elif kind < 0.8:  # a hood
        hood = rng.uniform(0.18, 0.3)
        garment.cloth.append(arc((0, 0.02), (hood, rng.uniform(0.2, 0.4)), 170, 370))
        garment.lines.append(arc((0, 0), (hood * 0.7, 0.15), 180, 360))
    if rng.random() < 0.4:  # pockets
        y = rng.uniform(0.5, 0.75) * length
        garment.lines.extend(both_sides(points((0.15, y), (0.32, y - rng.uniform(-0.02, 0.12)))))
    if rng.random() < 0.25:  # quilting or a belt
        for y in np.linspace(0.3, 0.9, int(rng.integers(1, 6))) * length:
            garment.lines.append(points((-hem * 0.9, y), (hem * 0.9, y)))
    return garment


def shirt(rng: np.random.Generator) -> Garment:
    """A buttoned top with a small collar and sleeves of either length."""
    sleeve = rng.uniform(0.65, 1.1) if rng.random() < 0.7 else rng.uniform(0.18, 0.42)
    garment, body = _upper(rng, float(sleeve), rng.uniform(1.0, 1.5))
    _collar(garment, body, rng, long=False)
    _front(garment, body, rng)
    if rng.random() < 0.4:
        x, y = rng.uniform(0.12, 0.2), rng.uniform(0.3, 0.45)
        garment.lines.append(points((x, y), (x + 0.16, y), (x + 0.16, y + 0.17), (x, y + 0.17)))
    return garment


def trouser(rng: np.random.Generator) -> Garment:
    """Two legs of any length and width below a waistband."""
    length = rng.uniform(0.45, 1.0) if rng.random() < 0.35 else rng.uniform(1.0, 2.4)
    waist, crotch = rng.uniform(0.28, 0.45), rng.uniform(0.28, 0.55) * min(1.0, length)
    hip, gap = waist * rng.uniform(1, 1.25), rng.uniform(0.0, 0.2)
    outer, out = rng.uniform(0.16, 0.34), hip + rng.uniform(-0.08, 0.2)
    inner = max(0.02, out - outer, gap * 0.5)
    half = points(
        (0, 0), (waist, 0), (hip, crotch * 0.8), (out, length), (inner, length), (gap * 0.3, crotch)
    )
    garment = garment_of(mirrored(half))
    if rng.random() < 0.1:  # laid with the legs together, a line between them
        garment = garment_of(mirrored(points((0, 0), (waist, 0), (hip, crotch), (out, length))))
        garment.lines.append(points((0, crotch), (0, length)))
    if rng.random() < 0.5:
        y = rng.uniform(0.05, 0.14)
        garment.lines.append(points((-waist * 1.05, y), (waist * 1.05, y)))
    if rng.random() < 0.35:
        garment.lines.append(points((0, 0.08), (0, crotch * 0.95)))
    if rng.random() < 0.3:
        garment.lines.extend(both_sides(points((waist * 0.5, 0.1), (hip * 0.95, crotch * 0.5))))
    return garment


# Bags -------------------------------------------------------------------------------------------


def bag(rng: np.random.Generator) -> Garment:
    """A bag with a handle, a strap or neither, perhaps with a flap, clasp or pocket."""
    high, top, low = rng.uniform(0.45, 1.3), rng.uniform(0.35, 0.6), rng.uniform(0.35, 0.65)
    round_ = rng.uniform(0, 0.3)
    half = points((0, 0), (top - 0.05, 0), (top, 0.05), (low, high - round_), (low * 0.9, high))
    garment = garment_of(mirrored(np.concatenate([half, points((0, high))])))
    kind = rng.random()
    if kind < 0.8:
        wide = top * (rng.uniform(0.35, 0.7) if kind < 0.6 else rng.uniform(0.8, 1.0))
        tall = rng.uniform(0.15, 0.5) if kind < 0.6 else rng.uniform(0.4, 1.2)
        loop = arc((rng.normal() * 0.05, 0.03), (wide, tall), 180, 360)
        if rng.random() < 0.35:  # a loop that was filled, with a line where the bag begins
            garment.cloth.append(loop)
            garment.lines.append(points((-top, 0.02), (top, 0.02)))
        else:
            garment.cloth.append(band(loop, rng.uniform(0.04, 0.12)))
        if rng.random() < 0.3:
            garment.lines.append(loop * (0.7, 0.7))
    if rng.random() < 0.45:  # a flap
        flap = rng.uniform(0.25, 0.6) * high
        garment.lines.append(points((-top, flap * 0.7), (0, flap), (top, flap * 0.7)))
    if rng.random() < 0.35:
        y = rng.uniform(0.3, 0.6) * high
        garment.lines.append(arc((0, y), (0.07, 0.06), 0, 360))
    if rng.random() < 0.3:
        y = rng.uniform(0.4, 0.7) * high
        garment.lines.append(points((-0.25, high * 0.95), (-0.25, y), (0.25, y), (0.25, high)))
    return garment
