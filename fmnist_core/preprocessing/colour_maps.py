"""The colour maps that plot libraries show numbers with, and how to get the numbers back."""

from functools import cache

import cv2
import numpy as np

# OpenCV's tables of these are those of Matplotlib, level by level.
_SHARED = {
    "viridis": cv2.COLORMAP_VIRIDIS,
    "plasma": cv2.COLORMAP_PLASMA,
    "inferno": cv2.COLORMAP_INFERNO,
    "magma": cv2.COLORMAP_MAGMA,
    "cividis": cv2.COLORMAP_CIVIDIS,
    "turbo": cv2.COLORMAP_TURBO,
    "bone": cv2.COLORMAP_BONE,
    "OpenCV's jet": cv2.COLORMAP_JET,
    "OpenCV's hot": cv2.COLORMAP_HOT,
}
# Matplotlib's other ones, straight between these points: position 0..1 and level 0..1 of red,
# green and blue each; for the last two evenly spaced colours instead.
_RAMPS = {
    "jet": (
        ((0, 0.35, 0.66, 0.89, 1), (0, 0, 1, 1, 0.5)),
        ((0, 0.125, 0.375, 0.64, 0.91, 1), (0, 0, 1, 1, 0, 0)),
        ((0, 0.11, 0.34, 0.65, 1), (0.5, 1, 1, 0, 0)),
    ),
    "hot": (
        ((0, 0.365079, 1), (0.0416, 1, 1)),
        ((0, 0.365079, 0.746032, 1), (0, 0, 1, 1)),
        ((0, 0.746032, 1), (0, 0, 1)),
    ),
}
_ANCHORS = {
    "coolwarm": (
        "3b4cc0 4f69d9 6485ec 7b9ff9 93b5fe aac7fd c0d4f5 d4dbe6 e5d8d1 f2cbb7 f7b89c f5a081 "
        "ee8468 e0654f cc403a b40426"
    ),
    "Blues": "f7fbff deebf7 c6dbef 9ecae1 6baed6 4292c6 2171b5 08519c 08306b",
}
_LEVELS = np.arange(256, dtype=np.uint8)


@cache
def tables() -> dict[str, np.ndarray]:
    """Return float32 (256, 3), the RGB colour of each level, by the map's name; grey is first."""
    found: dict[str, np.ndarray] = {"grey": np.repeat(_LEVELS[:, None], 3, axis=1)}
    for name, number in _SHARED.items():
        found[name] = cv2.applyColorMap(_LEVELS[None], number)[0, :, ::-1]
    for name, ramps in _RAMPS.items():
        found[name] = 255 * np.stack([np.interp(_LEVELS / 255, *ramp) for ramp in ramps], axis=1)
    for name, text in _ANCHORS.items():
        colours = np.array([list(bytes.fromhex(word)) for word in text.split()])
        places = np.linspace(0, 255, len(colours))
        found[name] = np.stack([np.interp(_LEVELS, places, part) for part in colours.T], axis=1)
    return {name: table.astype(np.float32) for name, table in found.items()}


def undo(colours: np.ndarray, ground: np.ndarray, near: float) -> tuple[str, np.ndarray, float]:
    """Return the map that the colours (n, 3) come from, their levels uint8 (n,), and how badly.

    `ground` (3,) is the colour of nothing: only maps that begin or end within `near` of it are
    tried. The last number is the colours' root mean square distance from the map, in levels,
    infinite where no map fits the ground.
    """
    best = "grey", np.zeros(len(colours), np.uint8), np.inf
    for name, table in tables().items():
        if np.linalg.norm(table[[0, -1]] - ground, axis=1).min() > near:
            continue
        square = (table**2).sum(1) - 2 * colours @ table.T + (colours**2).sum(1)[:, None]
        away = float(np.sqrt(max(0.0, square.min(1).mean())))
        if away < best[2]:
            best = name, square.argmin(1).astype(np.uint8), away
    return best
