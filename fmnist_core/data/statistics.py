"""What can be said of many images at once: ink, size, brightness, class averages, typicality."""

from dataclasses import dataclass

import numpy as np

from fmnist_core.shapes import CLASSES

# Images per step: 60,000 at once as float32 would take 188 MB, one block takes 6.
BLOCK = 2000


@dataclass(frozen=True)
class ClassImages:
    """The average and the variation of each class, in grey levels 0 to 255.

    `mean` and `deviation` (population standard deviation) are float32 of shape (10, 28, 28),
    NaN for a class without images; `counts` is int64 of shape (10,).
    """

    mean: np.ndarray
    deviation: np.ndarray
    counts: np.ndarray


def _blocks(count: int) -> list[slice]:
    return [slice(start, start + BLOCK) for start in range(0, count, BLOCK)]


def class_counts(labels: np.ndarray) -> np.ndarray:
    """Return how many images carry each label: int64 of shape (10,)."""
    return np.bincount(labels, minlength=CLASSES)


def ink(images: np.ndarray) -> np.ndarray:
    """Return the share of each image's pixels that are not background: float32 (n,), 0 to 1."""
    pixels = images.reshape(len(images), -1)
    return (np.count_nonzero(pixels, axis=1) / pixels.shape[1]).astype(np.float32)


def extent(images: np.ndarray) -> np.ndarray:
    """Return the share of the square that each item's bounding box takes: float32 (n,), 0 to 1.

    An empty image has extent 0.
    """
    inked = images > 0
    height = _reach(np.asarray(inked.any(axis=2)))
    width = _reach(np.asarray(inked.any(axis=1)))
    return (height * width / (images.shape[1] * images.shape[2])).astype(np.float32)


def _reach(inked: np.ndarray) -> np.ndarray:
    """Return how far it is from the first to the last True of each row, both counted: (n,)."""
    length = inked.shape[1]
    first, last = inked.argmax(axis=1), length - inked[:, ::-1].argmax(axis=1)
    return np.where(inked.any(axis=1), last - first, 0)


def brightness(images: np.ndarray) -> np.ndarray:
    """Return the mean grey level of each image's item, background left out: float32 (n,), 0 to 255.

    An empty image has brightness 0.
    """
    pixels = images.reshape(len(images), -1)
    filled = np.count_nonzero(pixels, axis=1)
    return (pixels.sum(axis=1, dtype=np.int64) / np.maximum(filled, 1)).astype(np.float32)


def class_images(images: np.ndarray, labels: np.ndarray) -> ClassImages:
    """Return the mean and standard deviation image of each class, from exact integer sums."""
    totals = np.zeros((CLASSES, *images.shape[1:]), np.int64)
    squares = np.zeros_like(totals)
    counts = class_counts(labels)
    for block in _blocks(len(images)):
        for label in np.unique(labels[block]):
            chosen = images[block][labels[block] == label].astype(np.uint32)
            totals[label] += chosen.sum(axis=0, dtype=np.int64)
            squares[label] += (chosen * chosen).sum(axis=0, dtype=np.int64)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = totals / counts[:, None, None]
        variance = squares / counts[:, None, None] - mean**2
    # Rounding may leave a variance of -1e-12 where all pixels agree.
    deviation = np.sqrt(np.maximum(variance, 0))
    return ClassImages(mean.astype(np.float32), deviation.astype(np.float32), counts)


def pixel_histogram(images: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return how often each grey level occurs in each class: int64 of shape (10, 256)."""
    histogram = np.zeros((CLASSES, 256), np.int64)
    for block in _blocks(len(images)):
        for label in np.unique(labels[block]):
            pixels = images[block][labels[block] == label]
            histogram[label] += np.bincount(pixels.ravel(), minlength=256)
    return histogram


def oddness(images: np.ndarray, labels: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """Return how far each image lies from the average of its class: float32 (n,), 0 is typical.

    The distance is the root mean square difference in grey levels between the image and
    `mean[label]`, where `mean` is (10, 28, 28).
    """
    distances = np.empty(len(images), np.float32)
    for block in _blocks(len(images)):
        difference = images[block] - mean[labels[block]].astype(np.float32)
        distances[block] = np.sqrt((difference**2).mean(axis=(1, 2)))
    return distances
