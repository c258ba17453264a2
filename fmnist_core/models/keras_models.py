"""Keras networks on the engine's worker, opened once and kept for the next question."""

import math
import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from fmnist_core import files
from fmnist_core.models.catalogue import Model, ModelError
from fmnist_core.runs.run import MODEL

if TYPE_CHECKING:
    import keras

# What the weights of all kept networks may take together; the last one is always kept.
KEPT_BYTES = 150e6

_kept: "OrderedDict[tuple[object, ...], keras.Model]" = OrderedDict()
_lock = threading.RLock()


class Weights(NamedTuple):
    """Which network a task works with: its folder, its file's time of change, its SHA-256.

    A run that went on has new weights in the old folder, so the folder alone would not do. The
    SHA-256 is None for runs, which this server wrote itself.
    """

    folder: str
    changed: int
    sha256: str | None = None


def weights_of(model: Model) -> Weights:
    """Return the weights of a model, for `load`; needs no Keras. Raises ModelError without any."""
    try:
        changed = model.keras_file.stat().st_mtime_ns
    except OSError:
        raise ModelError(model.no_weights) from None
    return Weights(str(model.folder), changed, model.digest(MODEL))


def load(weights: Weights) -> "keras.Model":
    """Return the network, float32 (n, 28, 28, 1) in 0 to 1 to (n, 10); shared, so never change it.

    Its output is logits or probabilities as its recipe says; `logits` gives logits always. Raises
    ModelError when the file is missing, altered or damaged.
    """
    return _keep(("trained", weights), lambda: _read(weights))


def load_logits(weights: Weights) -> "keras.Model":
    """Return the network as `logits` makes it from `load`'s, kept like that; raises ModelError."""
    return _keep(("logits", weights), lambda: logits(load(weights)))


def load_random(weights: Weights, seed: int) -> "keras.Model":
    """Return a network like `load_logits`'s with weights drawn anew; raises ModelError."""
    return _keep(("random", weights, seed), lambda: randomised(load_logits(weights), seed))


def _keep(key: tuple[object, ...], make: "Callable[[], keras.Model]") -> "keras.Model":
    with _lock:
        model = _kept.get(key)
        if model is None:
            model = _kept[key] = make()
        _kept.move_to_end(key)
        while len(_kept) > 1 and sum(4 * m.count_params() for m in _kept.values()) > KEPT_BYTES:
            _kept.popitem(last=False)
        return model


def _read(weights: Weights) -> "keras.Model":
    import keras

    path = Path(weights.folder) / MODEL
    try:
        if weights.sha256 is not None:
            wrong = files.altered(path.read_bytes(), weights.sha256)
            if wrong:
                raise ModelError(
                    f"{path} is not the file its card describes: {wrong}. Restore it from the "
                    "repository."
                )
        return keras.models.load_model(path, compile=False)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{path} cannot be opened as a network: {error}.") from None


def logits(model: "keras.Model") -> "keras.Model":
    """Return a network of the same layers that gives what comes before the softmax, if it has one.

    Gradients of probabilities vanish where a network is sure; those of logits do not.
    """
    import keras

    last = model.layers[-1]
    if getattr(last, "activation", None) is not keras.activations.softmax:
        return model
    if isinstance(last, keras.layers.Activation):
        return keras.Model(model.input, last.input)
    bare = type(last).from_config({**last.get_config(), "activation": "linear"})
    output = bare(last.input)
    bare.set_weights(last.get_weights())
    return keras.Model(model.input, output)


def randomised(model: "keras.Model", seed: int) -> "keras.Model":
    """Return a network of the same layers that has learned nothing.

    Kernels are drawn as by He et al. 2015 (normal, variance 2 / inputs), biases are zero, and
    normalisations do nothing: what a network is before its first step of training.
    """
    import keras

    twin = keras.models.clone_model(model)
    generator = np.random.default_rng(seed)
    alone = {
        layer.kernel.path
        for layer in twin.layers
        if isinstance(layer, keras.layers.DepthwiseConv2D)
    }
    for variable in twin.weights:
        shape, name = tuple(variable.shape), variable.name
        if len(shape) > 1:
            # A depthwise kernel sees one channel; its third side counts filters of their own.
            depthwise = name == "depthwise_kernel" or variable.path in alone
            inputs = shape[0] * shape[1] if depthwise else math.prod(shape[:-1])
            values = generator.normal(0, math.sqrt(2 / inputs), shape)
        else:
            values = np.full(shape, float(name in ("gamma", "moving_variance")))
        variable.assign(values.astype(np.float32))
    return twin
