"""Which images excite a unit most, and which units nothing excites."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from fmnist_core.data.fashion_mnist import load as load_images
from fmnist_core.models.classifier import as_input
from fmnist_core.models.keras_models import Weights, load
from fmnist_core.tasks import step
from fmnist_core.translation import mark

if TYPE_CHECKING:
    import keras

AT_ONCE = 100
STRONGEST = 12
# What these give is only what came in, in another order or as it was.
_REPEATS = ("InputLayer", "Flatten", "Dropout")


class Units(NamedTuple):
    """A layer's units (its feature maps, where it has maps) on many images.

    `images` int64 (units, 12) are the indices of the images that excite each most, the strongest
    first, `values` float32 (units, 12) how much, and `places` int16 (units, 12, 2) in which row
    and column of the map, or -1. `dead` bool (units,) are those that gave the same value for
    every image and at every place: nothing in the picture reaches the answer through them.
    """

    images: np.ndarray
    values: np.ndarray
    places: np.ndarray
    dead: np.ndarray


def survey(weights: Weights, count: int) -> dict[int, Units]:
    """Return every layer's units by position, on the first `count` test images."""
    return units(load(weights), load_images("test").images[:count])


def units(model: "keras.Model", images: np.ndarray) -> dict[int, Units]:
    """Return every layer's units by position, on uint8 (n, 28, 28) images."""
    import keras

    wanted = [
        position
        for position, layer in enumerate(model.layers)
        if type(layer).__name__ not in _REPEATS
    ]
    part = keras.Model(model.input, [model.layers[position].output for position in wanted])
    most: list[list[np.ndarray]] = [[] for _ in wanted]
    least: list[list[np.ndarray]] = [[] for _ in wanted]
    where: list[list[np.ndarray]] = [[] for _ in wanted]
    for at in range(0, len(images), AT_ONCE):
        step(at / len(images), mark("Image {at:,} of {count:,}"), at=at, count=len(images))
        found = part(as_input(images[at : at + AT_ONCE]), training=False)
        # A network of one layer gives its output bare.
        for i, values in enumerate(keras.tree.flatten(found)):
            flat = np.asarray(values).reshape(len(values), -1, values.shape[-1])
            best = flat.argmax(1)
            most[i].append(np.take_along_axis(flat, best[:, None], 1)[:, 0])
            least[i].append(flat.min(1))
            where[i].append(best.astype(np.int16))
    return {
        position: _units(
            np.concatenate(most[i]),
            np.concatenate(least[i]),
            np.concatenate(where[i]),
            model.layers[position].output.shape,
        )
        for i, position in enumerate(wanted)
    }


def _units(most: np.ndarray, least: np.ndarray, where: np.ndarray, shape: tuple[int, ...]) -> Units:
    order = np.argsort(-most, axis=0, kind="stable")[:STRONGEST]
    places = np.full((*order.T.shape, 2), -1, np.int16)
    if len(shape) == 4:
        chosen = np.take_along_axis(where, order, 0).T
        places = np.stack(np.divmod(chosen, shape[2]), axis=-1).astype(np.int16)
    return Units(
        np.ascontiguousarray(order.T),
        np.ascontiguousarray(np.take_along_axis(most, order, 0).T),
        places,
        most.max(0) == least.min(0),
    )
