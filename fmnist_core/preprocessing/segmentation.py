"""A photo of an item -> how surely each pixel is item, by a small network of our own.

`fmnist_core.release.segmentation.training` made it. It looks twice: at the whole photo, then
closely at the item it has found there.
"""

from functools import cache

import cv2
import numpy as np

from fmnist_core.litert import Network, open_shipped
from fmnist_core.paths import ASSETS
from fmnist_core.preprocessing.item import Box, Overrides, Trace
from fmnist_core.preprocessing.masks import around, border, fill_holes, on_white
from fmnist_core.translation import say

NETWORK = ASSETS / "segmentation.tflite"
WORKING_EDGE = 224  # 28×28 needs no finer edge than this gives
LEVEL = 0.5  # above it a pixel is item
_EDGE_IN = 128
_MARGIN = 0.15  # of the item's box, left around it at the second look
_CLUSTERS = 5
_SMALLEST = 0.01  # of the picture; anything less is no item


def segment(picture: np.ndarray, wish: Overrides, trace: Trace) -> np.ndarray | None:
    """Return float32 (h, w) in 0..1, how surely each pixel of a uint8 (h, w, 3) photo is item.

    What is above `LEVEL`, or the threshold wished for, is item. None where nothing stands out. The
    stages of the search go into the `trace`.
    """
    if wish.mask == "none":
        return np.ones(picture.shape[:2], np.float32)
    level = LEVEL if wish.threshold is None else wish.threshold
    if wish.mask == "border":
        soft = border_distance(picture)
        why = say("How unlike the colours of the picture's border each pixel is, as you asked.")
    elif is_bare(picture):
        trace.stage(say("Searched"), picture, say("Nothing stands out from this surface."))
        return None
    else:
        soft = item_likelihood(picture)
        why = say(
            "How surely each pixel is item, for a network that has seen 3,430 photos of clothes."
        )
    trace.stage(say("Item or ground"), (255 * soft + 0.5).astype(np.uint8), why)
    soft = soft * main_parts(soft > level)
    if (soft > level).mean() < _SMALLEST:
        return None
    if wish.crop is None:
        trace.parts.extend(boxes(soft > level))
    trace.stage(
        say("Background removed"),
        on_white(picture, soft),
        say("The data set has nothing but the item."),
    )
    return soft


def item_likelihood(rgb: np.ndarray) -> np.ndarray:
    """Return float32 (h, w) in 0..1 for a uint8 (h, w, 3) photo of any content."""
    soft = _look(rgb)
    found = main_parts(soft > LEVEL)
    near = around(found, _MARGIN)
    if not found.any() or found[near].size > 0.85 * found.size:
        return soft
    close = np.zeros_like(soft)
    close[near] = _look(rgb[near])
    return close


@cache
def _network() -> Network:
    return open_shipped(NETWORK)


def _look(rgb: np.ndarray) -> np.ndarray:
    """Return what the network makes of a picture of any size, in that size."""
    square = cv2.resize(rgb, (_EDGE_IN, _EDGE_IN), interpolation=cv2.INTER_AREA)
    network = _network()
    (name,) = network.inputs
    (output,) = network(**{name: square[None].astype(np.float32) / 255}).values()
    size = rgb.shape[1], rgb.shape[0]
    soft: np.ndarray = cv2.resize(output[0, ..., 0], size, interpolation=cv2.INTER_LINEAR)
    return soft


def is_bare(rgb: np.ndarray) -> bool:
    """Return whether the picture shows nothing but an evenly or slopingly lit surface."""
    lab = cv2.cvtColor(cv2.medianBlur(rgb, 5), cv2.COLOR_RGB2LAB).astype(np.float32)
    small = cv2.resize(lab, (24, 24), interpolation=cv2.INTER_AREA).reshape(-1, 3)
    y, x = np.mgrid[-1:1:24j, -1:1:24j].reshape(2, -1)
    terms = np.stack([np.ones_like(x), x, y, x * x, y * y, x * y], 1).astype(np.float32)
    light, *_ = np.linalg.lstsq(terms, small, rcond=None)
    return bool(np.abs(small - terms @ light).max() < 6)


def border_distance(rgb: np.ndarray) -> np.ndarray:
    """Return float32 (h, w) in 0..1: how unlike the picture's border each pixel is.

    The border is described by a few colours, so tiles, wood, a shadow and a curtain beside the
    floor can all be background at once. Six of its own spreads away is 0.5.
    """
    lab = cv2.cvtColor(cv2.medianBlur(rgb, 5), cv2.COLOR_RGB2LAB).astype(np.float32)
    samples = lab[border(rgb.shape)]
    count = min(_CLUSTERS, len(samples))
    labels = np.zeros((len(samples), 1), np.int32)
    cv2.setRNGSeed(0)
    criteria = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 12, 1.0)
    _, found, centres = cv2.kmeans(samples, count, labels, criteria, 1, cv2.KMEANS_PP_CENTERS)
    nearest = np.full(lab.shape[:2], np.inf, np.float32)
    for index in range(count):
        mine = samples[found[:, 0] == index]
        if len(mine) < 0.04 * len(samples):
            continue  # a sleeve or a toe that leaves the picture, not the ground
        # Lightness varies with shadows much more than colour does.
        spread = np.maximum(mine.std(0), (12, 4, 4))
        distance = (((lab - centres[index]) / spread) ** 2).sum(2)
        nearest = np.minimum(nearest, distance)
    return np.clip(np.sqrt(nearest) / 12, 0, 1)


def boxes(mask: np.ndarray) -> list[Box]:
    """Return the boxes, with some room, of a mask's parts from left to right; none for one part."""
    count, _, statistics, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    height, width = mask.shape
    room = 0.03
    found = []
    for left, top, wide, high, area in statistics[1:].tolist():
        if area < 0.2 * statistics[1:, cv2.CC_STAT_AREA].max():
            continue
        x, y = max(0.0, left / width - room), max(0.0, top / height - room)
        right = min(1.0, (left + wide) / width + room)
        bottom = min(1.0, (top + high) / height + room)
        found.append((x, y, right - x, bottom - y))
    return sorted(found) if count > 2 and len(found) > 1 else []


def main_parts(mask: np.ndarray) -> np.ndarray:
    """Return the mask without specks, thin bridges and pinholes, only its main parts kept."""
    small = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    count, parts, statistics, _ = cv2.connectedComponentsWithStats(small, connectivity=8)
    if count < 2:
        return mask
    areas = statistics[1:, cv2.CC_STAT_AREA]
    keep = np.r_[False, areas >= 0.2 * areas.max()]
    return fill_holes(keep[parts], 0.02)
