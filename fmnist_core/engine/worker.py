"""What the engine's worker does; with `dask worker --preload`, a cluster's workers too."""

import tempfile
import threading
from pathlib import Path
from typing import Any

from fmnist_core.recipes.host import go_first

_warm = threading.Event()
_warming = threading.Lock()


def dask_setup(_worker: Any) -> None:  # noqa: ANN401 - Dask calls it with its Worker
    """Start to warm up in the background, as soon as the worker starts.

    Its loss costs a run some seconds, that of the web process everybody everything.
    """
    go_first()
    threading.Thread(target=warm_up, daemon=True).start()


def warm_up() -> None:
    """Return when this process has TensorFlow, Keras and the data at hand."""
    with _warming:
        if not _warm.is_set():
            from fmnist_core.training import train as training

            training.warm_up()
            _warm.set()


def train(folder: str, address: str = "") -> None:
    """Train the run in `folder`, or in a copy of the one at `address`, kept in step with it."""
    from fmnist_core.runs.run import Run
    from fmnist_core.training import train as training

    warm_up()  # else it would wait for the run's end, and the engine for it
    if not address:
        training.train(Run(Path(folder)))
        return
    from fmnist_core.runs.mirror import Mirror
    from fmnist_core.runs.store import this_process

    with tempfile.TemporaryDirectory(prefix="fashion-mnist-run-") as place:
        copy = Path(place, Path(folder).name)
        mirror = Mirror(address, copy)
        mirror.pull()
        # At once: whoever is cut off from us sees that somebody has the run.
        Run(copy).set_status("starting", holder=this_process())
        mirror.push()
        end = mirror.follow(lambda: [""])
        try:
            training.train(Run(copy))
        finally:
            end()
