"""The formats of a trained network: what each file is called, and how it is made."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fmnist_core.data.fashion_mnist import load
from fmnist_core.models.catalogue import Model
from fmnist_core.translation import mark

# Written with values in them; pages translate them by `retold`.
NO_WEIGHTS = mark("{title} has no weights to export: train it first.")

CALIBRATION_IMAGES = 300  # training images whose activations set the ranges of 8 bits


class ExportError(Exception):
    """A model cannot be had in a format; the message is one sentence for the visitor."""


@dataclass(frozen=True)
class Format:
    """A file for another runtime: its title, its ending, and how it is made from a model."""

    title: str
    ending: str
    make: Callable[[Model], bytes]


def _keras(model: Model) -> bytes:
    return model.keras_file.read_bytes()


def _litert(model: Model) -> bytes:
    return model.tflite_file.read_bytes()


def _litert_int8(model: Model) -> bytes:
    """Return the network with weights and activations of 8 bits; input and output stay float32."""
    import keras

    from fmnist_core.models.convert import to_tflite

    images = load("train").images[:CALIBRATION_IMAGES]
    network = keras.models.load_model(model.keras_file)
    return to_tflite(network, from_logits=model.recipe.from_logits, calibration=images)


def _onnx(model: Model) -> bytes:
    """Return the network as ONNX: input `image`, float32 (n, 28, 28, 1) in 0 to 1."""
    import keras
    import numpy as np

    network = keras.models.load_model(model.keras_file)
    if model.recipe.from_logits:
        network = keras.Sequential([network, keras.layers.Softmax()])
    network(np.zeros((1, 28, 28, 1), np.float32))  # a network that never ran is not exported
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.onnx"
        network.export(path, format="onnx", verbose=False)
        return path.read_bytes()


def _safetensors(model: Model) -> bytes:
    """Return the weights alone, float32, which the Runs page imports with the recipe."""
    import keras

    from fmnist_core.training.weights import to_safetensors

    return to_safetensors(keras.models.load_model(model.keras_file))


FORMATS: dict[str, Format] = {
    "keras": Format("Keras", ".keras", _keras),
    "safetensors": Format(mark("Weights"), ".safetensors", _safetensors),
    "litert": Format("LiteRT", ".tflite", _litert),
    "litert-int8": Format(mark("LiteRT, 8 bits"), "-int8.tflite", _litert_int8),
    "onnx": Format("ONNX", ".onnx", _onnx),
}


def export(model: Model, name: str) -> bytes:
    """Return a model's file in the format `name`; raises ExportError where it has no weights."""
    if not (model.ready and model.keras_file.is_file()):
        raise ExportError(NO_WEIGHTS.format(title=model.title))
    return FORMATS[name].make(model)
