"""Trains the network that cuts items out of photos: `zoo train segmentation --photos DIR`.

A small U-Net (Ronneberger et al. 2015, arXiv:1505.04597). Nobody drew the masks it learns from:
GrabCut guesses them, wrongly one time in five, and the network, which sees the same garment
turned, recoloured, shaded and laid on other grounds, learns what these guesses have in common.
In a second round it learns from its own masks where they contradict GrabCut's.
"""

from pathlib import Path
from typing import Any

import cv2
import numpy as np

from fmnist_core import litert
from fmnist_core.preprocessing.segmentation import NETWORK
from fmnist_core.release.light import half_lit
from fmnist_core.release.photos import Photo
from fmnist_core.release.segmentation import grabcut
from fmnist_core.release.segmentation.grabcut import STORED, MaskedPhotos

EDGE_IN, EDGE_OUT = 128, 64
WIDTHS = (16, 32, 64, 96, 128)
CLASSES = 11  # the data set's ten, and one for garments that are none of them
_BATCH = 32


def build(widths: tuple[int, ...] = WIDTHS) -> Any:  # noqa: ANN401 - Keras is imported inside
    """Return an untrained model: float32 (n, 128, 128, 3) in 0..1 -> masks and classes.

    Masks are (n, 64, 64, 1) in 0..1. The classes, (n, 11), are there for training only: a network
    that must name the item looks for garments, not for contrasts.
    """
    import keras
    from keras import layers

    def block(x: Any, width: int, stride: int = 1) -> Any:  # noqa: ANN401
        x = layers.Conv2D(width, 3, strides=stride, padding="same", use_bias=False)(x)
        return layers.ReLU()(layers.BatchNormalization()(x))

    picture = keras.Input((EDGE_IN, EDGE_IN, 3))
    x = block(picture, widths[0], 2)
    sides = [x]
    for width in widths[1:]:
        x = block(block(x, width, 2), width)
        sides.append(x)
    x = layers.Add()([x, block(block(x, widths[-1]), widths[-1])])
    classes = layers.Dropout(0.3)(layers.GlobalAveragePooling2D()(x))
    classes = layers.Dense(CLASSES, activation="softmax", dtype="float32", name="classes")(classes)
    for width, side in zip(widths[-2::-1], sides[-2::-1], strict=True):
        x = layers.Conv2D(width, 1, use_bias=False)(x)
        x = layers.UpSampling2D(interpolation="bilinear")(x)
        x = block(layers.Concatenate()([x, side]), width)
    mask = layers.Conv2D(1, 3, padding="same", activation="sigmoid", dtype="float32", name="mask")(
        x
    )
    return keras.Model(picture, {"mask": mask, "classes": classes})


def sample(
    photos: MaskedPhotos, index: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Return photo `index` as somebody else might have taken it, and its mask.

    They are float32 (128, 128, 3) and (64, 64, 1), both 0..1.
    """
    image, mask = photos.images[index], photos.masks[index].astype(np.float32) / 255
    if rng.random() < 0.2:
        image = _tinted(image, mask, rng)
    chance = rng.random()
    if chance < 0.35:
        other = int(rng.integers(len(photos.images)))
        image = _blend(image, mask, photos.grounds[other], rng)
    elif chance < 0.42:
        image = _blend(image, mask, _plain_ground(rng), rng)
    turn = _placing(mask, rng)
    size, mode = (EDGE_IN, EDGE_IN), int(rng.choice([cv2.BORDER_REFLECT_101, cv2.BORDER_REPLICATE]))
    shown = cv2.warpAffine(image, turn, size, flags=cv2.INTER_AREA, borderMode=mode)
    aim = cv2.warpAffine(mask, turn, size, borderMode=mode)
    shown, aim = _cut_edges(shown, aim, rng)
    aim = cv2.resize(aim, (EDGE_OUT, EDGE_OUT), interpolation=cv2.INTER_AREA)
    return _photographed(shown.astype(np.float32) / 255, rng), aim[..., None]


def _tinted(image: np.ndarray, mask: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return the photo with its item dyed another colour."""
    factor = rng.uniform(0.5, 1.4, 3) if rng.random() < 0.5 else np.full(3, rng.uniform(0.4, 1.6))
    dyed = np.clip(image * factor, 0, 255)
    return (image + (dyed - image) * mask[..., None]).astype(np.uint8)


def _blend(
    image: np.ndarray, mask: np.ndarray, ground: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Return the item laid on another ground, perhaps with a shadow."""
    soft = cv2.GaussianBlur(mask, (3, 3), 0)[..., None]
    ground = ground[:, :: int(rng.choice([1, -1]))].astype(np.float32)
    if rng.random() < 0.5:
        move = np.array([[1, 0, rng.uniform(-8, 8)], [0, 1, rng.uniform(-8, 8)]])
        shade = cv2.warpAffine(mask, move, mask.shape[::-1])
        shade = cv2.GaussianBlur(shade, (0, 0), rng.uniform(1, 8))
        ground = ground * (1 - rng.uniform(0.2, 0.6) * shade[..., None])
    return (ground + (image - ground) * soft).astype(np.uint8)


def _plain_ground(rng: np.random.Generator) -> np.ndarray:
    """Return an evenly coloured ground whose light falls off to one side."""
    one, two = rng.uniform(20, 255, 3), rng.uniform(-40, 40)
    slope = np.linspace(0, two, STORED)
    slope = slope[None, :] if rng.random() < 0.5 else slope[:, None]
    ground = np.clip(one + np.broadcast_to(slope[..., None], (STORED, STORED, 3)), 0, 255)
    return (ground + rng.normal(0, 3, ground.shape)).clip(0, 255).astype(np.uint8)


def _placing(mask: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return the affine map (2, 3) from the stored square to the input: turned, zoomed, moved.

    Half of all samples show the item large, as the second look at a photo does.
    """
    left, top, width, height = cv2.boundingRect((mask > 0.5).astype(np.uint8))
    if rng.random() < 0.5 and width > 16 and height > 16:
        margin = rng.uniform(0.03, 0.3, 4)
        x0, x1 = left - margin[0] * width, left + (1 + margin[1]) * width
        y0, y1 = top - margin[2] * height, top + (1 + margin[3]) * height
        if rng.random() < 0.5:  # the frame of a photo ends somewhere, too
            x0, y0, x1, y1 = max(x0, 0), max(y0, 0), min(x1, STORED), min(y1, STORED)
    else:
        size = STORED * np.exp(rng.uniform(-0.35, 0.25, 2))
        x0, y0 = rng.uniform(0, 1, 2) * (STORED - size)
        x1, y1 = x0 + size[0], y0 + size[1]
    angle = rng.uniform(-20, 20) + (rng.choice([90, 180, 270]) if rng.random() < 0.25 else 0)
    if rng.random() < 0.1:
        angle = rng.uniform(-180, 180)
    angle = np.deg2rad(angle)
    scale = EDGE_IN / np.array([x1 - x0, y1 - y0])
    flip = int(rng.choice([1, -1]))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    map_ = turn @ np.diag([flip * scale[0], scale[1]])
    shift = EDGE_IN / 2 - map_ @ [(x0 + x1) / 2, (y0 + y1) / 2]
    return np.c_[map_, shift]


def _cut_edges(
    shown: np.ndarray, aim: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Return both unchanged, or with margins of one colour, as turned and framed photos have."""
    if rng.random() < 0.08:
        sides = rng.integers(0, 24, 4)
        colour = rng.integers(0, 256, 3) if rng.random() < 0.4 else np.full(3, rng.choice([0, 255]))
        for array, value in ((shown, colour), (aim, 0)):
            array[: sides[0]] = array[EDGE_IN - sides[1] :] = value
            array[:, : sides[2]] = array[:, EDGE_IN - sides[3] :] = value
    return shown, aim


def _photographed(shown: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return float32 (128, 128, 3) in 0..1 in another light, by another camera."""
    if rng.random() < 0.35:  # one side of a line lies in shade
        shown = shown * half_lit(shown.shape, rng, 0.02, (0.2, 0.65))[..., None]
    grey = shown.mean(2, keepdims=True)
    shown = grey + (shown - grey) * (0 if rng.random() < 0.2 else rng.uniform(0.4, 1.5))
    if rng.random() < 0.1:
        shown = shown[..., rng.permutation(3)]
    shown = shown * rng.uniform(0.85, 1.15, 3) if rng.random() < 0.5 else shown
    shown = (shown - 0.5) * rng.uniform(0.7, 1.3) + 0.5 + rng.uniform(-0.15, 0.15)
    shown = np.clip(shown, 0, 1) ** np.exp(rng.uniform(-0.4, 0.4))
    if rng.random() < 0.2:
        shown = cv2.GaussianBlur(shown, (0, 0), rng.uniform(0.4, 1.5))
    if rng.random() < 0.2:
        shown = shown + rng.normal(0, rng.uniform(0.01, 0.05), shown.shape)
    whole = (np.clip(shown, 0, 1) * 255).astype(np.uint8)
    if rng.random() < 0.3:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(30, 90))]
        whole = cv2.imdecode(cv2.imencode(".jpg", whole, quality)[1], cv2.IMREAD_COLOR)
    return whole.astype(np.float32) / 255


def batches(photos: MaskedPhotos, length: int, seed: int) -> Any:  # noqa: ANN401
    """Return a Keras data set of `length` samples an epoch, other ones in every epoch."""
    import keras

    class Batches(keras.utils.PyDataset):
        """Draws photos at random; the random numbers of a batch follow from its place."""

        epoch = 0

        def __len__(self) -> int:
            return length // _BATCH

        def __getitem__(self, place: int) -> tuple[Any, ...]:
            rng = np.random.default_rng((seed, self.epoch, place))
            chosen = rng.integers(len(photos.images), size=_BATCH)
            shown, aims = zip(*(sample(photos, index, rng) for index in chosen), strict=True)
            weights = photos.weights[chosen]
            aim = {"mask": np.stack(aims), "classes": photos.labels[chosen]}
            return np.stack(shown), aim, {"mask": weights, "classes": np.ones_like(weights)}

        def on_epoch_end(self) -> None:
            self.epoch += 1

    return Batches(workers=1, use_multiprocessing=True, max_queue_size=16)


def overlap_loss(truth: Any, found: Any) -> Any:  # noqa: ANN401
    """Return cross-entropy plus the soft Dice loss (arXiv:1606.04797), (n,)."""
    from keras import losses, ops

    cross = ops.mean(losses.binary_crossentropy(truth, found), (1, 2))
    both = ops.sum(truth * found, (1, 2, 3))
    sizes = ops.sum(truth, (1, 2, 3)) + ops.sum(found, (1, 2, 3))
    return cross + 0.5 * (1 - (2 * both + 8) / (sizes + 8))


def fit(model: Any, photos: MaskedPhotos, folder: Path, epochs: int, rate: float) -> None:  # noqa: ANN401
    """Train the model in place; interrupted, it goes on from its last epoch in `folder`."""
    import keras

    data = batches(photos, len(photos.images), seed=0)
    steps = epochs * len(data)
    schedule = keras.optimizers.schedules.CosineDecay(
        rate / 20, steps, 0.01, warmup_target=rate, warmup_steps=200
    )
    model.compile(
        keras.optimizers.AdamW(schedule, weight_decay=1e-3, use_ema=True, ema_momentum=0.995),
        {"mask": overlap_loss, "classes": "sparse_categorical_crossentropy"},
        loss_weights={"mask": 1.0, "classes": 0.1},
        jit_compile=False,
    )
    folder.mkdir(parents=True, exist_ok=True)
    callbacks = [
        keras.callbacks.BackupAndRestore(folder / "backup"),
        keras.callbacks.CSVLogger(folder / "log.csv", append=True),
    ]
    model.fit(data, epochs=epochs, callbacks=callbacks, verbose=2)
    model.save(folder / "model.keras")


def refine(model: Any, photos: MaskedPhotos) -> MaskedPhotos:  # noqa: ANN401
    """Return the photos with the masks that the trained model gives them, seen from both sides.

    A mask counts less, down to nothing, the less sure the model is of it.
    """
    inputs = np.stack(
        [cv2.resize(image, (EDGE_IN,) * 2, interpolation=cv2.INTER_AREA) for image in photos.images]
    )
    soft = np.zeros((len(inputs), EDGE_OUT, EDGE_OUT), np.float32)
    for flip in (1, -1):
        turned = inputs[:, :, ::flip].astype(np.float32) / 255
        soft += model.predict(turned, verbose=0)["mask"][:, :, ::flip, 0] / 2
    masks = np.stack([cv2.resize(mask, (STORED, STORED)) for mask in soft])
    sharp = (255 * np.clip(6 * (masks - 0.5) + 0.5, 0, 1)).astype(np.uint8)
    sure = (soft * np.maximum(soft, 0.5)).sum((1, 2)) / np.maximum(soft.sum((1, 2)), 1)
    found = (soft > 0.5).mean((1, 2)) > 0.02
    return MaskedPhotos.laid_out(
        photos.images, sharp, np.clip(4 * sure - 2.6, 0, 1) * found, photos.labels
    )


def to_tflite(model: Any) -> bytes:  # noqa: ANN401
    """Return the model's masks as a LiteRT file with weights of eight bits."""
    import keras
    import tensorflow as tf

    keras.mixed_precision.set_global_policy("float32")
    twin = build()
    twin.set_weights(model.get_weights())
    converter = tf.lite.TFLiteConverter.from_keras_model(
        keras.Model(twin.input, twin.output["mask"])
    )
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    content: bytes = converter.convert()
    return content


def _trained(
    model: Any,  # noqa: ANN401
    photos: MaskedPhotos,
    folder: Path,
    epochs: int,
    rate: float,
) -> Any:  # noqa: ANN401
    import keras

    if not (folder / "model.keras").exists():
        fit(model, photos, folder, epochs, rate)
    return keras.models.load_model(folder / "model.keras", compile=False)


def make(photos: list[Photo], workshop: Path) -> Path:
    """Train the network on the photos, write it and its digest, and return where.

    Blocks, half an hour on two cores. A round that was trained in `workshop` is not trained again.
    """
    import keras

    keras.utils.set_random_seed(0)
    keras.mixed_precision.set_global_policy("mixed_bfloat16")
    learned = grabcut.guess(photos)
    model = _trained(build(), learned, workshop / "first", 26, 2e-3)
    model = _trained(model, refine(model, learned), workshop / "second", 14, 1e-3)
    content = to_tflite(model)
    litert.write(NETWORK, content)
    return NETWORK
