"""How long Inside and Why wait for the worker: `python -m benchmarks.explanations [MODEL]`.

Warm worker's time for each question, without the page: processor seconds, which other work hardly
changes, and seconds on the clock. The first answer of each kind, which also opens the network, is
shown apart. Last: sanity and scores of each method over test images.
"""

import os
import platform
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from fmnist_core.data.fashion_mnist import load
from fmnist_core.explanations.arithmetic import arithmetic
from fmnist_core.explanations.feature_maps import feature_maps
from fmnist_core.explanations.methods import METHODS, check, compare, explain, flip, methods_for
from fmnist_core.explanations.units import survey
from fmnist_core.models import catalogue
from fmnist_core.models.keras_models import Weights, weights_of

REPEATS = 5
JUDGED = 50  # test images, drawn with seed 0 as on the page
SURVEYED = 2000


def timed(question: Callable[[], object]) -> tuple[float, float]:
    """Return processor seconds and seconds on the clock."""
    cpu, clock = time.process_time(), time.perf_counter()
    question()
    return time.process_time() - cpu, time.perf_counter() - clock


def questions(weights: Weights, methods: Sequence[str]) -> dict[str, Callable[[], object]]:
    """Return what the pages ask, by what it is called."""
    image = load("test").images[12]
    place = (3, 4, 0) if methods[0] == "grad_cam" else (400,)
    found: dict[str, Callable[[], object]] = {
        "every layer's maps": partial(feature_maps, weights, image),
        "the sum of one unit": partial(arithmetic, weights, image, 1, place),
    }
    for name in methods:
        found[METHODS[name].title] = partial(explain, weights, name, image, 7)
        found[f"{METHODS[name].title}, three random networks"] = partial(
            check, weights, name, image, 7, image.astype(np.float32)
        )
    found["smallest change"] = partial(flip, weights, image, 5, 0.0)
    return found


def judge(weights: Weights, methods: Sequence[str]) -> None:
    """Print sanity, deletion and insertion of every method over test images."""
    chosen = np.sort(np.random.default_rng(0).choice(10_000, JUDGED, replace=False))
    images = load("test").images[chosen]
    areas = compare(weights, methods, images)
    for at, name in enumerate([*methods, "random order"]):
        mean, error = areas[:, at].mean(0), areas[:, at].std(0, ddof=1) / np.sqrt(JUDGED)
        print(
            f"{name:22} deletion {mean[0]:.3f} ± {error[0]:.3f}, "
            f"insertion {mean[1]:.3f} ± {error[1]:.3f}"
        )


def main(name: str) -> None:
    """Print all figures for one shipped model."""
    model = catalogue.find(name)
    weights, methods = weights_of(model), methods_for(model.recipe)
    print(f"{model.title}, {os.cpu_count()} cores of {platform.machine()}, load {os.getloadavg()}")
    for what, question in questions(weights, methods).items():
        first = timed(question)[0]
        times = np.median([timed(question) for _ in range(REPEATS)], axis=0)
        print(f"{what:42} first {first:5.2f}, then {times[0]:5.3f} s CPU, {times[1]:6.3f} s clock")
    cpu, clock = timed(partial(survey, weights, SURVEYED))
    print(f"{SURVEYED} images through every unit: {cpu:.1f} s CPU, {clock:.1f} s clock")
    judge(weights, methods)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "best")
