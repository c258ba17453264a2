"""The images nearest to a given one, exactly, without comparing all pixels of all images.

Projecting on a few orthonormal directions can only shorten a distance. So a distance between
projections is a lower bound: only images whose bound is within reach need their pixels compared.
"""

import numpy as np

DIRECTIONS = 64
# Found on this many images; any orthonormal directions would give the same answers, later.
SAMPLE = 4000
# Images per step; one block of float32 takes 6 MB.
BLOCK = 2000


def _principal_directions(centred: np.ndarray) -> np.ndarray:
    """Return about the directions in which `centred` (n, pixels) varies most: (pixels, k), float32.

    Subspace iteration: a full eigendecomposition takes seconds where other processes keep the
    cores busy, and these need not be exact eigenvectors, only orthonormal.
    """
    gram = centred.T @ centred
    count = min(DIRECTIONS, gram.shape[0])
    directions = np.random.default_rng(0).standard_normal((gram.shape[0], count))
    for _ in range(4):
        directions, _ = np.linalg.qr(gram @ directions)
    return directions.astype(np.float32)


class NeighbourIndex:
    """Finds nearest images in pixel space; holds 16 MB beside the 60,000 images it is given."""

    def __init__(self, images: np.ndarray) -> None:
        self._images = images.reshape(len(images), -1)
        sample = self._images[:: max(1, len(images) // SAMPLE)].astype(np.float32)
        self._centre = sample.mean(axis=0)
        self._directions = _principal_directions(sample - self._centre)
        self._projected = np.concatenate(
            [self._project(self._images[i : i + BLOCK]) for i in range(0, len(images), BLOCK)]
        )
        self._squares = (self._projected**2).sum(axis=1)

    def _project(self, pixels: np.ndarray) -> np.ndarray:
        """Return float32 (n, directions + 1): coordinates, then the length of what they miss.

        Two remainders differ by at least the difference of their lengths, so the last column
        tightens the bound like one more direction.
        """
        centred = pixels.astype(np.float32) - self._centre
        coordinates = centred @ self._directions
        rest = (centred**2).sum(axis=1) - (coordinates**2).sum(axis=1)
        return np.column_stack([coordinates, np.sqrt(np.maximum(rest, 0))])

    def nearest(
        self, image: np.ndarray, count: int, leave_out: int | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the `count` nearest images and their distances, nearest first.

        `image` is uint8 (28, 28). The answer is the indices, int64 (count,), and the root mean
        square differences in grey levels, float64 (count,); of equally distant images the lower
        index comes first. `leave_out` is the image's own index where it is one of the indexed.
        """
        pixels = image.reshape(1, -1).astype(np.int32)
        query = self._project(pixels)[0]
        bounds = self._squares - 2 * (self._projected @ query) + (query**2).sum()
        if leave_out is not None:
            bounds[leave_out] = np.inf
        count = min(count, len(bounds) - (leave_out is not None))
        if count < 1:
            return np.empty(0, np.int64), np.empty(0)
        # The exact distances of the most promising images say how far there is to look.
        glance = min(20 * count, len(bounds))
        promising = np.argpartition(bounds, glance - 1)[:glance]
        reach = np.partition(self._exact(promising, pixels), count - 1)[count - 1]
        # float32 rounding of the bounds stays far below this slack.
        candidates = np.flatnonzero(bounds <= reach + 1e-4 * (self._squares.max() + reach))
        exact = self._exact(candidates, pixels)
        # Candidates ascend, so a stable sort puts the lower index first among equals.
        order = np.argsort(exact, kind="stable")[:count]
        return candidates[order], np.sqrt(exact[order] / pixels.size)

    def _exact(self, indices: np.ndarray, pixels: np.ndarray) -> np.ndarray:
        """Return the squared pixel distances of the images at `indices`: int64."""
        distances = np.empty(len(indices), np.int64)
        for i in range(0, len(indices), BLOCK):
            block = self._images[indices[i : i + BLOCK]].astype(np.int32) - pixels
            distances[i : i + BLOCK] = np.einsum("ij,ij->i", block, block)
        return distances
