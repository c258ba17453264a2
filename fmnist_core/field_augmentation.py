"""Renders garments of the data set as prepared drawings and photos of visitors would look.

Knows no labels: which warp suits an image is read off its outline. Everything is drawn at twice
the final size and halved at the end, so that thin strokes get the grey edges of real ones.
"""

from collections.abc import Sequence

import cv2
import numpy as np

SIZE = 28
FINE = 2 * SIZE  # pixels of the canvas that things are drawn on

# Below this grey level a pixel counts as background; the data set's own noise reaches about 10.
INK = 14

# Rows and columns of the canvas counted from its middle; made once, as making them takes longer
# than most of the warps.
_ROWS, _COLUMNS = (axis.astype(np.float32) - FINE / 2 + 0.5 for axis in np.mgrid[0:FINE, 0:FINE])


def render(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return one uint8 (28, 28) image drawn or photographed anew from one of the same shape."""
    shade, mask = _warp(image, rng)
    if not mask.any():
        return image.copy()
    drawing = rng.random() < 0.5
    picture = _drawing(shade, mask, rng) if drawing else _photo(shade, mask, rng)
    return _finish(picture, rng)


# Shape ------------------------------------------------------------------------------------------


def _warp(image: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return the reshaped image and its mask, float32 0..1 and bool, both (FINE, FINE)."""
    shade: np.ndarray = cv2.resize(image, (FINE, FINE), interpolation=cv2.INTER_LINEAR)
    mask: np.ndarray = (shade > INK).astype(np.uint8)
    box = cv2.boundingRect(mask)
    if box[2] < 4 or box[3] < 4:
        return shade.astype(np.float32) / 255, np.zeros((FINE, FINE), bool)
    x, y = _COLUMNS, _ROWS
    # The maps say where each pixel of the result comes from, so the last warp comes first.
    reach = 1.0
    spread = rng.random() < 0.45 and _has_sleeves(mask, box)
    if spread:
        angle = np.deg2rad(rng.uniform(5, 50))
        reach = 1 + 0.75 * float(np.sin(angle))
    lying = box[2] > 1.25 * box[3]  # shoes, mostly: seen from anywhere, often as a pair
    x, y = _affine(x, y, reach, lying, rng)
    if rng.random() < 0.6:
        x, y = _wobble(x, y, rng)
    if spread:
        x, y = _spread_sleeves(x, y, box, float(angle), rng)
    if rng.random() < 0.25:  # flared or narrowed towards the hem
        x = x * (1 + rng.uniform(-0.3, 0.3) * y / (FINE / 2))
    x, y = x + FINE / 2 - 0.5, y + FINE / 2 - 0.5
    # Out of the map means background, also where the sleeves have left a gap.
    shade = cv2.remap(shade, x, y, cv2.INTER_LINEAR, borderValue=0.0)
    mask = cv2.remap(mask * 255, x, y, cv2.INTER_LINEAR, borderValue=0.0)
    if lying and rng.random() < 0.2:
        shade, mask = _pair(shade, mask, rng)
    return _fit(shade, mask, rng)


def _has_sleeves(mask: np.ndarray, box: Sequence[int]) -> bool:
    """Tops fill the height, are wide and symmetric, which boots are not, with a filled chest.

    Bags with a handle have a hole where the chest would be.
    """
    if box[3] < 0.9 * FINE or not 0.6 * FINE < box[2] < 0.95 * FINE:
        return False
    item = mask[:, box[0] : box[0] + box[2]]
    chest = item[FINE // 8 : FINE // 3, box[2] // 3 : 2 * box[2] // 3]
    return bool((item == item[:, ::-1]).mean() > 0.88 and chest.mean() > 0.85)


def _affine(
    x: np.ndarray, y: np.ndarray, reach: float, lying: bool, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Mirror, rotate, shear and stretch; `reach` leaves room for what sticks out."""
    turn = rng.random()
    angle = np.deg2rad(rng.normal() * (50 if lying and turn < 0.2 else 20 if turn < 0.3 else 7))
    cos, sin = np.float32(np.cos(angle)), np.float32(np.sin(angle))
    mirror = -1 if rng.random() < 0.35 else 1
    # People draw in any proportions; cameras look down at an angle.
    spread = 0.3 if rng.random() < 0.35 else 0.1
    stretch, shear = np.float32(np.exp(rng.normal() * spread)), np.float32(rng.normal() * 0.07)
    room = np.float32(1.25 * reach)
    rotated_x, rotated_y = cos * x + sin * y, cos * y - sin * x
    return mirror * room * (rotated_x + shear * rotated_y) * stretch, room * rotated_y / stretch


def _wobble(
    x: np.ndarray, y: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """An unsteady hand: smooth displacements of a few pixels."""
    knots = int(rng.integers(3, 7))
    strength = rng.uniform(0.5, 2.5)
    shift = (rng.standard_normal((knots, knots, 2)) * strength).astype(np.float32)
    smooth = cv2.resize(shift, (FINE, FINE), interpolation=cv2.INTER_CUBIC)
    return x + smooth[..., 0], y + smooth[..., 1]


def _spread_sleeves(
    x: np.ndarray,
    y: np.ndarray,
    box: Sequence[int],
    angle: float,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    """Turn what hangs outside the body outwards about the shoulders, leaving a gap below."""
    pivot_x = rng.uniform(0.22, 0.29) * box[2]
    pivot_y = box[1] - FINE / 2 + rng.uniform(0.12, 0.2) * box[3]
    side = np.sign(x)
    out_x, down = np.abs(x) - pivot_x, y - pivot_y
    # 0 is straight down from the shoulder, a quarter turn is straight out.
    turn = np.arctan2(out_x, down)
    outside = (turn > angle) & (turn < np.pi * 0.75)
    gap = (turn > 0) & (turn <= angle)
    cos, sin = np.cos(angle), np.sin(angle)
    sleeve_x = side * (out_x * cos - down * sin + pivot_x)
    sleeve_y = out_x * sin + down * cos + pivot_y
    new_x = np.where(outside, sleeve_x, np.where(gap, 10 * FINE, x)).astype(np.float32)
    return new_x, np.where(outside, sleeve_y, y).astype(np.float32)


def _pair(
    shade: np.ndarray, mask: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Two shoes, one half behind the other."""
    dx, dy = (int(v) for v in rng.integers(-9, 10, 2))
    behind, behind_mask = np.roll(shade, (dy, dx), (0, 1)), np.roll(mask, (dy, dx), (0, 1))
    front = mask > 127
    edge = cv2.dilate(mask, np.ones((3, 3), np.uint8)) > 127
    behind = np.where(edge & ~front, behind // 3, behind)
    return np.where(front, shade, behind), np.maximum(mask, behind_mask)


def _fit(
    shade: np.ndarray, mask: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Trim, bring the longest edge to the canvas (a little less at times) and centre."""
    left, top, width, height = cv2.boundingRect((mask > 127).astype(np.uint8))
    if width < 4 or height < 4:
        return np.zeros((FINE, FINE), np.float32), np.zeros((FINE, FINE), bool)
    edge = FINE * (1.0 if rng.random() < 0.75 else rng.uniform(0.8, 1.0))
    scale = edge / max(width, height)
    w, h = max(1, round(width * scale)), max(1, round(height * scale))
    x, y = (FINE - w) // 2, (FINE - h) // 2
    if rng.random() < 0.2:
        x = int(np.clip(x + rng.integers(-3, 4), 0, FINE - w))
        y = int(np.clip(y + rng.integers(-3, 4), 0, FINE - h))
    fitted = np.zeros((2, FINE, FINE), np.uint8)
    for source, target in zip((shade, mask), fitted, strict=True):
        part = source[top : top + height, left : left + width]
        target[y : y + h, x : x + w] = cv2.resize(part, (w, h), interpolation=cv2.INTER_LINEAR)
    return fitted[0].astype(np.float32) / 255, fitted[1] > 127


# Strokes in pixels of the fine canvas; thin ones are commoner.
WIDTHS = (1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 5, 7)

# Drawings ---------------------------------------------------------------------------------------


def _drawing(shade: np.ndarray, mask: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return float32 0..1: outline, inner lines and fill in all the mixtures people draw."""
    width = WIDTHS[int(rng.integers(len(WIDTHS)))]
    fill = _fill(shade, mask, rng)
    ink = 1.0 if rng.random() < 0.6 else rng.uniform(0.5, 1.0)
    silhouette = fill is not None and rng.random() < 0.3
    picture = np.zeros((FINE, FINE), np.float32) if fill is None else fill
    if not silhouette:
        line = _outline(mask, width, fill is None and rng.random() < 0.4, rng)
        picture = picture + line * (ink - picture)
    if rng.random() < 0.55:
        inner = _inner_lines(shade, mask, width)
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


def _photo(shade: np.ndarray, mask: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return float32 0..1: other cloth, other light, and what background removal gets wrong."""
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
    picture = (np.clip(tones, 0.02, 1) * mask).astype(np.float32)
    fault = rng.random()
    if fault < 0.15:
        picture = _remnant(picture, rng)
    elif fault < 0.25:
        picture = _hole(picture, rng)
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
    y, x = _ROWS, _COLUMNS
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


def _remnant(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return the picture with a piece of floor, wall or hanger left at its border."""
    blob = np.zeros((FINE, FINE), np.float32)
    side, level = int(rng.integers(4)), rng.uniform(0.1, 0.7)
    count = int(rng.integers(3, 7))
    along = np.sort(rng.uniform(0, FINE, count))
    depth = rng.uniform(0, 14, count)
    points = np.stack([np.r_[along, along[-1], along[0]], np.r_[depth, 0, 0]], 1)
    cv2.fillPoly(blob, [points.astype(np.int32)], level)
    blob = np.rot90(blob, side)
    return np.where(picture > 0, picture, blob).astype(np.float32)


def _hole(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return the picture with a bite that was taken for background."""
    bitten = picture.copy()
    centre = tuple(int(v) for v in rng.integers(4, FINE - 4, 2))
    axes = tuple(int(v) for v in rng.integers(2, 10, 2))
    cv2.ellipse(bitten, centre, axes, float(rng.uniform(0, 180)), 0, 360, 0, -1)
    return bitten


def _finish(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return uint8 (28, 28): halved, blurred or sharpened, with some sensor noise on the item."""
    small = cv2.resize(picture, (SIZE, SIZE), interpolation=cv2.INTER_AREA) * 255
    choice = rng.random()
    if choice < 0.2:
        small = cv2.GaussianBlur(small, (3, 3), rng.uniform(0.3, 0.9))
    elif choice < 0.45:  # the published conversion sharpens
        small = small + rng.uniform(0.3, 1.0) * (small - cv2.GaussianBlur(small, (5, 5), 1.0))
    if rng.random() < 0.3:
        noise = rng.standard_normal((SIZE, SIZE)).astype(np.float32) * rng.uniform(2, 16)
        small = small + noise * (small > 4)
    return np.clip(np.rint(small), 0, 255).astype(np.uint8)
