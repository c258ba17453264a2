"""What each preprocessing step is worth: `python -m benchmarks.ablation FOLDER [--model NAME]`.

Switches the steps off one at a time and measures real pictures again (about half a minute a
row). A difference under 5 points is within the noise of these sets.
"""

import argparse
import dataclasses
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from fmnist_core.evaluation import real_pictures
from fmnist_core.models.catalogue import find
from fmnist_core.models.classifier import Classifier
from fmnist_core.models.voting import classify
from fmnist_core.preprocessing import drawing, masks, readings, segmentation
from fmnist_core.preprocessing.item import Item, Overrides, Reading
from fmnist_core.preprocessing.open_picture import flatten, open_picture
from fmnist_core.preprocessing.prepare import prepare
from fmnist_core.release.segmentation.grabcut import find_item

Prepare = Callable[[np.ndarray], Item]
Patch = tuple[Any, str, Any]


def grabcut(rgb: np.ndarray) -> np.ndarray:
    """Stand in for the network: the mask from which it began to learn."""
    return find_item(rgb)[0].astype(np.float32)


# Each row: what is switched off, and what stands in for it.
PATCHES: dict[str, list[Patch]] = {
    "the network (GrabCut instead)": [(segmentation, "item_likelihood", grabcut)],
    "the network (border colours only)": [
        (segmentation, "item_likelihood", segmentation.border_distance)
    ],
    "the second, close look": [(segmentation, "item_likelihood", segmentation._look)],
    "sharpening": [(readings, "sharpen", lambda grey: grey)],
    "mirror rule": [(readings, "points_right", lambda image: False)],
    "white lifted to grey": [(readings, "is_white", lambda image: False)],
    "pairs taken apart": [(readings, "laid_down", lambda grey, mask: [])],
    "joining loose ends": [(drawing, "join_ends", lambda lines, ends, reach: lines)],
    "all closing of gaps": [(drawing, "silhouette", masks.fill_holes)],
    "thickening of thin strokes": [
        (drawing, "strokes", lambda ink, level=0.25, thickness=4: ink > level)
    ],
    "trimming (aspect and place kept)": [(readings, "trim", lambda picture, mask: picture)],
}
WISHES = {
    "background removal": Overrides(mask="none"),
    "filling of outlines": Overrides(fill=False),
}


def blind(rgb: np.ndarray) -> Item:
    """Return the picture as most demos prepare it: grey, squeezed to 28×28, inverted."""
    grey = np.asarray(flatten(rgb).convert("L").resize((28, 28)))
    return Item("photo", "", [], [Reading("blind", 255 - grey)])


def first_only(rgb: np.ndarray) -> Item:
    """Return the item with one reading instead of several averaged ones."""
    item = prepare(rgb)
    return dataclasses.replace(item, readings=item.readings[:1])


def open_all(folder: Path) -> list[tuple[real_pictures.RealPicture, np.ndarray]]:
    """Return the folder's files with their opened pictures: opening is not what is measured."""
    return [
        (file, np.asarray(open_picture(file.path.read_bytes())))
        for file in real_pictures.read(folder)
    ]


def measure(
    classifier: Classifier, opened: list[tuple[real_pictures.RealPicture, np.ndarray]], how: Prepare
) -> dict[str, real_pictures.Score]:
    """Return the scores by set when pictures are prepared by `how`."""
    ranks = [
        real_pictures.rank(classify(how(rgb), classifier)[0], file.accepted) for file, rgb in opened
    ]
    return real_pictures.score([file for file, _ in opened], ranks).sets


def line(name: str, sets: dict[str, real_pictures.Score]) -> str:
    """Return one row of the table: top-1 and top-3 of each set in per cent."""
    parts = [
        f"{100 * score.top1 / score.count:8.1f}{100 * score.top3 / score.count:8.1f}"
        for score in sets.values()
    ]
    return f"{name:36}" + "".join(parts)


def main() -> None:
    """Print the table, the full pipeline first."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--model", default="field", help="a model's name, or a .tflite file")
    arguments = parser.parse_args()
    if arguments.model.endswith(".tflite"):
        classifier = Classifier(Path(arguments.model))
    else:
        classifier = find(arguments.model).classifier()
    opened = open_all(arguments.folder)
    full = measure(classifier, opened, prepare)
    print(" " * 36 + "".join(f"{name:>16}" for name in full))
    print(" " * 36 + "   top-1   top-3" * len(full))
    print(line("everything", full), flush=True)
    for name, patches in PATCHES.items():
        with ExitStack() as stack:
            for target, attribute, stand_in in patches:
                stack.enter_context(patch.object(target, attribute, stand_in))
            sets = measure(classifier, opened, prepare)
        print(line(f"without {name}", sets), flush=True)
    for name, wish in WISHES.items():
        sets = measure(classifier, opened, partial(prepare, overrides=wish))
        print(line(f"without {name}", sets), flush=True)
    print(line("without averaging readings", measure(classifier, opened, first_only)))
    print(line("blind resize and inversion", measure(classifier, opened, blind)))


if __name__ == "__main__":
    main()
