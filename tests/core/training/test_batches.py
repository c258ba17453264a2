"""Every image once an epoch, in an order that only seed and epoch decide."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fmnist_core.data.fashion_mnist import Images
from fmnist_core.recipes.hyperparameters import Augmentation
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.training.batches import Chunk, Feed

COUNT = 40
IMAGES = Images(
    np.arange(COUNT, dtype=np.uint8)[:, None, None].repeat(28, 1).repeat(28, 2),
    (np.arange(COUNT) % 10).astype(np.uint8),
)


def feed(batch_size: int = 8, chunk: int = 1, **changes: Any) -> Feed:  # noqa: ANN401 - options
    found = Feed(Recipe(batch_size=batch_size, **{"train_examples": COUNT, **changes}), IMAGES)
    found.chunk = chunk
    return found


def shown(chunks: list[Chunk]) -> list[int]:
    """The numbers of the images, in the order they come."""
    return [int(image[0, 0]) for chunk in chunks for image in chunk.images]


@given(
    batch_size=st.integers(1, 50),
    examples=st.integers(10, COUNT),
    chunk=st.integers(1, 7),
    first=st.integers(0, 5),
)
def test_an_epoch_has_every_image_once_however_it_is_cut(
    batch_size: int, examples: int, chunk: int, first: int
) -> None:
    whole = shown(list(feed(batch_size, train_examples=examples).epoch(3)))
    assert sorted(whole) == list(range(examples))
    chunks = list(feed(batch_size, chunk, train_examples=examples).epoch(3, first))
    assert shown(chunks) == whole[first * batch_size :]
    batches = -(-examples // batch_size)
    assert sum(part.batches for part in chunks) == max(0, batches - first)
    for part in chunks:
        assert (part.images[:, 0, 0] % 10 == part.labels).all()
        assert part.labels.dtype == np.int32


def test_order_depends_on_seed_and_epoch() -> None:
    orders = [shown(list(feed(seed=seed).epoch(epoch))) for seed, epoch in ((0, 0), (0, 1), (1, 0))]
    assert orders[0] == shown(list(feed().epoch(0)))
    assert len({tuple(order) for order in orders}) == 3


@pytest.mark.parametrize("chunk", [2, 5])
def test_images_are_varied_alike_however_the_epoch_is_cut(chunk: int) -> None:
    varied = Augmentation(shift=4, erase=0.5)
    single = list(feed(augmentation=varied).epoch(1))
    for first in (0, 3):
        joined = list(feed(chunk=chunk, augmentation=varied).epoch(1, first))
        for name in ("images", "labels"):
            one, other = (
                np.concatenate([getattr(part, name) for part in parts])
                for parts in (single[first:], joined)
            )
            assert np.array_equal(one, other)
    assert not np.array_equal(single[0].images, next(feed().epoch(1)).images)
    assert (IMAGES.images[:, 0, 0] == np.arange(COUNT)).all()  # the data stay as they are


def test_a_chunk_may_change_its_length_on_the_way() -> None:
    found = feed(chunk=1)
    lengths = []
    for part in found.epoch(0):
        lengths.append(part.batches)
        found.chunk = 3
    assert lengths == [1, 3, 1]
