"""Other light on the photos that networks learn from."""

import numpy as np


def half_lit(
    shape: tuple[int, ...], rng: np.random.Generator, sharpest: float, darkest: tuple[float, float]
) -> np.ndarray:
    """Return what to multiply a picture of that shape by, (h, w): one side of a line lies in shade.

    `sharpest` is how narrow its edge may be, 1 being half the picture; `darkest` from where to
    where the loss of light in full shade may be.
    """
    angle, offset = rng.uniform(0, 2 * np.pi), rng.uniform(-0.4, 0.4)
    y = np.linspace(-1, 1, shape[0], dtype=np.float32)[:, None]
    x = np.linspace(-1, 1, shape[1], dtype=np.float32)[None, :]
    side = (x * np.cos(angle) + y * np.sin(angle) - offset) / rng.uniform(sharpest, 1.0)
    light: np.ndarray = 1 - rng.uniform(*darkest) / (1 + np.exp(-4 * side))
    return light
