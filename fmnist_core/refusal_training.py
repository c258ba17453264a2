"""Makes the rubbish detector's weights: `python -m fmnist_core.refusal_training`.

Items are the training images and their renderings as drawings and photos; rubbish is generated
and prepared as a visitor's picture would be. Takes about three minutes on one core.
"""

import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from fmnist_core import dataset, refusal, thumbnail
from fmnist_core.field_augmentation import render
from fmnist_core.items import prepare
from fmnist_core.rubbish import MAKERS

_IMAGES, _HELD_OUT, _PAIRS = 9_000, 2_000, 1_200
_RUBBISH = 250  # of each maker
_SHOES = (5, 7, 9)
_REFUSED_IMAGES = 0.01  # at most, of held-out images of the data set


def make_rubbish(count: int, rng: np.random.Generator) -> np.ndarray:
    """Return uint8 (n, 28, 28): `count` of each maker, prepared, none empty."""
    items = [prepare(make(rng)) for make in MAKERS.values() for _ in range(count)]
    return np.stack([item.array for item in items if not item.empty])


def render_all(images: np.ndarray, labels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return each image as a drawing or photo of its class, uint8 (n, 28, 28)."""
    pairs = zip(images, labels, strict=False)  # there may be more labels
    return np.stack([render(image, int(label), rng) for image, label in pairs])


def make_pairs(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return each shoe of uint8 (n, 28, 28) as a pair seen from above: turned, side by side."""
    pairs = np.zeros_like(images)
    for pair, shoe in zip(pairs, images, strict=True):
        item = np.rot90(thumbnail.trim(shoe, shoe > 0), rng.choice([1, 3]))
        width = int(rng.integers(9, 14))
        one = cv2.resize(item, (width, 28), interpolation=cv2.INTER_AREA)
        pair[:, 14 - width : 14] = one
        pair[:, 14 : 14 + width] = one[:, ::-1]
    return pairs


def spin(images: np.ndarray) -> np.ndarray:
    """Return the images in all eight positions: rubbish has no right way up."""
    turned = [np.rot90(images, turns, (1, 2)) for turns in range(4)]
    return np.concatenate([*turned, *(view[:, :, ::-1] for view in turned)])


def fit(items: np.ndarray, rubbish: np.ndarray, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Return the weights of a network with one hidden layer that tells the two apart."""
    import keras

    keras.utils.set_random_seed(int(rng.integers(2**31)))
    inputs = np.concatenate([refusal.describe(items), refusal.describe(rubbish)])
    mean, spread = inputs.mean(0), inputs.std(0) + 1e-3
    is_rubbish = np.r_[np.zeros(len(items)), np.ones(len(rubbish))]
    network = keras.Sequential(
        [
            keras.Input((inputs.shape[1],)),
            keras.layers.GaussianNoise(0.2),
            keras.layers.Dense(48, activation="relu"),
            keras.layers.Dropout(0.2),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    network.compile(keras.optimizers.AdamW(2e-3, weight_decay=1e-3), "binary_crossentropy")
    scaled = (inputs - mean) / spread
    weight = {0: 1.0, 1: len(items) / len(rubbish)}
    network.fit(scaled, is_rubbish, batch_size=256, epochs=15, class_weight=weight, verbose=0)
    first, first_bias, second, second_bias = network.get_weights()
    return {
        "mean": mean,
        "spread": spread,
        "first": first,
        "first_bias": first_bias,
        "second": second[:, 0],
        "second_bias": second_bias[0],
    }


def choose_threshold(images: np.ndarray) -> float:
    """Return 0.5, likelier rubbish than not, or more if that refused too many held-out images."""
    return max(0.5, float(np.quantile(refusal.rubbish(images), 1 - _REFUSED_IMAGES)))


def save(weights: dict[str, np.ndarray], path: Path = refusal.WEIGHTS) -> None:
    """Write the weights and let this process use them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, Any] = {name: np.float32(value) for name, value in weights.items()}
    np.savez_compressed(path, **arrays)
    refusal._weights.cache_clear()


def main() -> int:
    """Train, choose the threshold on held-out training images, and print what it refuses."""
    rng = np.random.default_rng(0)
    train, labels = dataset.load("train").images, dataset.load("train").labels
    images, held_out = train[:_IMAGES], train[-_HELD_OUT:]
    renderings = render_all(images, labels, rng)
    held_out_renderings = render_all(held_out, labels[-_HELD_OUT:], rng)
    shoes = np.flatnonzero(np.isin(labels[:_IMAGES], _SHOES))[:_PAIRS]
    pairs = make_pairs(np.concatenate([images[shoes], renderings[shoes]]), rng)
    rubbish = make_rubbish(_RUBBISH, rng)
    fresh = make_rubbish(_RUBBISH // 8, np.random.default_rng(1))
    weights = fit(np.concatenate([images, renderings, pairs]), spin(rubbish), rng)
    save(weights | {"threshold": np.array(2.0)})
    limit = choose_threshold(held_out)
    save(weights | {"threshold": np.array(limit)})
    for name, tried in (
        ("images", held_out), ("renderings", held_out_renderings), ("rubbish", fresh)
    ):  # fmt: skip
        share = (refusal.rubbish(tried) >= limit).mean()
        sys.stdout.write(f"{name:12}{len(tried):7} refused {share:.1%}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
