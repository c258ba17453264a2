"""Makes `assets/field/`: `python -m fmnist_core.release.examples` draws, photographs and prepares.

The same seed gives the same pictures; takes about half a minute.
"""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from fmnist_core import files
from fmnist_core.data import examples
from fmnist_core.data.examples import Drawing, Example, Prepared
from fmnist_core.data.fashion_mnist import CLASS_NAMES
from fmnist_core.preprocessing.prepare import prepare
from fmnist_core.recipes import presets
from fmnist_core.release import ood_pictures
from fmnist_core.release.example_clothes import coat, dress, pullover, shirt, t_shirt, trouser
from fmnist_core.release.example_pen import Shape, Stroke, shaky, smooth
from fmnist_core.release.example_photos import COLOURS, EDGE, GROUNDS, photograph
from fmnist_core.release.example_shoes import bag, boot, sandal, sneaker

# In the order of the classes.
SHAPES = (t_shirt, trouser, pullover, dress, coat, sandal, shirt, sneaker, bag, boot)
DRAWINGS, PHOTOS = 4, 3  # of each class
_BLACK, _WHITE = [20, 20, 24], [255, 255, 255]
# Ink, paper, width, and the fill's colour or None: a pencil, a marker, a felt pen, chalk.
PENS: tuple[tuple[list[int], list[int], int, list[int] | None], ...] = (
    (_BLACK, _WHITE, 4, None),
    (_BLACK, _WHITE, 7, None),
    ([36, 60, 140], _WHITE, 5, [150, 178, 226]),
    ([236, 236, 228], [44, 60, 52], 6, None),
)
_QUALITY = [cv2.IMWRITE_JPEG_QUALITY, 80]


def strokes(shape: Shape, rng: np.random.Generator, *, mirror: bool) -> list[list[list[int]]]:
    """Return the shape's outlines and lines as a shaky pen draws them, in thousandths."""
    found = []
    for stroke in [*shape[0], *shape[1]]:
        line = shaky(smooth(stroke), rng)[::2] * examples.UNIT
        if mirror:
            line[:, 0] = examples.UNIT - line[:, 0]
        found.append(np.rint(line).astype(int).tolist())
    return found


def drawings() -> list[Example]:
    """Return the drawings, DRAWINGS of each class, each with another pen."""
    found = []
    for label, shape in enumerate(SHAPES):
        for style in range(DRAWINGS):
            rng = np.random.default_rng((label, style))
            ink, paper, width, fill = PENS[(style + label) % len(PENS)]
            drawn = Drawing(
                strokes(shape(style), rng, mirror=label in (5, 7, 9) and style == 1),
                width,
                ink,
                paper,
                len(shape(style)[0]) if fill else 0,
                fill or _WHITE,
            )
            found.append(_named(label, "drawing", style + 1, drawn))
    return found


def _named(label: int, kind: Any, number: int, drawing: Drawing | None = None) -> Example:  # noqa: ANN401
    name = f"{presets.slug(CLASS_NAMES[label])}-{kind}-{number}"
    return Example(name, CLASS_NAMES[label], kind, label, "", drawing)


def photos() -> list[tuple[Example, np.ndarray]]:
    """Return the photos with their pictures, uint8 RGB, PHOTOS of each class."""
    found, grounds = [], list(GROUNDS)
    for label, shape in enumerate(SHAPES):
        for number in range(PHOTOS):
            rng = np.random.default_rng((7, label, number))
            picture = photograph(
                shape((number + label) % 4),
                label,
                grounds[(label + 2 * number) % len(grounds)],
                rng,
                COLOURS[(2 * label + 4 * number) % len(COLOURS)],
            )
            found.append((_named(label, "photo", number + 1), picture))
    return found


def hard_ones() -> list[tuple[Example, np.ndarray | None]]:
    """Return what networks ought not to be sure of, with a picture where it is no drawing."""
    rng = np.random.default_rng(3)
    t = np.linspace(0, 1, 160)
    tangle = 500 + 380 * np.stack([np.sin(23 * t + 1) * (0.4 + 0.6 * t), np.cos(17 * t) * 0.9], 1)
    scribble = Drawing([np.rint(tangle).astype(int).tolist()], 5, _BLACK, _WHITE)
    white = photograph(t_shirt(0), 0, "wall", rng, (240, 238, 234))
    two = photograph(_pair(), 7, "carpet", np.random.default_rng(5), COLOURS[1])
    busy = photograph(dress(1), 3, "carpet", rng, COLOURS[3])
    clutter = ood_pictures.noise(np.random.default_rng(8))
    clutter = cv2.resize(clutter.reshape(*clutter.shape[:2], -1)[..., :1], (EDGE, EDGE))
    mixed = np.clip(busy.astype(int) + clutter.reshape(EDGE, EDGE, 1).astype(int) - 128, 0, 255)
    return [
        (
            Example("scribble", "A scribble", "drawing", None, "It is no item at all.", scribble),
            None,
        ),
        (
            Example(
                "white-on-white", "White on white", "photo", 0, "White clothes are not in the data."
            ),
            white,
        ),
        (Example("two-shoes", "Two shoes", "photo", 7, "It is more than one item."), two),
        (
            Example(
                "busy-ground", "A busy ground", "photo", 3, "The ground is as loud as the item."
            ),
            mixed.astype(np.uint8),
        ),
    ]


def _pair() -> Shape:
    """Return two sneakers, one above the other."""
    outlines, lines = sneaker(0)

    def moved(part: list[Stroke], x: float, y: float) -> list[Stroke]:
        return [[(0.55 * u + x, 0.55 * v + y) for u, v in stroke] for stroke in part]

    places = ((0.02, -0.06), (0.4, 0.4))
    return (
        [stroke for place in places for stroke in moved(outlines, *place)],
        [stroke for place in places for stroke in moved(lines, *place)],
    )


def in_readings(found: list[Example]) -> Prepared:
    """Return every example with a class and without a difficulty as networks get it."""
    readings: list[np.ndarray] = []
    owners: list[int] = []
    labels: list[int] = []
    for example in found:
        if example.label is None or example.hard:
            continue
        for reading in prepare(example.picture()).readings:
            readings.append(reading.array)
            owners.append(len(labels))
        labels.append(example.label)
    return Prepared(np.stack(readings), np.array(owners), np.array(labels))


def main() -> int:
    """Write the index, the photos and the prepared arrays."""
    folder: Path = examples.FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    pictures = [(example, None) for example in drawings()] + photos() + hard_ones()
    index = {}
    for example, picture in pictures:
        if picture is not None:
            _, encoded = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), _QUALITY)
            (folder / f"{example.name}.jpg").write_bytes(encoded.tobytes())
        about = asdict(example)
        about["drawing"] = example.drawing._asdict() if example.drawing else None
        index[about.pop("name")] = about
    files.write_json(folder / examples.INDEX, index)
    found = in_readings([example for example, _ in pictures])
    files.write_arrays(folder / examples.PREPARED, found._asdict().items())
    count = len(found.labels)
    sys.stdout.write(f"{len(index)} examples, {count} of them prepared, in {folder}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
