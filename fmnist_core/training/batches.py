"""Training images in the order that seed and epoch decide, in chunks of whole batches."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from fmnist_core.augmentation.augment import augment
from fmnist_core.data.fashion_mnist import Images
from fmnist_core.recipes.recipe import Recipe

LONGEST_CHUNK = 256  # batches


class Chunk(NamedTuple):
    """Images uint8 (n, 28, 28) and labels int32 (n,) of so many batches; the last may be short."""

    images: np.ndarray
    labels: np.ndarray
    batches: int


class Feed:
    """Hands out an epoch's chunks; `chunk`, in batches, may be changed while it does."""

    def __init__(self, recipe: Recipe, images: Images) -> None:
        self.recipe = recipe
        self.images = images.images[: recipe.train_examples]
        self.labels = images.labels[: recipe.train_examples].astype(np.int32)
        self.batches = -(-len(self.labels) // recipe.batch_size)
        self.chunk = 1

    def epoch(self, epoch: int, batch: int = 0) -> Iterator[Chunk]:
        """Yield the chunks of an epoch (0-based) from `batch` (0-based) on."""
        order = np.random.default_rng((self.recipe.seed, epoch)).permutation(len(self.labels))
        if not self.recipe.augmentation:
            for first, last in self._pieces(batch):
                yield self._gather(order, epoch, first, last)
            return
        # The next chunk is varied while the network trains on this one.
        with ThreadPoolExecutor(1, thread_name_prefix="augmentation") as pool:
            waiting = None
            for first, last in self._pieces(batch):
                following = pool.submit(self._gather, order, epoch, first, last)
                if waiting is not None:
                    yield waiting.result()
                waiting = following
            if waiting is not None:
                yield waiting.result()

    def _pieces(self, first: int) -> Iterator[tuple[int, int]]:
        while first < self.batches:
            last = min(first + self.chunk, self.batches)
            yield first, last
            first = last

    def _gather(self, order: np.ndarray, epoch: int, first: int, last: int) -> Chunk:
        size = self.recipe.batch_size
        chosen = order[first * size : last * size]
        images, labels = self.images[chosen], self.labels[chosen]
        if self.recipe.augmentation:
            for batch in range(first, last):
                part = slice((batch - first) * size, (batch - first + 1) * size)
                rng = np.random.default_rng((self.recipe.seed, epoch, batch))
                images[part] = augment(images[part], labels[part], self.recipe.augmentation, rng)
        return Chunk(images, labels, last - first)
