"""What every layer of a network makes of one image."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from fmnist_core.explanations.receptive_field import ReceptiveField, receptive_fields
from fmnist_core.models.classifier import as_input
from fmnist_core.models.keras_models import Weights, load

if TYPE_CHECKING:
    import keras


class LayerOutput(NamedTuple):
    """What a layer gives: float32 (height, width, channels) or (units,).

    `position` is the layer's in the Keras network, 0 being the image itself; `kind` its Keras
    class; `activation` the name of its activation, "linear" without one; `parameters` counts its
    weights; `field` is what its units see, None where they see all.
    """

    position: int
    kind: str
    activation: str
    values: np.ndarray
    parameters: int
    field: ReceptiveField | None

    @property
    def channels(self) -> int:
        """The number of its feature maps, or of its units."""
        return int(self.values.shape[-1])


def feature_maps(weights: Weights, image: np.ndarray) -> list[LayerOutput]:
    """Return what each layer gives for a uint8 (28, 28) image, the image (0 to 1) first."""
    return outputs(load(weights), image)


def outputs(model: "keras.Model", image: np.ndarray) -> list[LayerOutput]:
    """Return what each layer of any network of ours gives for a uint8 (28, 28) image."""
    import keras

    every = keras.Model(model.input, [layer.output for layer in model.layers])
    values = every(as_input(image), training=False)
    fields = receptive_fields(model)
    return [
        LayerOutput(
            position,
            type(layer).__name__,
            activation_of(layer),
            np.asarray(found)[0],
            layer.count_params(),
            field,
        )
        for position, (layer, found, field) in enumerate(
            zip(model.layers, values, fields, strict=True)
        )
    ]


def activation_of(layer: "keras.layers.Layer") -> str:
    """Return the name of a layer's activation, "linear" without one."""
    function = getattr(layer, "activation", None)
    return getattr(function, "__name__", "linear") if function is not None else "linear"
