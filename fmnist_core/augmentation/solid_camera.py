# Pasted into the exported script, as training/script_augmentation.py says.
"""A camera that looks at shoes on the floor, as a visitor who stands before them does.

The data set shows one shoe exactly from its side. In photos, openings, insides and both shoes of a
pair are seen at once, one partly behind the other.
"""

import itertools

import cv2
import numpy as np

from fmnist_core.augmentation.outlines import Garment, Pile, Points
from fmnist_core.augmentation.solid_shoes import Part, Solid

PAIRS = 0.65  # how many of the views show two shoes
_PIXELS = 160  # a unit, while silhouettes are found


def view(parts: list[Part], rng: np.random.Generator) -> Pile:
    """Return one shoe or, mostly, a pair as a camera sees it from anywhere above the floor."""
    kind = rng.random()
    if kind < 0.55:  # from the side
        around, down = rng.normal() * 25, rng.uniform(5, 55)
    elif kind < 0.9:  # toes towards the camera
        around, down = 90 + rng.normal() * 25, rng.uniform(20, 85)
    else:
        around, down = rng.uniform(-180, 180), rng.uniform(20, 88)
    camera = np.deg2rad((around, down))
    shoes = [_place(parts, (0.0, 0.0), 0.0, 1)]
    if rng.random() < PAIRS:
        by = rng.normal() * 0.2, rng.uniform(0.42, 0.75) * rng.choice((-1, 1))
        shoes.append(_place(parts, by, np.deg2rad(rng.normal() * 14), -1))
    shoes.sort(key=lambda shoe: _nearness(shoe[0].surface, camera))
    return [[seen(part, camera) for part in shoe] for shoe in shoes]


def _place(parts: list[Part], by: tuple[float, float], turn: float, flip: int) -> list[Part]:
    """Return a shoe turned and moved on the floor, a right one made left if `flip` is -1."""
    cos, sin = np.cos(turn), np.sin(turn)
    matrix = np.array([[cos, sin, 0], [-sin * flip, cos * flip, 0], [0, 0, 1]])

    def placed(solid: Solid) -> Solid:
        return solid @ matrix + (*by, 0)

    return [
        Part(
            placed(part.surface),
            part.other_colour,
            [placed(line) for line in part.lines],
            [placed(patch) for patch in part.patches],
        )
        for part in parts
    ]


def _nearness(solid: Solid, camera: np.ndarray) -> float:
    x, y, _ = solid.reshape(-1, 3).mean(0)
    return float(y * np.cos(camera[0]) - x * np.sin(camera[0]))


def project(solid: Solid, camera: np.ndarray) -> Points:
    """Return points (..., 3) on the screen, (..., 2): to the right and downwards.

    `camera` is how far it went around and above the shoe, in radians: (0, 0) sees it from its
    side, toes to the left, (0, a quarter turn) from above.
    """
    (cos, down_cos), (sin, down_sin) = np.cos(camera), np.sin(camera)
    matrix = np.array([[cos, -sin * down_sin], [sin, cos * down_sin], [0, -down_cos]])
    return solid @ matrix


def seen(part: Part, camera: np.ndarray) -> Garment:
    """Return what a camera, as `project` takes it, sees of a part of a shoe."""
    cloth, holes = _silhouette(project(part.surface, camera))
    patches = [project(patch, camera) for patch in part.patches]
    lines = [project(line, camera) for line in part.lines]
    return Garment(cloth, holes, lines, [*cloth, *patches] if part.other_colour else patches)


def _silhouette(flat: Points) -> tuple[list[Points], list[Points]]:
    """Return the outlines and holes of what lies between neighbouring cross-sections (n, m, 2)."""
    low = flat.reshape(-1, 2).min(0) - 0.05
    pixels = np.rint((flat - low) * _PIXELS).astype(np.int32)
    width, height = pixels.reshape(-1, 2).max(0) + 8
    canvas = np.zeros((height, width), np.uint8)
    for one, following in itertools.pairwise(pixels):
        cv2.fillConvexPoly(canvas, cv2.convexHull(np.concatenate([one, following])), 255)
    contours, tree = cv2.findContours(canvas, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    cloth: list[Points] = []
    holes: list[Points] = []
    for contour, (_, _, _, parent) in zip(contours, tree[0], strict=True):
        if len(contour) >= 6:
            outline = cv2.approxPolyDP(contour, 1.0, True)[:, 0] / _PIXELS + low
            (cloth if parent < 0 else holes).append(outline)
    return cloth, holes
