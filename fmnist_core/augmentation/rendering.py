# Pasted into the exported script, as training/script_augmentation.py says.
"""Shows a garment as a drawing or as a photo: lines and fills, other cloth, other light."""

import cv2
import numpy as np

from fmnist_core.augmentation.warping import COLUMNS, FINE, ROWS

# Strokes in pixels of the fine canvas; thin ones are commoner.
WIDTHS = (1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 5, 7)

# Drawings ---------------------------------------------------------------------------------------


def drawing(
    shade: np.ndarray, mask: np.ndarray, lines: np.ndarray | None, rng: np.random.Generator
) -> np.ndarray:
    """Return float32 0..1: outline, inner lines and fill in all the mixtures people draw.

    Without `lines` they are found in the shade.
    """
    width = WIDTHS[int(rng.integers(len(WIDTHS)))]
    fill = _fill(shade, mask, rng)
    ink = 1.0 if rng.random() < 0.6 else rng.uniform(0.5, 1.0)
    silhouette = fill is not None and rng.random() < 0.3
    picture = np.zeros((FINE, FINE), np.float32) if fill is None else fill
    if not silhouette:
        line = _outline(mask, width, fill is None and rng.random() < 0.4, rng)
        picture = picture + line * (ink - picture)
    if rng.random() < (0.55 if lines is None else 0.9):
        inner = _inner_lines(shade, mask, width) if lines is None else lines
        # Lines on a dark fill are left white by icons, drawn darker by people.
        tone = 0.0 if picture[mask].mean() > 0.55 and rng.random() < 0.6 else ink
        picture = picture + inner * (tone - picture)
    return picture


def _fill(shade: np.ndarray, mask: np.ndarray, rng: np.random.Generator) -> np.ndarray | None:
    """Return float32 tones inside the mask, or None for a drawing that was left open."""
    kind = rng.random()
    if kind < 0.3:
        return None
    level = rng.uniform(0.15, 1.0)
    tones: np.ndarray
    if kind < 0.65:
        tones = level * np.ones((FINE, FINE))
    elif kind < 0.85:
        tones = level * (1 + _slope(rng) * rng.uniform(0.2, 0.8))
    else:
        tones = level * (0.5 + 0.5 * cv2.GaussianBlur(shade, (0, 0), 3))
    return (np.clip(tones, 0, 1) * mask).astype(np.float32)


def _outline(mask: np.ndarray, width: int, broken: bool, rng: np.random.Generator) -> np.ndarray:
    """Return the contour as float32 0..1 coverage, drawn inside the mask so none is cut off."""
    margin = np.ones((width // 2 + 1,) * 2, np.uint8)
    inside = cv2.erode(mask.astype(np.uint8), margin, borderValue=0)
    canvas = np.zeros((FINE, FINE), np.uint8)
    contours, _ = cv2.findContours(inside, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    tolerance = rng.uniform(0, 1.5)
    for contour in contours:
        if len(contour) < 8:
            continue
        points = contour
        closed = True
        if broken:
            # Starting anywhere, the pen lifts before it is back: one to three gaps.
            points = np.roll(contour, int(rng.integers(len(contour))), 0)
            closed = False
            pieces = np.array_split(points, int(rng.integers(1, 4)))
            keep = [piece[: max(2, int(len(piece) * rng.uniform(0.75, 0.97)))] for piece in pieces]
        else:
            keep = [points]
        for piece in keep:
            line = cv2.approxPolyDP(piece, tolerance, closed)
            cv2.polylines(canvas, [line], closed, 255, width, cv2.LINE_AA)
    return canvas.astype(np.float32) / 255


def _inner_lines(shade: np.ndarray, mask: np.ndarray, width: int) -> np.ndarray:
    """Return the strongest edges inside the item (zip, collar, sole) as float32 0..1."""
    smooth = cv2.GaussianBlur((shade * 255).astype(np.uint8), (0, 0), 1.2)
    edges = cv2.Canny(smooth, 60, 140)
    edges[cv2.erode(mask.astype(np.uint8), np.ones((5, 5), np.uint8), borderValue=0) == 0] = 0
    if width > 1:
        edges = cv2.dilate(edges, np.ones((min(width, 3),) * 2, np.uint8))
    return edges.astype(np.float32) / 255


# Photos -----------------------------------------------------------------------------------------


def photo(shade: np.ndarray, mask: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return float32 0..1: other cloth in other light."""
    cloth = shade
    if rng.random() < 0.3:
        cloth = _random_convolution(cloth, rng)
    if rng.random() < 0.3:
        cloth = 1 - cloth
    cloth = cloth ** np.float32(np.exp(rng.normal() * 0.5))
    if rng.random() < 0.35:
        cloth = cloth + rng.uniform(0.1, 0.5) * _pattern(rng)
    if rng.random() < 0.4:
        cloth = cloth * (1 + 0.5 * _slope(rng))
    mean, spread = (float(v[0][0]) for v in cv2.meanStdDev(cloth, mask=mask.astype(np.uint8)))
    # A light garment on a light ground is a faint, flat blob after negation.
    tone, contrast = rng.uniform(0.1, 0.95), rng.uniform(0.02, 0.3)
    tones = tone + (cloth - np.float32(mean)) * np.float32(contrast / max(spread, 0.04))
    if rng.random() < 0.15:
        tones = _print_on(tones, rng)
    picture: np.ndarray = (np.clip(tones, 0.02, 1) * mask).astype(np.float32)
    return picture


def _random_convolution(cloth: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return other local textures of the same shapes (random convolutions, arXiv:2007.13003)."""
    kernel = rng.standard_normal((3, 3)).astype(np.float32) / 3
    mixed = cv2.filter2D(cloth, -1, kernel)
    share = np.float32(rng.uniform(0.2, 0.8))
    return np.clip(share * cloth + (1 - share) * (0.5 + 0.7 * mixed), 0, 1)


def _pattern(rng: np.random.Generator) -> np.ndarray:
    """Return stripes, checks or blotches, float32 -1..1."""
    if rng.random() < 0.5:
        dots = int(rng.integers(4, 20))
        noise = rng.standard_normal((dots, dots)).astype(np.float32)
        return np.clip(cv2.resize(noise, (FINE, FINE), interpolation=cv2.INTER_CUBIC), -1, 1)
    y, x = ROWS, COLUMNS
    pitch = 2 * np.pi / rng.uniform(4, 16)
    angle = 0.0 if rng.random() < 0.5 else rng.uniform(0, np.pi)
    across = np.sin(pitch * (np.cos(angle) * y + np.sin(angle) * x) + rng.uniform(0, 6))
    if rng.random() < 0.4:
        across = (across + np.sin(pitch * (np.cos(angle) * x - np.sin(angle) * y))) / 2
    return across.astype(np.float32)


def _slope(rng: np.random.Generator) -> np.ndarray:
    """Return light falling off across the picture, float32 -1..1, in any direction."""
    angle = rng.uniform(0, 2 * np.pi)
    ramp = np.linspace(-1, 1, FINE, dtype=np.float32)
    return np.float32(np.cos(angle)) * ramp[:, None] + np.float32(np.sin(angle)) * ramp[None, :]


def _print_on(tones: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return the tones with a print on the middle of the item."""
    printed = tones.astype(np.float32).copy()
    centre = (int(rng.integers(20, 36)), int(rng.integers(16, 36)))
    axes = (int(rng.integers(3, 11)), int(rng.integers(3, 11)))
    level = float(rng.random())
    if rng.random() < 0.5:
        cv2.ellipse(printed, centre, axes, 0, 0, 360, level, -1)
    else:
        near = (centre[0] - axes[0], centre[1] - axes[1])
        far = (centre[0] + axes[0], centre[1] + axes[1])
        cv2.rectangle(printed, near, far, level, -1)
    return printed
