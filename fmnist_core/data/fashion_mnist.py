"""The Fashion-MNIST images and labels: read-only, checked, shared by all."""

import gzip
import struct
import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np

from fmnist_core import files
from fmnist_core.paths import ASSETS
from fmnist_core.translation import mark

Split = Literal["train", "test"]

FOLDER = ASSETS / "fashion_mnist"

# English, as in links, files and run folders; `say(name)` where one is shown.
CLASS_NAMES = (
    mark("T-shirt/top"),
    mark("Trouser"),
    mark("Pullover"),
    mark("Dress"),
    mark("Coat"),
    mark("Sandal"),
    mark("Shirt"),
    mark("Sneaker"),
    mark("Bag"),
    mark("Ankle boot"),
)

# SHA-256 of the decompressed files: the compressed bytes may differ between mirrors.
SHA256 = {
    "train-images-idx3-ubyte": "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    "t10k-images-idx3-ubyte": "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
    "train-labels-idx1-ubyte": "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
    "t10k-labels-idx1-ubyte": "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
}


class DatasetError(Exception):
    """A data file is missing or altered; the message says which and how to restore it."""


@dataclass(frozen=True)
class Images:
    """One split.

    `images` is uint8 of shape (count, 28, 28), 0 for background to 255 for ink, and `labels` is
    uint8 of shape (count,), 0 to 9 in the order of `CLASS_NAMES`. Both are read-only.
    """

    images: np.ndarray
    labels: np.ndarray

    def __len__(self) -> int:
        return len(self.labels)


def _restore_hint(path: Path) -> str:
    return (
        f"Restore it with `git checkout -- assets/fashion_mnist`, or copy {path.name} from "
        "Debian's package dataset-fashion-mnist or "
        f"https://github.com/zalandoresearch/fashion-mnist into {path.parent}."
    )


def read_idx(name: str, folder: Path = FOLDER) -> np.ndarray:
    """Return the array in `folder/name.gz`, read-only, after checking its SHA-256.

    Raises DatasetError naming the file, what was expected and how to restore it.
    """
    path = folder / f"{name}.gz"
    try:
        content = gzip.decompress(path.read_bytes())
    except FileNotFoundError:
        raise DatasetError(f"{path} is missing. {_restore_hint(path)}") from None
    except (OSError, EOFError, zlib.error) as error:
        raise DatasetError(
            f"{path} cannot be decompressed ({error}): truncated or altered. {_restore_hint(path)}"
        ) from None
    if wrong := files.altered(content, SHA256[name]):
        raise DatasetError(
            f"{path} holds other data than published: {wrong}. {_restore_hint(path)}"
        )
    dimensions = content[3]
    shape = struct.unpack(f">{dimensions}I", content[4 : 4 + 4 * dimensions])
    # frombuffer over bytes is read-only, which is what shared data should be.
    return np.frombuffer(content, np.uint8, offset=4 + 4 * dimensions).reshape(shape)


@cache
def load(split: Split) -> Images:
    """Return the 60,000 training or 10,000 test images of arXiv:1708.07747, loaded once.

    Raises DatasetError when a file is missing, truncated or altered.
    """
    stem = {"train": "train", "test": "t10k"}[split]
    return Images(read_idx(f"{stem}-images-idx3-ubyte"), read_idx(f"{stem}-labels-idx1-ubyte"))


def verify(folder: Path = FOLDER) -> dict[str, str]:
    """Return the SHA-256 of each data file by name; raise DatasetError at the first wrong one."""
    for name in SHA256:
        read_idx(name, folder)
    return dict(SHA256)
