# Pasted into the exported script, as training/script_augmentation.py says.
"""Varies training images: uint8 in, uint8 out, the same for the same generator."""

import cv2
import numpy as np

from fmnist_core.augmentation.synthetic import render
from fmnist_core.recipes.recipe import Augmentation
from fmnist_core.shapes import SIDE


def augment(
    images: np.ndarray, labels: np.ndarray, augmentation: Augmentation, rng: np.random.Generator
) -> np.ndarray:
    """Return a varied copy of uint8 images (n, 28, 28) of classes `labels` (n,), of the same shape.

    Chance comes from `rng` alone. With every switch off the values are those that came in.
    """
    varied = images.copy()
    if augmentation.field:
        for index in np.flatnonzero(rng.random(len(images)) < augmentation.field):
            varied[index] = render(varied[index], int(labels[index]), rng)
    if augmentation.flip:
        mirrored = rng.random(len(images)) < 0.5
        varied[mirrored] = varied[mirrored, :, ::-1]
    if augmentation.rotate or augmentation.zoom:
        varied = _turn_and_zoom(varied, augmentation, rng)
    if augmentation.shift:
        varied = _shift(varied, augmentation.shift, rng)
    if augmentation.erase:
        _erase(varied, augmentation.erase, rng)
    return varied


def _turn_and_zoom(
    images: np.ndarray, augmentation: Augmentation, rng: np.random.Generator
) -> np.ndarray:
    """Return the images turned and grown about their middle, background coming in at the edges."""
    angles = rng.uniform(-augmentation.rotate, augmentation.rotate, len(images))
    zooms = 1 + rng.uniform(-augmentation.zoom, augmentation.zoom, len(images))
    middle = ((SIDE - 1) / 2, (SIDE - 1) / 2)
    turned = np.empty_like(images)
    for index, image in enumerate(images):
        matrix = cv2.getRotationMatrix2D(middle, angles[index], zooms[index])
        cv2.warpAffine(image, matrix, (SIDE, SIDE), dst=turned[index])
    return turned


def _shift(images: np.ndarray, most: int, rng: np.random.Generator) -> np.ndarray:
    """Return each image moved by up to `most` whole pixels each way, background coming in."""
    padded = np.pad(images, ((0, 0), (most, most), (most, most)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (SIDE, SIDE), (1, 2))
    down, right = rng.integers(0, 2 * most + 1, (2, len(images)))
    return windows[np.arange(len(images)), down, right]


def _erase(images: np.ndarray, share: float, rng: np.random.Generator) -> None:
    """Overwrite a rectangle in a share of the images with noise (arXiv:1708.04896).

    Its sides are 6 to 16 pixels, so it covers 5 to 33 % of the image, wherever it fits.
    """
    chosen = np.flatnonzero(rng.random(len(images)) < share)
    heights, widths = rng.integers(6, 17, (2, len(chosen)))
    tops = (rng.random(len(chosen)) * (SIDE - heights + 1)).astype(int)
    lefts = (rng.random(len(chosen)) * (SIDE - widths + 1)).astype(int)
    for index, top, left, height, width in zip(chosen, tops, lefts, heights, widths, strict=True):
        noise = rng.integers(0, 256, (height, width), np.uint8)
        images[index, top : top + height, left : left + width] = noise
