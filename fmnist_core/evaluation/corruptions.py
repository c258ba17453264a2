"""Ways to spoil an image, each by an amount in units that mean something; amount 0 changes nothing.

After Hendrycks and Dietterich (2019, arXiv:1903.12261): each corruption has five severities, and a
model is judged by its accuracy on all of them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import cv2
import numpy as np

from fmnist_core.shapes import SIDE
from fmnist_core.translation import mark

MIDDLE = ((SIDE - 1) / 2, (SIDE - 1) / 2)
SEVERITIES = 5

Apply = Callable[[np.ndarray, np.ndarray, np.random.Generator], np.ndarray]


@dataclass(frozen=True)
class Corruption:
    """One way to spoil images: how far it can go, and how it is done.

    A visitor may choose an amount from `low` to `high` in steps of `step`, in `unit`; 0 changes
    nothing. `severities` are the five amounts of a test, mildest first. With `both_ways`, a test
    takes either sign by chance. Title, unit and explanation are marked for translation.
    """

    name: str
    title: str
    unit: str
    explanation: str
    low: float
    high: float
    step: float
    severities: tuple[float, float, float, float, float]
    apply: Apply
    both_ways: bool = False


def _noise(images: np.ndarray, amounts: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    grain = rng.standard_normal(images.shape, np.float32)
    return _whole(images + amounts[:, None, None].astype(np.float32) * grain)


def _blur(images: np.ndarray, amounts: np.ndarray, _rng: np.random.Generator) -> np.ndarray:
    return _each(
        images,
        amounts,
        # What lies outside is background, as in the data.
        lambda image, sigma: cv2.GaussianBlur(image, (0, 0), sigma, borderType=cv2.BORDER_CONSTANT),
    )


def _rotation(images: np.ndarray, amounts: np.ndarray, _rng: np.random.Generator) -> np.ndarray:
    return _each(
        images,
        amounts,
        # OpenCV turns counterclockwise; a positive amount turns as a clock does.
        lambda image, degrees: _warp(image, cv2.getRotationMatrix2D(MIDDLE, -degrees, 1)),
    )


def _shift(images: np.ndarray, amounts: np.ndarray, _rng: np.random.Generator) -> np.ndarray:
    return _each(
        images,
        amounts,
        lambda image, pixels: _warp(image, np.array([[1, 0, pixels], [0, 1, 0]], np.float64)),
    )


def _scale(images: np.ndarray, amounts: np.ndarray, _rng: np.random.Generator) -> np.ndarray:
    return _each(images, amounts, _resized)


def _resized(image: np.ndarray, amount: float) -> np.ndarray:
    factor = 1 + amount / 100
    matrix = cv2.getRotationMatrix2D(MIDDLE, 0, factor)
    # Areas are averaged when an image shrinks: with one sample a pixel, thin straps would vanish.
    if factor < 1:
        sigma = 0.5 * (1 / factor - 1)
        image = cv2.GaussianBlur(image, (0, 0), sigma, borderType=cv2.BORDER_CONSTANT)
    return _warp(image, matrix)


def _brightness(images: np.ndarray, amounts: np.ndarray, _rng: np.random.Generator) -> np.ndarray:
    return _whole(images + amounts[:, None, None])


def _contrast(images: np.ndarray, amounts: np.ndarray, _rng: np.random.Generator) -> np.ndarray:
    mean = images.mean(axis=(1, 2), keepdims=True)
    return _whole(mean + (images - mean) * (1 + amounts[:, None, None] / 100))


def _occlusion(images: np.ndarray, amounts: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    spoilt = images.copy()
    # A place for every image whatever the amount, so that a growing square stays where it is.
    places = rng.random((len(images), 2))
    for index, (side, (down, right)) in enumerate(zip(amounts.astype(int), places, strict=True)):
        top, left = int(down * (SIDE - side + 1)), int(right * (SIDE - side + 1))
        spoilt[index, top : top + side, left : left + side] = 0
    return spoilt


def _pixelation(images: np.ndarray, amounts: np.ndarray, _rng: np.random.Generator) -> np.ndarray:
    return _each(images, amounts, _coarse)


def _coarse(image: np.ndarray, amount: float) -> np.ndarray:
    block = int(amount) + 1
    side = -(-SIDE // block)
    # Blocks start in the corner; the last ones reach over the edge, where there is background.
    padded = np.zeros((side * block, side * block), np.float32)
    padded[:SIDE, :SIDE] = image
    means = padded.reshape(side, block, side, block).mean(axis=(1, 3))
    return _whole(np.kron(means, np.ones((block, block), np.float32))[:SIDE, :SIDE])


def _each(
    images: np.ndarray,
    amounts: np.ndarray,
    change: Callable[[np.ndarray, float], np.ndarray],
) -> np.ndarray:
    spoilt = images.copy()
    for index in np.flatnonzero(amounts):
        spoilt[index] = change(images[index], float(amounts[index]))
    return spoilt


def _warp(image: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    return cv2.warpAffine(image, matrix, (SIDE, SIDE), flags=cv2.INTER_LINEAR)


def _whole(values: np.ndarray) -> np.ndarray:
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


_ALL = (
    Corruption(
        "noise",
        mark("Noise"),
        mark("grey levels"),
        mark(
            "Grain as of a dark photo: a normally distributed number is added to each pixel; this "
            "is its standard deviation."
        ),
        *(0, 120, 1),
        (12, 24, 36, 54, 80),
        _noise,
    ),
    Corruption(
        "blur",
        mark("Blur"),
        mark("pixels"),
        mark(
            "Out of focus: each pixel becomes a mean of its neighbours, weighted by a bell curve "
            "of this standard deviation."
        ),
        *(0, 4, 0.1),
        (0.5, 0.8, 1.2, 1.8, 2.5),
        _blur,
    ),
    Corruption(
        "rotation",
        mark("Rotation"),
        mark("degrees"),
        mark("The item is turned about its middle, clockwise when positive."),
        *(-180, 180, 1),
        (10, 20, 30, 45, 60),
        _rotation,
        both_ways=True,
    ),
    Corruption(
        "shift",
        mark("Shift"),
        mark("pixels"),
        mark(
            "The item moves sideways, to the right when positive; what leaves the square is lost."
        ),
        *(-14, 14, 1),
        (1, 2, 4, 6, 8),
        _shift,
        both_ways=True,
    ),
    Corruption(
        "scale",
        mark("Scale"),
        mark("% of its size"),
        mark(
            "The item grows or shrinks about its middle. Every item of the data set fills the "
            "square."
        ),
        *(-70, 100, 1),
        (-10, -20, -30, -40, -50),
        _scale,
    ),
    Corruption(
        "brightness",
        mark("Brightness"),
        mark("grey levels"),
        mark(
            "This is added to every pixel. The background, always 0 in the data, becomes grey too."
        ),
        *(-150, 150, 1),
        (10, 25, 45, 70, 100),
        _brightness,
    ),
    Corruption(
        "contrast",
        mark("Contrast"),
        mark("%"),
        mark(
            "Differences from the image's mean grey level are enlarged, or flattened when negative."
        ),
        *(-95, 150, 1),
        (-20, -40, -60, -75, -88),
        _contrast,
    ),
    Corruption(
        "occlusion",
        mark("Occlusion"),
        mark("pixels"),
        mark("A square with this side is blacked out, at a place that the seed decides."),
        *(0, 24, 1),
        (5, 8, 11, 14, 17),
        _occlusion,
    ),
    Corruption(
        "pixelation",
        mark("Pixelation"),
        mark("pixels lost per side"),
        mark(
            "Blocks of pixels become one: at 1 the image has 14 × 14 squares left, at 3 it has "
            "7 × 7."
        ),
        *(0, 13, 1),
        (1, 2, 3, 4, 6),
        _pixelation,
    ),
)
CORRUPTIONS: Mapping[str, Corruption] = {corruption.name: corruption for corruption in _ALL}


def spoil(images: np.ndarray, name: str, amount: float, seed: int) -> np.ndarray:
    """Return uint8 (n, 28, 28) `images` with one corruption by `amount`, in its unit.

    The same images, amount and seed give the same result; raises KeyError for an unknown `name`.
    """
    amounts = np.full(len(images), amount, np.float64)
    if not amount:
        return images.copy()
    return CORRUPTIONS[name].apply(images, amounts, np.random.default_rng(seed))


def spoil_all(images: np.ndarray, amounts: Mapping[str, float], seed: int) -> np.ndarray:
    """Return `images` with every corruption in `amounts`, one after the other in a fixed order.

    First the item is moved, then covered, then lit, then photographed: badly focused, coarse and
    grainy.
    """
    for name in ORDER:
        images = spoil(images, name, amounts.get(name, 0), seed)
    return images


ORDER = (
    "scale",
    "rotation",
    "shift",
    "occlusion",
    "contrast",
    "brightness",
    "blur",
    "pixelation",
    "noise",
)


def at_severity(images: np.ndarray, name: str, severity: int, seed: int) -> np.ndarray:
    """Return `images` with one corruption at a severity 1 to 5, or unchanged at 0.

    Where a corruption goes both ways, each image's way is by chance, the same at every severity.
    Raises ValueError for another severity.
    """
    if not 0 <= severity <= SEVERITIES:
        raise ValueError(f"Severity is {severity}; expected a whole number from 0 to {SEVERITIES}.")
    if not severity:
        return images.copy()
    corruption = CORRUPTIONS[name]
    rng = np.random.default_rng(seed)
    amounts = np.full(len(images), corruption.severities[severity - 1], np.float64)
    if corruption.both_ways:
        amounts *= rng.choice((-1, 1), len(images))
    return corruption.apply(images, amounts, rng)
