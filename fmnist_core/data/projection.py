"""Many numbers an item -> two on a map: principal components, and places among neighbours."""

from dataclasses import dataclass

import numpy as np

BLOCK = 4096  # rows at once, so that float64 copies stay small
EXACT_WIDTH = 1024
SPARE = 10  # directions more than asked for make the last ones right
ITERATIONS = 5
LARGEST = 65_535  # coordinates travel as uint16


@dataclass(frozen=True)
class Components:
    """Principal components (Pearson 1901): the directions in which items differ most.

    `mean` is float64 (d,), `axes` float64 (d, k), each of length 1 and with its largest entry
    positive, so that a map never flips; `share` float64 (k,) is each one's share of the variance.
    """

    mean: np.ndarray
    axes: np.ndarray
    share: np.ndarray

    def project(self, items: np.ndarray) -> np.ndarray:
        """Return float32 (n, k): where the (n, d) items lie along the axes."""
        places = np.empty((len(items), self.axes.shape[1]), np.float32)
        for start in range(0, len(items), BLOCK):
            places[start : start + BLOCK] = (items[start : start + BLOCK] - self.mean) @ self.axes
        return places


def components(items: np.ndarray, count: int = 2) -> Components:
    """Return the first `count` principal components of (n, d) items, n at least 1.

    Exact for up to 1,024 dimensions; beyond, by subspace iteration from a fixed random start
    (Halko, Martinsson and Tropp 2011), which is as good as exact for the first few. Where the
    items have fewer dimensions than `count`, the axes that are left are zero, and so is their
    share.
    """
    mean = items.mean(0, dtype=np.float64)
    if items.shape[1] <= EXACT_WIDTH:
        covariance = _times_covariance(items, mean, None)
        values, vectors = np.linalg.eigh(covariance)
        total = float(np.trace(covariance))
    else:
        values, vectors = _subspace(items, mean, count + SPARE)
        total = float(((items - mean) ** 2).sum() / len(items))
    kept = min(count, items.shape[1])
    axes, share = np.zeros((items.shape[1], count)), np.zeros(count)
    axes[:, :kept] = vectors[:, ::-1][:, :kept]
    share[:kept] = values[::-1][:kept].clip(0) / max(total, 1e-12)
    largest = np.abs(axes).argmax(0)
    axes *= np.where(axes[largest, np.arange(count)] < 0, -1, 1)
    return Components(mean, axes, share)


def _times_covariance(items: np.ndarray, mean: np.ndarray, by: np.ndarray | None) -> np.ndarray:
    """Return the (d, d) covariance of the items, or its product with `by` (d, k)."""
    product = np.zeros((items.shape[1], items.shape[1] if by is None else by.shape[1]))
    for start in range(0, len(items), BLOCK):
        block = items[start : start + BLOCK] - mean
        product += block.T @ (block if by is None else block @ by)
    return product / len(items)


def _subspace(items: np.ndarray, mean: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return about the `count` largest eigenvalues of the covariance, ascending, and vectors."""
    basis = np.random.default_rng(0).standard_normal((items.shape[1], count))
    for _ in range(ITERATIONS):
        basis, _ = np.linalg.qr(_times_covariance(items, mean, basis))
    values, turned = np.linalg.eigh(basis.T @ _times_covariance(items, mean, basis))
    return values, basis @ turned


@dataclass(frozen=True)
class Frame:
    """The square that a map shows: its `center` float64 (2,) and half its side, `reach`."""

    center: np.ndarray
    reach: float

    @classmethod
    def around(cls, places: np.ndarray) -> "Frame":
        """Return the smallest square around (n, 2) places, with a little room at its edges."""
        low, high = places.min(0).astype(np.float64), places.max(0).astype(np.float64)
        return cls((low + high) / 2, max(float((high - low).max()) / 2 * 1.04, 1e-9))

    def quantised(self, places: np.ndarray) -> np.ndarray:
        """Return uint16 (n, 2), 0 to 65,535 across the square; what lies outside is at its edge."""
        scaled = (places - self.center) / (2 * self.reach) + 0.5
        return np.rint(scaled.clip(0, 1) * LARGEST).astype(np.uint16)


def among(places: np.ndarray, distances: np.ndarray) -> np.ndarray:
    """Return float64 (2,): where an item belongs whose neighbours lie at (k, 2) `places`.

    The median of each coordinate, weighted by one over the distance: a neighbour in another part
    of the map does not pull the item into the empty space between.
    """
    weights = 1 / np.maximum(np.asarray(distances, np.float64), 1e-6)
    found = np.empty(2)
    for axis in range(2):
        order = np.argsort(places[:, axis], kind="stable")
        reached = np.cumsum(weights[order])
        found[axis] = places[order[np.searchsorted(reached, reached[-1] / 2)], axis]
    return found


def inside(places: np.ndarray, polygon: np.ndarray) -> np.ndarray:
    """Return which of the (n, 2) places lie within the closed polygon, bool (n,).

    `polygon` is (m, 2), its corners in order; parts that a crossing line encloses twice are out
    (even-odd rule). A point exactly on an edge may fall on either side.
    """
    x, y = places[:, 0].astype(np.float64), places[:, 1].astype(np.float64)
    within = np.zeros(len(places), bool)
    corners = np.asarray(polygon, np.float64)
    for (x1, y1), (x2, y2) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        if y1 == y2:
            continue
        crosses = (y1 > y) != (y2 > y)
        within ^= crosses & (x < (x2 - x1) * (y - y1) / (y2 - y1) + x1)
    return within
