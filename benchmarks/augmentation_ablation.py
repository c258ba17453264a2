"""What each augmentation is worth: `python -m benchmarks.augmentation_ablation FOLDER`.

Trains a small network again and again, each time with one augmentation switched off, and measures
real pictures. About two minutes a row on one core. The network and its training are much
smaller than the shipped *Field*, so that only differences count, and those under 5 points are
within the noise of these sets.
"""

import argparse
import tempfile
from contextlib import ExitStack
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import cv2
import numpy as np

from fmnist_core import files
from fmnist_core.augmentation import rendering, shoes, synthetic, warping
from fmnist_core.augmentation.warping import FINE, INK
from fmnist_core.data.fashion_mnist import load
from fmnist_core.evaluation import real_pictures
from fmnist_core.models.classifier import Classifier
from fmnist_core.recipes.layers import MaxPooling2D, ResidualBlock
from fmnist_core.recipes.presets import FIELD
from fmnist_core.recipes.recipe import Augmentation, Recipe
from fmnist_core.runs.run import LITERT, RECIPE, Run
from fmnist_core.training import train

EXAMPLES, EPOCHS = 20_000, 10
LAYERS = (
    FIELD.recipe.layers[0],
    MaxPooling2D(),
    ResidualBlock(filters=32),
    ResidualBlock(filters=64, strides=2),
    ResidualBlock(filters=64),
    *FIELD.recipe.layers[-4:],
)
FULL = FIELD.recipe.augmentation
Patch = tuple[Any, str, Any]


def unwarped(image: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Stand in for `warping.warp`: the image as it is, and its mask."""
    shade = cv2.resize(image, (FINE, FINE), interpolation=cv2.INTER_LINEAR)
    return shade.astype(np.float32) / 255, shade > INK


def _first(given: Any, *_: object) -> Any:  # noqa: ANN401 - gives back what it gets
    return given


def _nothing(*_: object) -> np.ndarray:
    return np.zeros((FINE, FINE), np.float32)


# Each row: what is switched off, and what stands in for it.
PATCHES: dict[str, list[Patch]] = {
    "garments drawn from nothing": [(synthetic, "FROM_NOTHING", 0.0)],
    "drawings": [(synthetic, "DRAWN", 0.0)],
    "photos": [(synthetic, "DRAWN", 1.0)],
    "warped outlines": [(synthetic, "warp", unwarped)],
    "spread sleeves": [(warping, "_has_sleeves", lambda *_: False)],
    "pairs of shoes": [
        (warping, "_pair", lambda shade, mask, rng: (shade, mask)),
        (shoes, "pair_from_side", lambda rng, one: [[one]]),
        (shoes, "_two", lambda one, gap, rng: [[one]]),
    ],
    "openings of coats and shirts": [(synthetic, "OPENINGS", 0.0)],
    "inner lines": [(rendering, "_inner_lines", _nothing)],
    "random convolutions": [(rendering, "_random_convolution", _first)],
    "patterns": [(rendering, "_pattern", _nothing)],
    "graded light and fills": [(rendering, "_slope", _nothing)],
    "blur, sharpening, noise": [
        (
            synthetic,
            "_finish",
            lambda picture, rng: (
                (cv2.resize(picture, (28, 28), interpolation=cv2.INTER_AREA) * 255)
                .clip(0, 255)
                .astype(np.uint8)
            ),
        )
    ],
}
CHANGES = {
    "flips": replace(FULL, flip=False),
    "shifts": replace(FULL, shift=0),
    "erasing": replace(FULL, erase=0.0),
    "the field augmentation": replace(FULL, field=0.0),
    "any augmentation": Augmentation(),
}


def trained(augmentation: Augmentation, folder: Path) -> Classifier:
    """Return the small network, trained with this augmentation in an empty folder."""
    recipe: Recipe = FIELD.recipe.changed(
        layers=LAYERS, epochs=EPOCHS, train_examples=EXAMPLES, augmentation=augmentation
    )
    run = Run(folder)
    with files.replacing(folder / RECIPE) as stream:
        stream.write(recipe.to_json().encode())
    run.set_status("queued")
    train.train(run, load("train"), blind=True)
    return Classifier(folder / LITERT)


def main() -> None:
    """Print the table, everything on first, with the difference of each row to it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    open_item = cache(real_pictures.open_item)  # preparing is not what is measured

    def measured(augmentation: Augmentation) -> dict[str, real_pictures.Score]:
        with tempfile.TemporaryDirectory() as workshop:
            classifier = trained(augmentation, Path(workshop))
        return real_pictures.measure(classifier, folder, open_item).sets

    full = measured(FULL)
    print(" " * 40 + "".join(f"{name:>24}" for name in full))
    print(" " * 40 + "   top-1   top-3  change" * len(full))

    def say(name: str, sets: dict[str, real_pictures.Score]) -> None:
        parts = []
        for key, score in sets.items():
            top1, top3 = (100 * right / score.count for right in (score.top1, score.top3))
            change = top1 - 100 * full[key].top1 / full[key].count
            parts.append(f"{top1:8.1f}{top3:8.1f}{change:+8.1f}")
        print(f"{name:40}" + "".join(parts), flush=True)

    say("everything", full)
    rows = [(name, FULL, patches) for name, patches in PATCHES.items()]
    rows += [(name, augmentation, []) for name, augmentation in CHANGES.items()]
    for name, augmentation, patches in rows:
        with ExitStack() as stack:
            for target, attribute, stand_in in patches:
                stack.enter_context(patch.object(target, attribute, stand_in))
            say(f"without {name}", measured(augmentation))


if __name__ == "__main__":
    main()
