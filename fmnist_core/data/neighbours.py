"""The images nearest to a given one, exactly, without comparing all pixels of all images.

An image is summarised by the mean and the spread of each 4×4 tile. Two images differ by at least
as much as their summaries do (Cauchy-Schwarz, tile by tile), so only images whose summaries are
near enough need their pixels compared.
"""

import numpy as np

# Images per step; one block of float32 takes 6 MB.
BLOCK = 2000
TILE = 4


def _summary(images: np.ndarray) -> np.ndarray:
    """Return float32 (n, 98), whose Euclidean distances never exceed those of the pixels.

    Per tile of 16 pixels: 4 × the mean, and the length of what remains without the mean.
    """
    count, height, width = images.shape
    tiles = images.astype(np.float32).reshape(count, height // TILE, TILE, width // TILE, TILE)
    tiles = tiles.swapaxes(2, 3).reshape(count, -1, TILE * TILE)
    mean = tiles.mean(axis=2, keepdims=True)
    spread = np.sqrt(((tiles - mean) ** 2).sum(axis=2))
    return np.concatenate([TILE * mean[..., 0], spread], axis=1)


class NeighbourIndex:
    """Finds nearest images in pixel space; holds 24 MB beside the 60,000 images it is given."""

    def __init__(self, images: np.ndarray) -> None:
        self._images = images
        blocks = range(0, len(images), BLOCK)
        self._summaries = np.concatenate([_summary(images[i : i + BLOCK]) for i in blocks])
        self._squares = (self._summaries**2).sum(axis=1)

    def nearest(
        self, image: np.ndarray, count: int, leave_out: int | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the `count` nearest images and their distances, nearest first.

        `image` is uint8 (28, 28). The answer is the indices, int64 (count,), and the root mean
        square differences in grey levels, float64 (count,); of equally distant images the lower
        index comes first. `leave_out` is the image's own index where it is one of the indexed.
        """
        summary = _summary(image[None])[0]
        bounds = self._squares - 2 * (self._summaries @ summary) + (summary**2).sum()
        if leave_out is not None:
            bounds[leave_out] = np.inf
        count = min(count, len(bounds) - (leave_out is not None))
        if count < 1:
            return np.empty(0, np.int64), np.empty(0)
        # The exact distances of the most promising images say how far there is to look.
        glance = min(20 * count, len(bounds) - (leave_out is not None))
        promising = np.argpartition(bounds, glance - 1)[:glance]
        reach = np.partition(self._exact(promising, image), count - 1)[count - 1]
        # float32 rounding of the bounds stays far below this slack.
        candidates = np.flatnonzero(bounds <= reach + 1e-4 * (self._squares.max() + reach))
        exact = self._exact(candidates, image)
        # Candidates ascend, so a stable sort puts the lower index first among equals.
        order = np.argsort(exact, kind="stable")[:count]
        return candidates[order], np.sqrt(exact[order] / image.size)

    def _exact(self, indices: np.ndarray, image: np.ndarray) -> np.ndarray:
        """Return the squared pixel distances of the images at `indices`: int64."""
        distances = np.empty(len(indices), np.int64)
        for i in range(0, len(indices), BLOCK):
            difference = self._images[indices[i : i + BLOCK]].astype(np.int32) - image
            distances[i : i + BLOCK] = (difference * difference).sum(axis=(1, 2))
        return distances
