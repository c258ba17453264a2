# Pasted into the exported script, as training/script_augmentation.py says.
"""The shape of a foot in three dimensions, on which shoes are built.

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
