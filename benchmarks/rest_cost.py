"""What it costs two runs to take turns: seconds from one's last batch to the other's first.

    python -m benchmarks.rest_cost [--seconds 50] [--presets NAME ...]

Printed beside it: the usual time between two rows of a run, which is part of it.
"""

import argparse
import os
import statistics
import tempfile
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from fmnist_core.engine.engine import Engine
from fmnist_core.recipes import presets
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.runs.rows import BatchRow, valid_rows
from fmnist_core.runs.store import RunStore

PRESETS = ("dense-basics", "lightning", "three-convolutions", "compact", "best")
SLICE = 8.0  # seconds


def measure(recipe: Recipe, seconds: float) -> tuple[list[float], float]:
    """Return the seconds of every change between two runs, and the usual ones between two rows."""
    with tempfile.TemporaryDirectory() as folder:
        store = RunStore(Path(folder))
        engine = Engine.start(store=store)
        while engine.state() != "ready":
            time.sleep(0.2)
        queue = engine._dispatcher.queue
        queue.rules = replace(queue.rules, slice=SLICE, short_slice=SLICE)
        runs = [store.create(recipe, visitor * 22) for visitor in "AB"]
        for run in runs:
            engine.submit(run)
        time.sleep(seconds)
        rows = sorted(
            (row.time, run.id)
            for run in runs
            for row in valid_rows(run.history()[0])
            if isinstance(row, BatchRow) and row.time is not None
        )
        engine.close()
    changes = [two[0] - one[0] for one, two in pairwise(rows) if one[1] != two[1]]
    usual = [two[0] - one[0] for one, two in pairwise(rows) if one[1] == two[1]]
    return changes, statistics.median(usual)


def main() -> None:
    """Print a row for each preset."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=50)
    parser.add_argument("--presets", nargs="+", default=list(PRESETS))
    options = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} over the last minute")
    for wanted in options.presets:
        preset = presets.find(wanted)
        changes, usual = measure(preset.recipe.changed(epochs=400), options.seconds)
        if changes:
            print(
                f"{preset.title:<20} median {statistics.median(changes):.2f} s, worst "
                f"{max(changes):.2f} s of {len(changes)} (rows every {usual:.2f} s)",
                flush=True,
            )


if __name__ == "__main__":
    main()
