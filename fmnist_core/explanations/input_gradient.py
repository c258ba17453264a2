"""The input gradient: how the score would change with each pixel (Simonyan et al. 2014)."""

from typing import TYPE_CHECKING

import numpy as np

from fmnist_core.explanations.score import gradients

if TYPE_CHECKING:
    import keras


def input_gradient(model: "keras.Model", image: np.ndarray, label: int) -> np.ndarray:
    """Return the gradient of the score of `label`, float32 (28, 28), for a uint8 (28, 28) image.

    Positive where more ink would speak for the class, per 255 grey levels. arXiv:1312.6034.
    """
    return gradients(model, image, label)[0]
