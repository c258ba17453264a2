# Pasted into the exported script, as training/script_augmentation.py says.
"""Sandals, sneakers and boots as solids built on a foot, for a camera to look at.

Coordinates are along the foot (toes at -0.6, heel at 0.6), across it, and up from the ground.
"""

from typing import NamedTuple

import numpy as np

Solid = np.ndarray  # float (..., 3)

STATIONS = np.linspace(0, 1, 14)  # from toes to heel
OVER = np.linspace(0, np.pi, 9)  # angles from one side over the top to the other


class Part(NamedTuple):
    """A piece of a shoe: cross-sections (n, m, 3) that span its surface, and what is on it."""

    surface: Solid
    other_colour: bool
    lines: list[Solid]
    patches: list[Solid]


def part_of(surface: Solid, other_colour: bool = False) -> Part:
    """Return a part with nothing on it yet."""
    return Part(surface, other_colour, [], [])


def along(at: np.ndarray) -> np.ndarray:
    """Return the coordinate along the foot of places from 0, the toes, to 1, the heel."""
    return 1.2 * at - 0.6


class Foot:
    """Widths of one foot, drawn at random."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.half = rng.uniform(0.19, 0.28)
        self.blunt = rng.uniform(0.3, 0.55)
        self.waist = rng.uniform(0, 0.3)
        self.lean = rng.uniform(-0.05, 0.05)

    def width(self, at: np.ndarray) -> np.ndarray:
        """Return half the width at each place, next to nothing at both ends of the foot."""
        round_ends = np.sin(np.pi * (0.02 + 0.96 * at)) ** self.blunt
        return self.half * round_ends * (1 - self.waist * np.exp(-(((at - 0.62) / 0.2) ** 2)))

    def arches(self, at: np.ndarray, low: np.ndarray, high: np.ndarray, boxy: np.ndarray) -> Solid:
        """Return arches over the foot, (n, 9, 3), from `low` up to `high` and down again.

        `boxy` is 1 for an ellipse and less for upright walls; all arguments have shape (n,).
        """
        across = np.sign(np.cos(OVER)) * np.abs(np.cos(OVER)) ** boxy[:, None]
        y = self.width(at)[:, None] * across + (self.lean * np.sin(np.pi * at))[:, None]
        z = low[:, None] + (high - low)[:, None] * np.sin(OVER) ** boxy[:, None]
        return np.stack([np.broadcast_to(along(at)[:, None], y.shape), y, z], 2)

    def sole(self, thick: float, rise: np.ndarray, grow: float) -> Solid:
        """Return rings (14, 4, 3) about a sole `thick` thick, lifted by `rise` (14,)."""
        y, x = grow * self.width(STATIONS), along(STATIONS)
        corners = ((-1, 0.0), (1, 0.0), (1, thick), (-1, thick))
        return np.stack([np.stack([x, side * y, rise + up], 1) for side, up in corners], 1)

    def peg(self, heel: float, grow: float, first: int) -> Solid:
        """Return rings about a heel `heel` high, from station `first` on."""
        return self.sole(heel, np.zeros(len(STATIONS)), grow)[first:]


def lifted(heel: float, power: float) -> np.ndarray:
    """Return how high a sole on a heel is at each station, (14,)."""
    return heel * np.clip((STATIONS - 0.3) / 0.6, 0, 1) ** power


def closed_shoe(rng: np.random.Generator, shaft: float) -> list[Part]:
    """Return a sneaker or boot, lowest part first; `shaft` is the height of its opening."""
    return _ClosedShoe(rng, shaft).parts(rng)


class _ClosedShoe:
    """The surface of a closed shoe, and where things lie on it."""

    def __init__(self, rng: np.random.Generator, shaft: float) -> None:
        is_boot = shaft > 0.55
        self.foot, self.thick = Foot(rng), rng.uniform(0.03, 0.14)
        toe, self.opening = rng.uniform(0.14, 0.3), rng.uniform(0.5, 0.66)
        steep = rng.uniform(1.5, 5.0) if is_boot else rng.uniform(0.9, 1.8)
        climb = np.clip((STATIONS - 0.12) / (self.opening - 0.12), 0, 1) ** steep
        self.heel = rng.uniform(0.08, 0.25) if is_boot and rng.random() < 0.3 else 0.0
        self.rise = lifted(self.heel, 1.0)
        top = max(shaft, toe + 0.08)
        back = rng.uniform(0, 0.05) * (STATIONS > 0.9)
        self.high = self.thick + toe + (top - toe) * climb + back + self.rise
        self.boxy = np.where(self.opening > STATIONS, rng.uniform(0.5, 1.0), 0.45)

    def parts(self, rng: np.random.Generator) -> list[Part]:
        """Return sole, heel and upper with all that is on them."""
        sole = part_of(
            self.foot.sole(self.thick, self.rise, rng.uniform(1.02, 1.12)), rng.random() < 0.7
        )
        surface = self.foot.arches(STATIONS, self.thick + self.rise, self.high, self.boxy)
        upper = part_of(surface)
        self._mouth(upper, rng)
        if rng.random() < 0.65:
            self._laces(upper, rng)
        if rng.random() < 0.3:
            self._toe_cap(upper, rng)
        for side in (False, True):
            if rng.random() < 0.3:
                self._stripes(upper, side, rng)
        heel = [part_of(self.foot.peg(self.heel, 1.0, 10), sole.other_colour)] if self.heel else []
        return [sole, *heel, upper]

    def _over(self, at: float, angles: np.ndarray) -> Solid:
        """Return points on the shoe at one place along the foot, by angle over the top."""
        place = np.array([at])
        high, boxy = (np.interp(place, STATIONS, values) for values in (self.high, self.boxy))
        arch = self.foot.arches(place, np.array([self.thick]), high, boxy)[0]
        return np.stack([np.interp(angles, OVER, arch[:, axis]) for axis in range(3)], 1)

    def _mouth(self, upper: Part, rng: np.random.Generator) -> None:
        """One looks into the opening."""
        turn = np.linspace(0, 2 * np.pi, 16)
        reach = (1 - self.opening) / 2 * rng.uniform(0.7, 0.95)
        at = (self.opening + 1) / 2 + reach * np.cos(turn)
        y = 0.85 * self.foot.width(np.clip(at, 0, 1)) * np.sin(turn)
        mouth = np.stack([along(at), y, np.interp(at, STATIONS, self.high)], 1)
        upper.lines.append(mouth)
        if rng.random() < 0.85:
            upper.patches.append(mouth)

    def _laces(self, upper: Part, rng: np.random.Generator) -> None:
        first, last = rng.uniform(0.22, 0.36), self.opening + 0.02
        spread = rng.uniform(0.25, 0.6)
        across = np.pi / 2 + np.linspace(-spread, spread, 5)
        for at in np.linspace(first, last, int(rng.integers(3, 7))):
            upper.lines.append(self._over(at, across))
        if rng.random() < 0.4:  # a tongue of another colour
            rows = np.stack([self._over(at, across) for at in np.linspace(first, last, 4)])
            upper.patches.append(np.concatenate([rows[:, 0], rows[::-1, -1]]))

    def _toe_cap(self, upper: Part, rng: np.random.Generator) -> None:
        rim = self._over(rng.uniform(0.1, 0.24), OVER)
        upper.lines.append(rim)
        if rng.random() < 0.5:
            upper.patches.append(np.concatenate([rim, upper.surface[0][:1]]))

    def _stripes(self, upper: Part, far_side: bool, rng: np.random.Generator) -> None:
        """Stripes or a badge on one side."""
        angles = np.array([0.25, 1.0])
        low, high = np.pi - angles if far_side else angles
        start = rng.uniform(0.35, 0.6)
        for number in range(int(rng.integers(1, 4))):
            at = min(start + 0.09 * number, 0.95)
            mark = np.concatenate(
                [self._over(at, np.array([low])), self._over(at - 0.06, np.array([high]))]
            )
            upper.lines.append(mark)
            if rng.random() < 0.5:
                beside = mark + np.array([0.06, 0, 0])
                upper.patches.append(np.concatenate([mark, beside[::-1]]))


def open_shoe(rng: np.random.Generator) -> list[Part]:
    """Return a sandal, lowest part first: a sole, and straps over a foot that is not there."""
    foot, thick = Foot(rng), rng.uniform(0.04, 0.14)
    heel = rng.uniform(0.08, 0.5) if rng.random() < 0.4 else 0.0
    rise = lifted(heel, 1.2)
    sole = part_of(foot.sole(thick, rise, 1.0))
    insole = np.concatenate([sole.surface[:, 2], sole.surface[::-1, 3]])
    sole.patches.append(insole)
    sole.lines.append(np.concatenate([insole, insole[:1]]))
    parts = [sole]
    if heel:
        parts.insert(0, part_of(foot.peg(heel, rng.uniform(0.3, 1.0), int(rng.integers(8, 12)))))
    other_colour = rng.random() < 0.5
    if rng.random() < 0.75:
        parts += _ankle_strap(foot, thick + rise, other_colour, rng)
    for _ in range(int(rng.integers(1, 4))):
        parts.append(part_of(_strap(foot, thick + rise, rng), other_colour))
    return parts


def _strap(foot: Foot, ground: np.ndarray, rng: np.random.Generator) -> Solid:
    """Return a strap across the foot, (2, 9, 3), perhaps aslant; `ground` is the sole's top."""
    at, wide, slant = rng.uniform(0.1, 0.6), rng.uniform(0.04, 0.16), rng.normal() * 0.05
    places = np.array([at, at + wide])
    low = np.full(2, np.interp(at, STATIONS, ground))
    strap = foot.arches(places, low, low + 0.1 + 0.25 * at, np.ones(2))
    strap[..., 0] += slant * np.cos(OVER)
    return strap


def _ankle_strap(
    foot: Foot, ground: np.ndarray, other_colour: bool, rng: np.random.Generator
) -> list[Part]:
    """Return a strap round the heel or the ankle, and what holds it."""
    low, tall = rng.uniform(0.08, 0.45), rng.uniform(0.04, 0.12)
    first, half = rng.uniform(0.6, 0.8), foot.half * 0.8
    turn = np.linspace(-np.pi / 2, np.pi / 2, 9)
    x, y = along(first + (1 - first) * np.cos(turn)), half * np.sin(turn)
    base = float(np.interp(first, STATIONS, ground))
    rings = [np.stack([x, y, np.full(9, base + low + up)], 1) for up in (0.0, tall)]
    if rng.random() < 0.6:  # closed in front
        rings = [np.concatenate([ring, ring[:1] - (0.04, 0, 0), ring[:1]]) for ring in rings]
    parts = [part_of(np.stack(rings, 1), other_colour)]
    if rng.random() < 0.6:
        for side in (half, -half):
            upright = np.array([(along(np.array(first)), side, base + up) for up in (0.0, low)])
            wide = (rng.uniform(0.02, 0.05), 0, 0)
            parts.append(part_of(np.stack([upright - wide, upright + wide], 1), other_colour))
    return parts
