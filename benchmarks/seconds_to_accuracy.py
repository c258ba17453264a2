"""How many seconds of training it takes to be right about so many validation images.

    python -m benchmarks.seconds_to_accuracy [--seeds 5] [--presets NAME ...] [--epochs N]

Trains each preset with several seeds, in this process, which is warm as the engine's worker is.
The clock starts when training is asked for, and the 5,000 validation images are judged after every
epoch; the run as a whole includes that. Test images are not looked at.
"""

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path

from fmnist_core.data.fashion_mnist import load
from fmnist_core.recipes import presets
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.runs.rows import epoch_rows
from fmnist_core.runs.store import RunStore
from fmnist_core.training import train as training

LEVELS = (0.90, 0.92, 0.93)
PRESETS = ("lightning", "compact")


def measure(recipe: Recipe) -> tuple[list[float | None], float, float]:
    """Return the seconds to each level, None if it stays below; all seconds; the last accuracy."""
    with tempfile.TemporaryDirectory() as folder:
        run = RunStore(Path(folder)).create(recipe, "benchmark")
        start = time.time()
        training.train(run, load("train"), blind=True)
        took = time.time() - start
        rows = epoch_rows(run.history()[0])
    reached = [
        next(((row.time or 0) - start for row in rows if (row.val_accuracy or 0) >= level), None)
        for level in LEVELS
    ]
    return reached, took, rows[-1].val_accuracy or 0.0


def main() -> None:
    """Print a row for each preset."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--presets", nargs="+", default=list(PRESETS))
    parser.add_argument("--epochs", type=int, help="other than the preset plans")
    options = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} over the last minute")
    levels = " | ".join(f"s to {level:.0%}" for level in LEVELS)
    print(f"| preset | {levels} | all | validation |\n|---|--:|--:|--:|--:|--:|")
    training.warm_up()
    for wanted in options.presets:
        preset = presets.find(wanted)
        recipe = preset.recipe.changed(epochs=options.epochs or preset.recipe.epochs)
        reached, seconds, accuracies = zip(
            *(measure(recipe.changed(seed=seed)) for seed in range(options.seeds)), strict=True
        )
        cells = []
        for level in zip(*reached, strict=True):
            there = [value for value in level if value is not None]
            some = f" ({len(there)} of {len(level)})" if len(there) < len(level) else ""
            cells.append(f"{statistics.median(there):.1f}{some}" if there else "never")
        cells += [f"{statistics.median(seconds):.1f}", f"{statistics.median(accuracies):.2%}"]
        print(f"| {preset.title} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
