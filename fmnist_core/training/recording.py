"""Keeps a run's moments while it trains, so that they can be replayed later."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from fmnist_core import files as run_files
from fmnist_core.data.fashion_mnist import Images
from fmnist_core.runs import replay
from fmnist_core.runs.replay import FOLLOWED, MOST_FILTERS, MOST_ITEMS, Moment

if TYPE_CHECKING:
    import keras

    from fmnist_core.training.network import Network

# Most is learned within the first epoch: these shares of it are kept too, and its first batch.
EARLY = (0.0, 1 / 64, 1 / 16, 1 / 4)


class Recorder:
    """Writes the moments of one run; `network` gives the answers when it is asked."""

    def __init__(
        self, folder: Path, network: "Network", validation: Images, first: int, batches: int
    ) -> None:
        self._folder, self._network, self._batches = folder, network, batches
        order = replay.balanced_order(validation.labels)[:MOST_ITEMS]
        self._order = order
        self._few = validation.images[order[:FOLLOWED]]
        self._own = replay.read_own_item(folder)
        self._early = sorted({max(1, round(share * batches)) for share in EARLY} - {batches})
        self._items = {
            "indices": (first + order).astype(np.int32),
            "labels": validation.labels[order].astype(np.uint8),
        }

    def begin(self, epoch: int, batch: int) -> None:
        """Go back to a position: moments after it are trained again, perhaps in another way."""
        for (kept_epoch, kept_batch), path in replay.moment_files(self._folder).items():
            if (kept_epoch, kept_batch) > (epoch, batch):
                path.unlink(missing_ok=True)
        folder = self._folder / replay.FOLDER
        folder.mkdir(exist_ok=True)
        run_files.write_arrays(folder / replay.ITEMS_FILE, self._items.items())
        self._early = [early for early in self._early if not epoch and early > batch]

    def due(self, epoch: int, batch: int) -> bool:
        """Whether a moment inside the first epoch has come."""
        return epoch == 0 and bool(self._early) and batch >= self._early[0]

    def keep_early(self, batch: int) -> None:
        """Keep a moment inside the first epoch; only a few items are asked."""
        self._early = [early for early in self._early if early > batch]
        self._write(0, batch, self._ask(self._few))

    def keep(self, epoch: int, probabilities: np.ndarray, best: int) -> None:
        """Keep the end of an epoch with its float32 (n, 10) `probabilities` on validation.

        When the moments outgrow their budget, most epochs but `best` are thinned out.
        """
        self._write(epoch, 0, probabilities[self._order] if len(probabilities) else probabilities)
        self._thin(best)

    def _ask(self, images: np.ndarray) -> np.ndarray:
        return self._network.judge(images, np.zeros(len(images), np.int32))[0]

    def _write(self, epoch: int, batch: int, probabilities: np.ndarray) -> None:
        own = None if self._own is None else self._ask(self._own.array[None])[0]
        moment = Moment(
            epoch,
            batch,
            self._batches,
            replay.quantised(probabilities),
            probabilities.argmax(1).astype(np.uint8),
            first_filters(self._network.model),
            own,
        )
        replay.write(self._folder, moment)

    def _thin(self, best: int) -> None:
        files = replay.moment_files(self._folder)
        sizes = {place: path.stat().st_size for place, path in files.items()}
        if sum(sizes.values()) <= replay.BUDGET:
            return
        epochs = [epoch for epoch, batch in files if not batch]
        most = replay.BUDGET // max(sizes.values()) - len(EARLY)
        wanted = replay.kept(epochs, most, (1, best))
        for epoch in set(epochs) - wanted:
            files[epoch, 0].unlink(missing_ok=True)


def first_filters(model: "keras.Model") -> np.ndarray:
    """Return the weights of the first units that see the image, float32 (k, h, w), k at most 24.

    (0, 1, 1) when the first layer with weights does not see an image of one channel.
    """
    for layer in model.layers:
        kernel = getattr(layer, "depthwise_kernel", None)
        kernel = getattr(layer, "kernel", None) if kernel is None else kernel
        if kernel is None:
            continue
        weights = np.asarray(kernel.numpy(), np.float32)
        if weights.ndim == 4 and weights.shape[2] == 1:
            return np.moveaxis(weights[:, :, 0, :MOST_FILTERS], -1, 0)
        side = round(len(weights) ** 0.5)
        if weights.ndim == 2 and side * side == len(weights):
            return weights[:, :MOST_FILTERS].T.reshape(-1, side, side)
        break
    return np.zeros((0, 1, 1), np.float32)
