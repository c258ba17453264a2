"""A photo of an item -> the mask of the item: classical colour models and GrabCut, no network."""

import cv2
import numpy as np

from fmnist_core.preprocessing.item import Overrides, Trace
from fmnist_core.preprocessing.masks import border, fill_holes, on_white, overlap

# GrabCut's time grows with the pixels; 28×28 needs no finer edge than this gives.
SEARCH_EDGE = 160
_CLUSTERS = 5
_SMALLEST, _LARGEST = 0.03, 0.9  # of the picture; anything else is no item


def segment(picture: np.ndarray, wish: Overrides, trace: Trace) -> list[np.ndarray]:
    """Return the masks, bool (h, w), that the item in a uint8 (h, w, 3) photo may have.

    The likeliest comes first; there is none where nothing stands out. The stages of the search
    go into the `trace`.
    """
    if wish.mask == "none":
        return [np.ones(picture.shape[:2], bool)]
    if wish.mask == "auto" and is_bare(picture):
        trace.stage("Searched", picture, "Nothing stands out from this surface.")
        return []
    guess = border_mask(picture, wish.threshold)
    trace.stage("First guess", on_white(picture, guess), "What is unlike the picture's border.")
    if wish.mask == "border":
        return [guess]
    masks = find_item(picture, guess)
    trace.stage(
        "Background removed",
        on_white(picture, masks[0]),
        "GrabCut learned the colours of both sides, from the guess and from the middle; the "
        "better edged result was kept. The data set has nothing but the item.",
    )
    return masks


def is_bare(rgb: np.ndarray) -> bool:
    """Return whether the picture shows nothing but an evenly or slopingly lit surface."""
    lab = cv2.cvtColor(cv2.medianBlur(rgb, 5), cv2.COLOR_RGB2LAB).astype(np.float32)
    small = cv2.resize(lab, (24, 24), interpolation=cv2.INTER_AREA).reshape(-1, 3)
    y, x = np.mgrid[-1:1:24j, -1:1:24j].reshape(2, -1)
    terms = np.stack([np.ones_like(x), x, y, x * x, y * y, x * y], 1).astype(np.float32)
    light, *_ = np.linalg.lstsq(terms, small, rcond=None)
    return bool(np.abs(small - terms @ light).max() < 6)


def background_distance(rgb: np.ndarray) -> np.ndarray:
    """Return float32 (h, w): how unlike the picture's border each pixel is, in its own spread.

    The border is described by a few colours, so tiles, wood, a shadow and a curtain beside the
    floor can all be background at once.
    """
    lab = cv2.cvtColor(cv2.medianBlur(rgb, 5), cv2.COLOR_RGB2LAB).astype(np.float32)
    frame = border(rgb.shape)
    samples = lab[frame]
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
    return np.sqrt(nearest)


def centre_prior(shape: tuple[int, ...]) -> np.ndarray:
    """Return float32 (h, w), 1 in the middle falling to 0.3 in the corners: people aim."""
    height, width = shape[:2]
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    return np.clip(1.15 - 0.55 * (x**2 + y**2), 0.3, 1)


def border_mask(rgb: np.ndarray, threshold: float | None = None) -> np.ndarray:
    """Return bool (h, w): what differs from the border's colours.

    It is cut at `threshold` (0 to 1), or by Otsu's method when that is None.
    """
    distance = background_distance(rgb) * centre_prior(rgb.shape)
    scaled = np.clip(distance * 20, 0, 255).astype(np.uint8)
    level, _ = cv2.threshold(cv2.GaussianBlur(scaled, (5, 5), 0), 0, 255, cv2.THRESH_OTSU)
    return clean(scaled > (level if threshold is None else 255 * threshold))


def find_item(rgb: np.ndarray, guess: np.ndarray) -> list[np.ndarray]:
    """Return the masks, bool (h, w), that the item may have: the likelier first, then others.

    One search starts from `guess` (what is unlike the border), one from the middle of the
    picture. The first fails when the item resembles its ground or runs out of the picture, the
    second when it is patterned or far from the middle: the better edged and larger one wins.
    """
    found = [grabcut_from_guess(rgb, guess), grabcut_from_middle(rgb)]
    ranked = sorted((mask for mask in found if plausible(mask)), key=lambda mask: -merit(rgb, mask))
    if not ranked:
        return [guess]
    best, *others = ranked
    return [best, *(mask for mask in others if overlap(best, mask) < 0.85)]


def grabcut_from_guess(rgb: np.ndarray, guess: np.ndarray) -> np.ndarray:
    """Return the guess refined by GrabCut: its core is taken as certain."""
    labels = np.where(guess, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    core = cv2.erode(guess.astype(np.uint8), np.ones((9, 9), np.uint8), borderValue=0) > 0
    labels[core] = cv2.GC_FGD
    labels[border(rgb.shape, 0.02) & ~guess] = cv2.GC_BGD
    return _grabcut(rgb, labels)


def grabcut_from_middle(rgb: np.ndarray) -> np.ndarray:
    """Return what GrabCut finds knowing only that people aim: item inside, ground around."""
    height, width = rgb.shape[:2]
    labels = np.full((height, width), cv2.GC_PR_BGD, np.uint8)
    middle, reach = (width // 2, height // 2), (round(0.36 * width), round(0.38 * height))
    cv2.ellipse(labels, middle, reach, 0, 0, 360, cv2.GC_PR_FGD, -1)
    labels[border(rgb.shape, 0.03)] = cv2.GC_BGD
    return _grabcut(rgb, labels)


def _grabcut(rgb: np.ndarray, labels: np.ndarray) -> np.ndarray:
    sure = (labels == cv2.GC_BGD).any() and (labels & 1).any()  # both sides have some pixels
    if sure:
        models = np.zeros((1, 65)), np.zeros((1, 65))
        cv2.setRNGSeed(0)
        rounds = 3
        cv2.grabCut(rgb, labels, (0, 0, 1, 1), *models, rounds, cv2.GC_INIT_WITH_MASK)
    return clean((labels & 1) > 0)  # odd labels are item, certain or probable


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


def clean(mask: np.ndarray) -> np.ndarray:
    """Return the mask without specks, thin bridges and pinholes, only its main parts kept."""
    small = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    count, parts, statistics, _ = cv2.connectedComponentsWithStats(small, connectivity=8)
    if count < 2:
        return mask
    areas = statistics[1:, cv2.CC_STAT_AREA]
    keep = np.r_[False, areas >= 0.2 * areas.max()]
    return fill_holes(keep[parts], 0.02)


def plausible(mask: np.ndarray) -> bool:
    """Return whether the mask can be an item: neither next to nothing nor next to everything."""
    return _SMALLEST <= float(mask.mean()) <= _LARGEST
