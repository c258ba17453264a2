"""Images -> probabilities and features with LiteRT; knows no page, no run and no TensorFlow."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fmnist_core.litert import InferenceError, Network

# Small enough that a visitor's single image never waits long behind somebody's 10,000,
# large enough that the cost of a call disappears (measured: 64 is the fastest per image).
_CHUNK = 64


def as_input(images: np.ndarray) -> NDArray[np.float32]:
    """Return `images` as float32 of shape (n, 28, 28, 1) in 0..1, the networks' input.

    Takes (28, 28), (n, 28, 28) or (n, 28, 28, 1), as uint8 0..255 or as floats already in 0..1.
    Raises InferenceError for another shape, for values outside the range and for NaN.
    """
    given = np.asarray(images)
    array = given[None] if given.ndim == 2 else given
    array = array[..., None] if array.ndim == 3 else array
    if array.ndim != 4 or array.shape[1:] != (28, 28, 1):
        raise InferenceError(
            f"Got images of shape {given.shape}; expected (28, 28) or (n, 28, 28). "
            "Bring pictures to 28×28 first, for example with fmnist_core.preprocessing.prepare."
        )
    if array.dtype == np.uint8:
        return (array / np.float32(255)).astype(np.float32, copy=False)
    array = array.astype(np.float32)
    # One comparison that is also false for NaN.
    if array.size and not (array.min() >= 0 and array.max() <= 1):
        raise InferenceError(
            f"Got values from {array.min():g} to {array.max():g}; expected uint8 0 to 255, "
            "or floats from 0 (background) to 1 (ink)."
        )
    return array


class Classifier:
    """One .tflite network; may be shared by threads.

    The file is read once, checked against `sha256` when that is given, and never read again.
    Raises InferenceError when it is missing, altered, or not a network of this project: one
    input (n, 28, 28, 1) and the outputs `probabilities` and `features`.
    """

    def __init__(self, path: Path, sha256: str | None = None, classes: int = 10) -> None:
        self.path, self._classes = path, classes
        self._network = Network(path, sha256)
        inputs, outputs = self._network.inputs, self._network.outputs
        shapes, found = list(inputs.values()), outputs.get("probabilities", [0])[-1]
        if shapes != [[-1, 28, 28, 1]] or found != classes or "features" not in outputs:
            raise InferenceError(
                f"{path} takes {shapes} and gives {outputs}; expected (n, 28, 28, 1) in, "
                f"{classes} probabilities and the features out."
            )
        (self._input,) = inputs
        self._width = outputs["features"][-1]

    def predict(self, images: np.ndarray) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return probabilities (n, classes), rows summing to 1, and features (n, d) of the images.

        The features are what the layer before the last one gives. `images` as in `as_input`.
        """
        batch = as_input(images)
        probabilities = np.empty((len(batch), self._classes), np.float32)
        features = np.empty((len(batch), self._width), np.float32)
        for start in range(0, len(batch), _CHUNK):
            chunk = np.ascontiguousarray(batch[start : start + _CHUNK])
            outputs = self._network(**{self._input: chunk})
            probabilities[start : start + len(chunk)] = outputs["probabilities"]
            features[start : start + len(chunk)] = outputs["features"]
        return probabilities, features

    def probabilities(self, images: np.ndarray) -> NDArray[np.float32]:
        """Return float32 (n, classes), usually ten in the order of CLASS_NAMES."""
        return self.predict(images)[0]

    def features(self, images: np.ndarray) -> NDArray[np.float32]:
        """Return float32 (n, d), the outputs of the layer before the last one."""
        return self.predict(images)[1]
