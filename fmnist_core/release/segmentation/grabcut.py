"""Photos -> the masks that the segmentation network begins to learn from: GrabCut's guesses.

GrabCut (Rother, Kolmogorov and Blake 2004) learns the colours of both sides. One search starts
from what is unlike the photo's border, one from its middle; the better edged result is taken, and
the more the two agree, the more it is trusted.
"""

from typing import NamedTuple, Self

import cv2
import numpy as np

from fmnist_core.preprocessing.masks import border, fit, overlap
from fmnist_core.preprocessing.open_picture import open_picture
from fmnist_core.preprocessing.segmentation import border_distance, main_parts
from fmnist_core.release.photos import Photo
from fmnist_core.release.workers import spread

STORED = 192  # pixels of the square that a photo is squeezed into: room to zoom into
_SEARCHED = 160  # pixels: GrabCut's time grows with their number
_SMALLEST, _LARGEST = 0.03, 0.9  # of the picture; anything else is no item


class MaskedPhotos(NamedTuple):
    """Photos with the masks to learn from, n of each.

    `images` uint8 (n, 192, 192, 3), `masks` uint8 (n, 192, 192), 255 is item; `grounds` like the
    images, the item painted over; `weights` float32 (n,), how far each mask is trusted;
    `labels` int (n,), 10 for what is none of the ten classes.
    """

    images: np.ndarray
    masks: np.ndarray
    grounds: np.ndarray
    weights: np.ndarray
    labels: np.ndarray

    @classmethod
    def laid_out(
        cls, images: np.ndarray, masks: np.ndarray, weights: np.ndarray, labels: np.ndarray
    ) -> Self:
        """Return the photos with the grounds that are left when the items are painted over."""
        grounds = [_without(*both) for both in zip(images, masks, strict=True)]
        return cls(images, masks, np.stack(grounds), weights.astype(np.float32), labels)


def _without(image: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Return the photo with its item painted over in the colours around it."""
    hole = cv2.dilate((mask > 127).astype(np.uint8), np.ones((13, 13), np.uint8))
    if hole.mean() > 0.6:
        return image
    half = STORED // 2, STORED // 2
    small = cv2.resize(image, half, interpolation=cv2.INTER_AREA)
    small = cv2.inpaint(small, cv2.resize(hole, half), 4, cv2.INPAINT_TELEA)
    soft = cv2.GaussianBlur(hole.astype(np.float32), (9, 9), 0)[..., None]
    ground = image + (cv2.resize(small, (STORED, STORED)) - image.astype(np.float32)) * soft
    return ground.astype(np.uint8)


def guess(photos: list[Photo]) -> MaskedPhotos:
    """Return the photos with GrabCut's masks, in their order. Blocks: six a second and core."""
    images, masks, weights = zip(*spread(_guess_one, photos), strict=True)
    labels = np.array([photo.label if photo.label >= 0 else 10 for photo in photos])
    return MaskedPhotos.laid_out(np.stack(images), np.stack(masks), np.array(weights), labels)


def _guess_one(photo: Photo) -> tuple[np.ndarray, np.ndarray, np.float32]:
    rgb = np.asarray(open_picture(photo.path.read_bytes()))
    mask, trust = find_item(fit(rgb, _SEARCHED, grow=False))
    size = (STORED, STORED)
    image = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
    return image, cv2.resize(mask.astype(np.uint8) * 255, size), np.float32(trust)


def find_item(rgb: np.ndarray) -> tuple[np.ndarray, float]:
    """Return the likelier mask, bool (h, w), and how far it is to be trusted, 0 to 1."""
    first = unlike_border(rgb)
    found = [_from_guess(rgb, first), _from_middle(rgb)]
    likely = [mask for mask in found if _SMALLEST <= mask.mean() <= _LARGEST]
    if not likely:
        return first, 0.05
    agreed = overlap(*found)
    trust = 1.0 if agreed > 0.8 else 0.6 if agreed > 0.6 else 0.3
    return max(likely, key=lambda mask: merit(rgb, mask)), trust


def unlike_border(rgb: np.ndarray) -> np.ndarray:
    """Return bool (h, w): what differs from the border's colours, cut by Otsu's method."""
    height, width = rgb.shape[:2]
    y, x = np.linspace(-1, 1, height)[:, None], np.linspace(-1, 1, width)[None, :]
    aimed = np.clip(1.15 - 0.55 * (x**2 + y**2), 0.3, 1)  # people aim at the middle
    scaled = (240 * border_distance(rgb) * aimed).astype(np.uint8)
    level, _ = cv2.threshold(cv2.GaussianBlur(scaled, (5, 5), 0), 0, 255, cv2.THRESH_OTSU)
    return main_parts(scaled > level)


def _from_guess(rgb: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Return a guess refined: its core is taken as certain."""
    labels = np.where(first, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    core = cv2.erode(first.astype(np.uint8), np.ones((9, 9), np.uint8), borderValue=0) > 0
    labels[core] = cv2.GC_FGD
    labels[border(rgb.shape, 0.02) & ~first] = cv2.GC_BGD
    return _grabcut(rgb, labels)


def _from_middle(rgb: np.ndarray) -> np.ndarray:
    """Return what is found knowing only that people aim: item inside, ground around."""
    height, width = rgb.shape[:2]
    labels = np.full((height, width), cv2.GC_PR_BGD, np.uint8)
    middle, reach = (width // 2, height // 2), (round(0.36 * width), round(0.38 * height))
    cv2.ellipse(labels, middle, reach, 0, 0, 360, cv2.GC_PR_FGD, -1)
    labels[border(rgb.shape, 0.03)] = cv2.GC_BGD
    return _grabcut(rgb, labels)


def _grabcut(rgb: np.ndarray, labels: np.ndarray) -> np.ndarray:
    if (labels == cv2.GC_BGD).any() and (labels & 1).any():  # both sides have some pixels
        models = np.zeros((1, 65)), np.zeros((1, 65))
        cv2.setRNGSeed(0)
        cv2.grabCut(rgb, labels, (0, 0, 1, 1), *models, 3, cv2.GC_INIT_WITH_MASK)
    return main_parts((labels & 1) > 0)  # odd labels are item, certain or probable


def merit(rgb: np.ndarray, mask: np.ndarray) -> float:
    """Return how sharply the picture changes along the mask's edge, more for larger masks."""
    lab = cv2.blur(cv2.cvtColor(rgb, cv2.COLOR_RGB2LAB), (3, 3)).astype(np.float32)
    across, down = cv2.Sobel(lab, cv2.CV_32F, 1, 0), cv2.Sobel(lab, cv2.CV_32F, 0, 1)
    change = np.sqrt((across**2 + down**2).sum(2))
    small = mask.astype(np.uint8)
    edge = cv2.morphologyEx(small, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > 0
    if not edge.any():
        return 0.0
    return float(change[edge].mean() / (change.mean() + 1e-3) * mask.mean() ** 0.45)
