"""What the engine's worker does; with `dask worker --preload`, a cluster's workers too."""

import threading
from pathlib import Path
from typing import Any

_warm = threading.Event()
_warming = threading.Lock()


def dask_setup(_worker: Any) -> None:  # noqa: ANN401 - Dask calls it with its Worker
    """Start to warm up in the background, as soon as the worker starts."""
    threading.Thread(target=warm_up, daemon=True).start()


def warm_up() -> None:
    """Return when this process has TensorFlow, Keras and the data at hand."""
    with _warming:
        if not _warm.is_set():
            from fmnist_core.training import train as training

            training.warm_up()
            _warm.set()


def train(folder: str) -> None:
    """Train the run in `folder`."""
    from fmnist_core.runs.run import Run
    from fmnist_core.training import train as training

    warm_up()  # else it would wait for the run's end, and the engine for it
    training.train(Run(Path(folder)))
