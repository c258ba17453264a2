"""A network's weights as safetensors: plain numbers with names and shapes, nothing that runs."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from fmnist_core.training.progress import (
    LACKING,
    MISSHAPEN,
    NOT_FINITE,
    SUPERFLUOUS,
    UNREADABLE,
    TrainingError,
)

if TYPE_CHECKING:
    import keras


def to_safetensors(model: "keras.Model") -> bytes:
    """Return all weights in Keras's order, float32, named `000.kernel` and so on."""
    from safetensors.numpy import save

    return save(_named(model))


def load_safetensors(path: Path, model: "keras.Model") -> None:
    """Give a network the weights in a file; raises TrainingError where they are not its own."""
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        found = load_file(path)
    except (SafetensorError, OSError, ValueError) as error:
        raise TrainingError(UNREADABLE.format(error=str(error)[:100])) from None
    expected = _named(model)
    for name, array in expected.items():
        if name not in found:
            raise TrainingError(LACKING.format(name=name))
        if found[name].shape != array.shape or found[name].dtype != np.float32:
            raise TrainingError(
                MISSHAPEN.format(
                    name=name,
                    kind=found[name].dtype,
                    shape=found[name].shape,
                    expected=array.shape,
                )
            )
        if not np.isfinite(found[name]).all():
            raise TrainingError(NOT_FINITE.format(name=name))
    if extra := sorted(set(found) - set(expected)):
        raise TrainingError(SUPERFLUOUS.format(name=extra[0][:40]))
    model.set_weights([found[name] for name in expected])


def _named(model: "keras.Model") -> dict[str, np.ndarray]:
    return {
        f"{at:03}.{weight.name}": np.asarray(weight.numpy(), np.float32)
        for at, weight in enumerate(model.weights)
    }
