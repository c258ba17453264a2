"""Makes the out-of-distribution detector: `python -m fmnist_core.release.ood.training DIR`.

Items are the training images, their renderings as drawings and photos, and the real photos in
DIR; some drawings, and the generated pictures of no item, are prepared as a visitor's would be.
Takes about a quarter of an hour on two cores.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from fmnist_core.augmentation.rendering import drawing
from fmnist_core.augmentation.synthetic import render
from fmnist_core.augmentation.wardrobe import lay_out
from fmnist_core.augmentation.warping import FINE, warp
from fmnist_core.data import fashion_mnist
from fmnist_core.models import out_of_distribution
from fmnist_core.preprocessing.masks import trim
from fmnist_core.preprocessing.prepare import prepare
from fmnist_core.release import photos
from fmnist_core.release.field_training import Cutouts, cut_out, cutout
from fmnist_core.release.ood.pictures import EDGE, MAKERS
from fmnist_core.release.ood.things import THINGS
from fmnist_core.release.workers import spread

ALL = MAKERS | THINGS
_IMAGES, _HELD_OUT, _PAIRS, _DRAWN = 20_000, 2_000, 1_200, 6_000
_CUTS = 4  # of each photo
_STRANGE, _FRESH = 600, 40  # of each maker, to train on and to try
_EPOCHS, _BATCH = 12, 128
_SHOES = (5, 7, 9)


def make_strange(count: int, seed: int) -> np.ndarray:
    """Return uint8 (n, 28, 28): `count` of each maker, prepared, in every reading, none empty."""
    return _all_readings(_strange_one, [(name, seed, at) for name in ALL for at in range(count)])


def _strange_one(which: tuple[str, int, int]) -> list[np.ndarray]:
    name, seed, at = which
    return _readings(ALL[name](np.random.default_rng((seed, list(ALL).index(name), at))))


def _readings(picture: np.ndarray) -> list[np.ndarray]:
    """Return all that a picture is taken for, prepared: uint8 (28, 28) each; none if empty."""
    item = prepare(picture)
    return [] if item.empty else [reading.array for reading in item.readings]


def _all_readings(one: Callable[[Any], list[np.ndarray]], given: list[Any]) -> np.ndarray:
    return np.stack([image for images in spread(one, given) for image in images])


def draw_all(images: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return a drawing of each image or its class, prepared like a visitor's: uint8 (n, 28, 28).

    Preparing thickens and fills strokes; without it, real drawings look as strange as scribbles.
    """
    return _all_readings(_drawn_one, list(zip(images, labels, range(len(images)), strict=True)))


def _drawn_one(which: tuple[np.ndarray, int, int]) -> list[np.ndarray]:
    image, label, seed = which
    return _readings(_sheet(image, int(label), np.random.default_rng(seed)))


def _sheet(image: np.ndarray, label: int, rng: np.random.Generator) -> np.ndarray:
    """Return a drawing, dark on white, uint8 (EDGE, EDGE)."""
    lines = None
    shade, mask = warp(image, rng)
    if rng.random() < 0.5:
        shade, mask, lines = lay_out(label, FINE, rng)
    ink = np.pad(drawing(shade, mask, lines, rng), 6)
    return 255 - np.rint(255 * cv2.resize(ink, (EDGE, EDGE))).astype(np.uint8)


def render_all(images: np.ndarray, labels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return each image as a drawing or photo of its class, uint8 (n, 28, 28)."""
    pairs = zip(images, labels, strict=False)  # there may be more labels
    return np.stack([render(image, int(label), rng) for image, label in pairs])


def make_pairs(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return each shoe of uint8 (n, 28, 28) as a pair seen from above: turned, side by side."""
    pairs = np.zeros_like(images)
    for pair, shoe in zip(pairs, images, strict=True):
        item = np.rot90(trim(shoe, shoe > 0), rng.choice([1, 3]))
        width = int(rng.integers(9, 14))
        one = cv2.resize(item, (width, 28), interpolation=cv2.INTER_AREA)
        pair[:, 14 - width : 14] = one
        pair[:, 14 : 14 + width] = one[:, ::-1]
    return pairs


def spin(images: np.ndarray) -> np.ndarray:
    """Return the images in all eight positions: what is no item has no right way up."""
    turned = [np.rot90(images, turns, (1, 2)) for turns in range(4)]
    return np.concatenate([*turned, *(view[:, :, ::-1] for view in turned)])


def fit(items: np.ndarray, strange: np.ndarray, seed: int) -> bytes:
    """Return a small convolutional network that tells the two apart, as a LiteRT file.

    Both are uint8 (n, 28, 28); of its two outputs the second is for what is strange.
    """
    import keras

    from fmnist_core.models.convert import to_tflite

    keras.utils.set_random_seed(seed)
    layers = keras.layers
    given = output = keras.Input((28, 28, 1))
    for layer in (
        layers.Conv2D(32, 5, strides=2, padding="same", activation="relu"),
        layers.BatchNormalization(),
        layers.Conv2D(64, 3, strides=2, padding="same", activation="relu"),
        layers.BatchNormalization(),
        layers.Conv2D(96, 3, strides=2, padding="same", activation="relu"),
        layers.BatchNormalization(),
        layers.Flatten(),
        layers.Dropout(0.4),
        layers.Dense(64, activation="relu"),
        layers.Dropout(0.2),
        layers.Dense(2, activation="softmax"),
    ):
        output = layer(output)
    network = keras.Model(given, output)
    images = np.concatenate([items, strange])[..., None] / np.float32(255)
    is_strange = np.r_[np.zeros(len(items), int), np.ones(len(strange), int)]
    steps = _EPOCHS * -(-len(images) // _BATCH)
    network.compile(
        keras.optimizers.AdamW(keras.optimizers.schedules.CosineDecay(3e-3, steps)),
        "sparse_categorical_crossentropy",
        jit_compile=False,
    )
    order = np.random.default_rng(seed).permutation(len(images))
    weight = {0: 1.0, 1: len(items) / len(strange)}
    network.fit(
        images[order],
        is_strange[order],
        batch_size=_BATCH,
        epochs=_EPOCHS,
        class_weight=weight,
        verbose=0,
    )
    return to_tflite(network)


def cut_all(cut: Cutouts, rng: np.random.Generator) -> np.ndarray:
    """Return every photo of one of the ten classes in several cuts, uint8 (n, 28, 28)."""
    chosen = np.repeat(np.flatnonzero(cut.labels >= 0), _CUTS)
    return np.stack([cutout(cut.greys[index], cut.masks[index], rng) for index in chosen])


def main() -> int:
    """Train, and print how much is called strange of what the network has not seen."""
    found = photos.read(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
    rng = np.random.default_rng(0)
    train = fashion_mnist.load("train")
    images, labels = train.images[:_IMAGES], train.labels[:_IMAGES]
    held_out = train.images[-_HELD_OUT:]
    renderings = np.concatenate([render_all(images, labels, rng) for _ in range(2)])
    shoes = np.flatnonzero(np.isin(labels, _SHOES))[:_PAIRS]
    pairs = make_pairs(np.concatenate([images[shoes], renderings[shoes]]), rng)
    items = [images, renderings, pairs, draw_all(images[:_DRAWN], labels[:_DRAWN])]
    items.append(cut_all(cut_out(found), rng))
    content = fit(np.concatenate(items), spin(make_strange(_STRANGE, 0)), seed=0)
    out_of_distribution.write(content)
    held_out_renderings = render_all(held_out, train.labels[-_HELD_OUT:], rng)
    for name, tried in (("images", held_out), ("renderings", held_out_renderings)):
        _say(name, out_of_distribution.scores(tried) >= out_of_distribution.THRESHOLDS["dataset"])
    fresh = np.random.default_rng(1)
    for name, make in ALL.items():
        tried_items = [prepare(make(fresh)) for _ in range(_FRESH)]
        verdicts = [out_of_distribution.judge(item) for item in tried_items]
        _say(name, np.array([verdict.out_of_distribution for verdict in verdicts]))
    return 0


def _say(name: str, strange: np.ndarray) -> None:
    sys.stdout.write(f"{name:12}{len(strange):7} out of distribution {strange.mean():.1%}\n")


if __name__ == "__main__":
    sys.exit(main())
