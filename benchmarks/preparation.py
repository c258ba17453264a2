"""How long a picture takes to become an answer: `python -m benchmarks.preparation`.

A JPEG photo of 12 megapixels and a drawing are opened and prepared, then asked of three models at
once. Wall-clock and processor milliseconds, medians of `ROUNDS`, in one process without TensorFlow,
as in the web process. Goals: 400 ms for the photo, 50 ms for the three models.
"""

import io
import os
import time
from collections.abc import Callable
from functools import partial
from statistics import median

import cv2
import numpy as np
from PIL import Image

from fmnist_core.data.fashion_mnist import load
from fmnist_core.models.catalogue import find
from fmnist_core.models.voting import classify
from fmnist_core.preprocessing.item import Item
from fmnist_core.preprocessing.open_picture import open_picture
from fmnist_core.preprocessing.prepare import prepare

ROUNDS = 15
MODELS = ("field", "best", "compact")


def photo() -> bytes:
    """Return a JPEG of 4000×3000 pixels: a pullover of the data set on a wooden floor."""
    rng = np.random.default_rng(0)
    grain = cv2.resize(rng.normal(0, 12, (40, 400)), (4000, 3000), interpolation=cv2.INTER_CUBIC)
    floor = np.array([150, 110, 70]) + grain[..., None] + rng.normal(0, 4, (3000, 4000, 1))
    garment = load("train").images[int(np.flatnonzero(load("train").labels == 2)[0])]
    large = cv2.resize(garment, (2200, 2200), interpolation=cv2.INTER_CUBIC)
    part = floor[400:2600, 900:3100]
    part[large > 40] = np.array([40, 60, 120]) + large[large > 40][:, None] * 0.3
    stream = io.BytesIO()
    Image.fromarray(np.clip(floor, 0, 255).astype(np.uint8)).save(stream, "JPEG", quality=80)
    return stream.getvalue()


def drawing() -> bytes:
    """Return a PNG of 560×560 pixels: the outline of a T-shirt."""
    points = np.array(
        [[70, 40], [130, 40], [185, 90], [165, 115], [140, 95], [140, 190], [60, 190], [60, 95],
         [35, 115], [15, 90]]
    )  # fmt: skip
    sheet = np.full((560, 560, 3), 255, np.uint8)
    cv2.polylines(sheet, [(points * 2.8).astype(np.int32)], True, (0, 0, 0), 9, cv2.LINE_AA)
    stream = io.BytesIO()
    Image.fromarray(sheet).save(stream, "PNG")
    return stream.getvalue()


def timed(name: str, work: Callable[[], object]) -> None:
    """Print the median milliseconds of `work`, called once before."""
    work()
    wall, processor = [], []
    for _ in range(ROUNDS):
        started, used = time.perf_counter(), time.process_time()
        work()
        wall.append(1000 * (time.perf_counter() - started))
        processor.append(1000 * (time.process_time() - used))
    print(f"{name:44}{median(wall):8.1f} ms wall {median(processor):8.1f} ms processor")


def _open_and_prepare(content: bytes) -> Item:
    return prepare(open_picture(content))


def main() -> None:
    """Print one line for each step."""
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, median of {ROUNDS} rounds")
    classifiers = [find(name).classifier() for name in MODELS]

    def ask(item: Item) -> list[np.ndarray]:
        return [classify(item, classifier)[0] for classifier in classifiers]

    for name, content in (("photo of 12 megapixels", photo()), ("drawing", drawing())):
        print(f"{name}: {len(content) / 1e6:.1f} MB")
        timed("  open", partial(open_picture, content))
        timed("  open and prepare", partial(_open_and_prepare, content))
        item = prepare(open_picture(content))
        asked = f"  ask {len(MODELS)} models of {len(item.readings)} readings"
        timed(asked, partial(ask, item))


if __name__ == "__main__":
    main()
