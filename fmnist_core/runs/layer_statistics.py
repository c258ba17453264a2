"""How large each layer's weights and gradients were after each epoch: a file in a run's folder."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from fmnist_core import files

FILE = "layers.json"


@dataclass(frozen=True)
class LayerStatistics:
    """Root mean squares, float64 (epochs, layers), of `weights` and of the loss's `gradients`.

    `names` are the layers that learn, from the image on; `images` is how many training images the
    gradients are averaged over.
    """

    names: tuple[str, ...]
    images: int
    epochs: tuple[int, ...]
    weights: np.ndarray
    gradients: np.ndarray

    def extended(self, epoch: int, weights: np.ndarray, gradients: np.ndarray) -> "LayerStatistics":
        """Return these with another epoch; what was measured of it or later before is replaced."""
        kept = [at for at, known in enumerate(self.epochs) if known < epoch]
        return LayerStatistics(
            self.names,
            self.images,
            (*(self.epochs[at] for at in kept), epoch),
            np.vstack([self.weights[kept], weights]),
            np.vstack([self.gradients[kept], gradients]),
        )

    def write(self, folder: Path) -> None:
        """Keep these in a run's folder."""
        content: dict[str, Any] = {
            "names": list(self.names),
            "images": self.images,
            "epochs": list(self.epochs),
            "weights": _short(self.weights),
            "gradients": _short(self.gradients),
        }
        files.write_json(folder / FILE, content)


def _short(sizes: np.ndarray) -> list[list[float | None]]:
    # Four digits: a thousand epochs of thirty layers stay below the size of a file that is read.
    # JSON has no infinity, which a gradient that explodes may reach.
    return [[float(f"{size:.4g}") if np.isfinite(size) else None for size in row] for row in sizes]


def nothing(names: tuple[str, ...], images: int) -> LayerStatistics:
    """Return the statistics of a run before its first measured epoch."""
    empty = np.zeros((0, len(names)))
    return LayerStatistics(names, images, (), empty, empty)


def read(folder: Path) -> LayerStatistics | None:
    """Return what a run's folder holds; None where nothing was measured or the file is damaged."""
    content = files.read_json(folder / FILE) or {}
    try:
        names = tuple(str(name)[:60] for name in content["names"])
        epochs = tuple(int(epoch) for epoch in content["epochs"])
        weights, gradients = (
            np.array(content[key], np.float64).reshape(len(epochs), len(names))
            for key in ("weights", "gradients")
        )
        images = files.whole(content, "images")
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    return LayerStatistics(names, images, epochs, weights, gradients) if epochs and names else None
