"""Teaches a trained network real photos: the second half of `zoo train field --photos DIR`.

The network goes on learning the data set, its renderings as drawings and photos, and the photos,
each time cut out a little differently, under other light. On the data set's own images it also
learns what the model Best thinks of them (distillation, arXiv:1503.02531), so that it forgets
nothing. Photos of garments that are none of the ten classes teach it to spread its confidence.
"""

from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np

from fmnist_core.augmentation.augment import augment
from fmnist_core.augmentation.synthetic import render
from fmnist_core.data.fashion_mnist import Images
from fmnist_core.models import catalogue
from fmnist_core.models.build import build
from fmnist_core.models.convert import save_model
from fmnist_core.preprocessing import readings
from fmnist_core.preprocessing.masks import around, bounds, fit, pair
from fmnist_core.preprocessing.open_picture import open_picture
from fmnist_core.preprocessing.segmentation import (
    LEVEL,
    WORKING_EDGE,
    item_likelihood,
    main_parts,
)
from fmnist_core.recipes.recipe import Augmentation
from fmnist_core.release.light import half_lit
from fmnist_core.release.photos import Photo
from fmnist_core.release.workers import spread
from fmnist_core.runs.run import MODEL, Run
from fmnist_core.shapes import SIDE

# Of each batch: images of the data set, renderings, photos, photos of other garments.
SHARES = (48, 32, 44, 4)
DRAWN = 0.75  # of the renderings: photos there are real ones of, but of no bag
SMOOTHING = 0.03
# Batches a pass, passes, the highest learning rate, and how often all that is done.
PASS, PASSES, RATE, TURNS = 250, 20, 0.04, 2
CLOSE_UP = 112  # pixels, four for each that is left
_CLASSES = 10


class Cutouts(NamedTuple):
    """Photos with what is item: uint8 grey (h, w), uint8 soft mask (h, w), label or -1, each."""

    greys: list[np.ndarray]
    masks: list[np.ndarray]
    labels: np.ndarray

    @property
    def chances(self) -> np.ndarray:
        """How often each photo with a class is drawn, summing to one; rare classes more often."""
        labels = self.labels
        counts = np.bincount(labels[labels >= 0], minlength=_CLASSES)
        weight = np.where(labels >= 0, np.maximum(counts, 1)[labels] ** -0.5, 0.0)
        found: np.ndarray = weight / weight.sum()
        return found


def close_up(grey: np.ndarray, soft: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return both as uint8, cut to the item and some ground around it, small enough to be quick.

    `grey` is uint8 (h, w), `soft` float32 (h, w) in 0..1.
    """
    near = around(soft > 0.2, 0.15, least=2)
    mask = (255 * soft + 0.5).astype(np.uint8)
    return fit(grey[near], CLOSE_UP), fit(mask[near], CLOSE_UP)


def cutout(grey: np.ndarray, soft: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return uint8 (28, 28): a photographed item as another photo of it would be prepared.

    `grey` is uint8 (h, w), `soft` is uint8 (h, w), 255 for what is surely item.
    """
    grey, soft = _moved(grey, soft, rng)
    sure: np.ndarray = soft.astype(np.float32) / 255
    level = rng.uniform(0.25, 0.75)
    if not (sure > level).any():
        return np.zeros((SIDE, SIDE), np.uint8)
    if rng.random() < 0.25:
        kernel = np.ones((int(rng.integers(2, 5)),) * 2, np.uint8)
        sure = np.asarray((cv2.erode if rng.random() < 0.5 else cv2.dilate)(sure, kernel))
        level = min(level, float(sure.max()) - 0.01)
    lit = _lit(grey.astype(np.float32) / 255, rng)
    shown = (np.clip(lit, 0, 1) * 255).astype(np.uint8)
    found = [readings.Reading("", readings.convert(shown, readings.edge(sure, level)))]
    if rng.random() < 0.3:
        found = readings.of_photo(shown, sure, level)
    elif rng.random() < 0.3 and pair(sure > level):
        found = readings.laid_down(shown, sure > level)
    image = found[int(rng.integers(len(found)))].array
    if readings.is_white(image) and rng.random() < 0.9:
        image = readings.lift_white(image)
    if readings.points_right(image) if rng.random() < 0.7 else rng.random() < 0.5:
        image = image[:, ::-1]
    return np.ascontiguousarray(image)


def _moved(
    grey: np.ndarray, soft: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Return both turned and stretched alike; now and then as if the frame cut something off."""
    angle = np.deg2rad(rng.normal() * 8 + (90 * rng.integers(1, 4) if rng.random() < 0.1 else 0))
    stretch, shear = np.exp(rng.normal() * 0.08), rng.normal() * 0.05
    cos, sin = np.cos(angle), np.sin(angle)
    turn = np.array([[cos, -sin], [sin, cos]]) @ [[stretch, shear], [0, 1 / stretch]]
    height, width = grey.shape
    edge = round(1.2 * max(height, width))
    shift = edge / 2 - turn @ [width / 2, height / 2]
    matrix = np.c_[turn, shift]
    grey = cv2.warpAffine(grey, matrix, (edge, edge), borderMode=cv2.BORDER_REPLICATE)
    soft = cv2.warpAffine(soft, matrix, (edge, edge))
    if rng.random() < 0.1:
        left, top, wide, high = bounds(soft > 127)
        side, share = int(rng.integers(4)), rng.uniform(0.02, 0.12)
        across, down = round(share * wide), round(share * high)
        lost = (
            np.s_[:, left + wide - across :],
            np.s_[:, : left + across],
            np.s_[: top + down],
            np.s_[top + high - down :],
        )
        soft[lost[side]] = 0
    return grey, soft


def _lit(grey: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return float32 (h, w) in another light: brighter, flatter, half in shade, noisy."""
    if rng.random() < 0.25:
        grey = grey * half_lit(grey.shape, rng, 0.05, (0.1, 0.5))
    grey = (grey - 0.5) * rng.uniform(0.7, 1.3) + 0.5 + rng.uniform(-0.15, 0.15)
    grey = np.clip(grey, 0, 1) ** np.exp(rng.normal() * 0.25)
    if rng.random() < 0.1:
        grey = 1 - grey
    if rng.random() < 0.2:
        grey = cv2.GaussianBlur(grey, (0, 0), rng.uniform(0.5, 3))
    return np.asarray(grey, np.float32)


def batch(
    images: Images, beliefs: np.ndarray, photos: Cutouts, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Return one batch: float32 (n, 28, 28, 1) in 0..1, and targets (n, 10) that sum to one.

    `beliefs` (m, 10) are another network's probabilities of the data set's m `images`.
    """
    plain, rendered, shown, other = SHARES
    one, labels = np.eye(_CLASSES, dtype=np.float32), images.labels
    chosen = rng.integers(len(images), size=plain + rendered)
    first, second = chosen[:plain], chosen[plain:]
    varied = augment(
        images.images[first], labels[first], Augmentation(flip=True, shift=1, erase=0.15), rng
    )
    redrawn = [render(images.images[index], int(labels[index]), rng, DRAWN) for index in second]
    named = rng.choice(len(photos.labels), size=shown, p=photos.chances)
    unlike = rng.choice(np.flatnonzero(photos.labels < 0), size=other)
    cut = [cutout(photos.greys[i], photos.masks[i], rng) for i in np.r_[named, unlike]]
    stack = np.stack(redrawn + cut)
    mirrored = rng.random(len(stack)) < 0.3
    stack[mirrored] = stack[mirrored, :, ::-1]
    hard = one[np.r_[labels[second], photos.labels[named]]]
    targets = [
        0.5 * (0.95 * one[labels[first]] + 0.005) + 0.5 * beliefs[first],
        (1 - SMOOTHING) * hard + SMOOTHING / _CLASSES,
        np.full((other, _CLASSES), 1 / _CLASSES, np.float32),
    ]
    inputs = np.concatenate([varied, stack])[..., None].astype(np.float32) / 255
    return inputs, np.concatenate(targets)


def cut_out(photos: list[Photo]) -> Cutouts:
    """Return the photos cut out by the shipped segmentation network. Blocks: 30 a second."""
    greys, masks = (list(part) for part in zip(*spread(_cut_out_one, photos), strict=True))
    return Cutouts(greys, masks, np.array([photo.label for photo in photos]))


def _cut_out_one(photo: Photo) -> tuple[np.ndarray, np.ndarray]:
    rgb = fit(np.asarray(open_picture(photo.path.read_bytes())), WORKING_EDGE, grow=False)
    soft = item_likelihood(rgb)
    return close_up(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), soft * main_parts(soft > LEVEL))


def beliefs(images: np.ndarray) -> np.ndarray:
    """Return float32 (n, 10): what Best makes of uint8 (n, 28, 28) images and their mirrors."""
    best = catalogue.find("best", folders=False).classifier()
    both = [best.probabilities(np.ascontiguousarray(images[:, :, ::flip])) for flip in (1, -1)]
    return (both[0] + both[1]) / 2


def teach(run: Run, photos: list[Photo], images: Images) -> None:
    """Let a run's trained network learn from real photos as well, from its last pass if begun.

    `images` are the training images; those kept for validation are left alone. Blocks, about forty
    minutes on two cores, and replaces the run's network.
    """
    import keras

    recipe = run.recipe
    seen = Images(images.images[: recipe.train_examples], images.labels[: recipe.train_examples])
    cut, believed = cut_out(photos), beliefs(seen.images)

    class Batches(keras.utils.PyDataset):
        """The random numbers of a batch follow from its place."""

        def __init__(self, turn: int) -> None:
            # A second process, as drawing a batch would hold the lock that training needs.
            super().__init__(workers=1, use_multiprocessing=True, max_queue_size=16)
            self.turn, self.epoch = turn, 0

        def __len__(self) -> int:
            return PASS

        def __getitem__(self, place: int) -> tuple[np.ndarray, np.ndarray]:
            rng = np.random.default_rng((recipe.seed, self.turn, self.epoch, place))
            return batch(seen, believed, cut, rng)

        def on_epoch_end(self) -> None:
            self.epoch += 1

    start = keras.models.load_model(run.folder / MODEL).get_weights()
    trained = []
    for turn in range(TURNS):
        model = build(recipe)
        model.set_weights(start)
        _learn(model, Batches(turn), run.folder / f"photos-{turn}")
        trained.append(model.get_weights())
    # Averaged weights are right more often than each (model soups, arXiv:2203.05482).
    model.set_weights([sum(weights) / TURNS for weights in zip(*trained, strict=True)])
    save_model(model, recipe, run.folder)


def _learn(model: Any, batches: Any, backup: Path) -> None:  # noqa: ANN401
    """Train the model in place; interrupted, it goes on from its last pass in `backup`."""
    import keras

    schedule = keras.optimizers.schedules.CosineDecay(
        RATE / 20, PASS * PASSES, 0.01, warmup_target=RATE, warmup_steps=200
    )
    optimizer = keras.optimizers.SGD(
        schedule, 0.9, nesterov=True, weight_decay=5e-4, use_ema=True, ema_momentum=0.998
    )
    model.compile(optimizer, "categorical_crossentropy", metrics=["accuracy"], jit_compile=False)
    # The backup of what is done stays, so that it is not done again.
    resume = keras.callbacks.BackupAndRestore(backup, delete_checkpoint=False)
    model.fit(batches, epochs=PASSES, callbacks=[resume], verbose=2)
