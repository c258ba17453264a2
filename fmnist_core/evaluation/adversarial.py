"""The smallest changes that do most harm: attacks along the gradient of the loss.

Every attack changes each pixel by at most `epsilon` whole grey levels, so that what is shown, kept
and classified is one and the same uint8 image. It knows no network, only a function that gives the
gradient of each image's loss.
"""

from collections.abc import Callable
from typing import Literal

import numpy as np

from fmnist_core.tasks import step

# Images float32 (n, 28, 28) in 0 to 1 and labels (n,) -> gradient of each one's loss, (n, 28, 28).
Gradient = Callable[[np.ndarray, np.ndarray], np.ndarray]
Method = Literal["fgsm", "pgd"]

METHODS: dict[Method, str] = {"fgsm": "FGSM", "pgd": "PGD"}
STEPS = 20
# The five severities of a test, in grey levels.
SEVERITIES = (1, 2, 4, 8, 16)


def fgsm(
    gradient: Gradient,
    images: np.ndarray,
    labels: np.ndarray,
    epsilon: np.ndarray | int,
    *,
    targeted: bool = False,
) -> np.ndarray:
    """Return uint8 (n, 28, 28): one step of `epsilon` grey levels where each pixel hurts most.

    The fast gradient sign method (Goodfellow et al. 2015, arXiv:1412.6572). It raises the loss for
    `labels` (n,), or with `targeted` lowers it, so that `labels` is what the images shall be taken
    for. `images` is uint8; `epsilon` is one number or one per image.
    """
    direction = np.sign(gradient(images.astype(np.float32) / 255, labels))
    return _moved(images, -direction if targeted else direction, epsilon)


def random_signs(images: np.ndarray, epsilon: np.ndarray | int, seed: int) -> np.ndarray:
    """Return the images changed as much as by `fgsm`, each pixel up or down by chance."""
    direction = np.random.default_rng(seed).choice((-1.0, 1.0), images.shape)
    return _moved(images, direction, epsilon)


def _moved(images: np.ndarray, direction: np.ndarray, epsilon: np.ndarray | int) -> np.ndarray:
    reach = np.broadcast_to(epsilon, len(images))[:, None, None]
    return np.clip(images + reach * direction, 0, 255).astype(np.uint8)


def pgd(
    gradient: Gradient,
    images: np.ndarray,
    labels: np.ndarray,
    epsilon: np.ndarray | int,
    *,
    steps: int = STEPS,
    seed: int = 0,
    targeted: bool = False,
) -> np.ndarray:
    """Return uint8 (n, 28, 28): many small steps, never farther than `epsilon` grey levels.

    Projected gradient descent (Madry et al. 2018, arXiv:1706.06083) from a random start within
    reach, each step 2.5 epsilon / steps long as there. The other arguments are those of `fgsm`.
    """
    reach = np.broadcast_to(epsilon, len(images))[:, None, None].astype(np.float32)
    original = images.astype(np.float32)
    low, high = np.maximum(original - reach, 0), np.minimum(original + reach, 255)
    start = np.random.default_rng(seed).uniform(-1, 1, images.shape).astype(np.float32)
    moved = np.clip(original + reach * start, low, high)
    size = reach * np.float32(2.5 / steps) * (-1 if targeted else 1)
    for number in range(steps):
        step(number / steps)
        moved = np.clip(moved + size * np.sign(gradient(moved / 255, labels)), low, high)
    # Both ends of the reach are whole, so rounding stays within it.
    return np.rint(moved).astype(np.uint8)
