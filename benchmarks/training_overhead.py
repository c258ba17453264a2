"""Training through the app against a stand-alone `model.fit` script: images a second, ratio.

    python -m benchmarks.training_overhead [--rounds 3] [--presets NAME ...] [--batch 128]
        [--precision mixed_bfloat16]

Each round trains a preset in the script as everybody writes it (float32 arrays, `model.fit`,
Keras's own `jit_compile="auto"`), in the same script with `jit_compile=False`, and through the
engine, one after the other, so that other work on the machine hits all three. The ratio is that of
the app to the faster script. Counted from the end of the first epoch, which traces the network,
to the end of the last: validation, checkpoints and curves included. All run at the engine's
niceness. Images per CPU second say the same with less noise on a busy machine.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import psutil

from fmnist_core.engine.engine import Engine
from fmnist_core.engine.host import NICENESS
from fmnist_core.recipes import presets
from fmnist_core.recipes.hyperparameters import PRECISIONS, Augmentation
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.runs.rows import epoch_rows
from fmnist_core.runs.store import RunStore

ROOT = Path(__file__).parents[1]
# Images and epochs that take some seconds each on two cores.
SIZES = {
    "128-64-with-logits": (20_000, 6),
    "300-100-with-sgd": (20_000, 6),
    "three-convolutions": (3_000, 3),
    "best": (3_000, 3),
}
# What a script of a few lines leaves out, so that both do the same work.
PLAIN = {
    "schedule": "constant",
    "weight_decay": 0.0,
    "label_smoothing": 0.0,
    "augmentation": Augmentation(),
}
GOAL = 0.98

SCRIPT = """
import json, sys, time
import keras, numpy as np
from fmnist_core.data.fashion_mnist import load
from fmnist_core.models.build import build
from fmnist_core.recipes.recipe import Recipe

recipe = Recipe.from_json(sys.argv[1])
data = load("train")
images, labels = data.images[..., None].astype("float32") / 255, data.labels.astype("int32")
count = recipe.train_examples
model = build(recipe)
if recipe.optimizer == "sgd":
    optimizer = keras.optimizers.SGD(recipe.learning_rate, recipe.momentum, recipe.nesterov)
else:
    optimizer = keras.optimizers.Adam(recipe.learning_rate)
model.compile(
    optimizer=optimizer,
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=recipe.from_logits),
    metrics=["accuracy"],
    jit_compile=json.loads(sys.argv[2]),
)
ends = []
model.fit(
    images[:count],
    labels[:count],
    batch_size=recipe.batch_size,
    epochs=recipe.epochs,
    validation_data=(images[-recipe.validation_examples :], labels[-recipe.validation_examples :]),
    verbose=0,
    callbacks=[keras.callbacks.LambdaCallback(
        on_epoch_end=lambda *_: ends.append((time.time(), time.process_time()))
    )],
)
seconds, cpu = (last - first for first, last in zip(ends[0], ends[-1]))
print(json.dumps([seconds, cpu]))
"""


class Speed(NamedTuple):
    """Images a second, and images a CPU second."""

    wall: float
    cpu: float


def plain(recipe: Recipe, jit: str) -> Speed:
    """Train in a script of its own."""
    found = subprocess.run(
        ["nice", "-n", str(NICENESS), sys.executable, "-c", SCRIPT, recipe.to_json(), jit],
        cwd=ROOT,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
        stdout=subprocess.PIPE,
        check=True,
    )
    seconds, cpu = json.loads(found.stdout.splitlines()[-1])
    images = recipe.train_examples * (recipe.epochs - 1)
    return Speed(images / seconds, images / cpu)


def cpu_seconds() -> float:
    """Return what this process and all below it have used so far."""
    me = psutil.Process()
    times = [process.cpu_times() for process in (me, *me.children(recursive=True))]
    return sum(item.user + item.system for item in times)


def through_app(engine: Engine, store: RunStore, recipe: Recipe) -> Speed:
    """Train through the engine."""
    run = store.create(recipe, "benchmark")
    engine.submit(run)
    cpu: list[float] = []
    ends: list[float] = []
    offset = 0
    while len(ends) < recipe.epochs:
        time.sleep(0.25)  # as often as a page looks
        if run.status().status == "failed":
            raise SystemExit(run.status().reason)
        rows, offset = run.history(offset)
        for row in epoch_rows(rows):
            ends.append(row.time or 0.0)
            cpu.append(cpu_seconds())
    while run.status().active:
        time.sleep(0.1)
    images = recipe.train_examples * (recipe.epochs - 1)
    return Speed(images / (ends[-1] - ends[0]), images / (cpu[-1] - cpu[0]))


def main() -> None:
    """Print every round, and the medians of the ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--presets", nargs="+", default=list(SIZES))
    parser.add_argument("--batch", type=int, help="images a step, other than the preset's")
    parser.add_argument("--precision", choices=list(PRECISIONS), default="float32")
    arguments = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} over the last minute")
    print(f"{'preset':<20}{'script auto':>16}{'script no XLA':>16}{'app':>16}{'ratio':>14}")
    print(f"{'':<20}" + f"{'wall':>8}{'CPU':>8}" * 3 + f"{'wall':>7}{'CPU':>7}   images a second")
    with tempfile.TemporaryDirectory() as folder:
        store = RunStore(folder)
        engine = Engine.start(store=store)
        while engine.state() != "ready":
            time.sleep(0.1)
        for wanted in arguments.presets:
            preset = presets.find(wanted)
            examples, epochs = SIZES.get(preset.name, (2_000, 3))
            recipe = preset.recipe.changed(
                train_examples=examples,
                validation_examples=examples // 10,
                epochs=epochs,
                precision=arguments.precision,
                **PLAIN,
            )
            if arguments.batch:
                recipe = recipe.changed(batch_size=arguments.batch)
            ratios = []
            for _ in range(arguments.rounds):
                scripts = [plain(recipe, '"auto"'), plain(recipe, "false")]
                app = through_app(engine, store, recipe)
                ratio = Speed(*(app[i] / max(script[i] for script in scripts) for i in (0, 1)))
                ratios.append(ratio)
                cells = "".join(f"{x.wall:8,.0f}{x.cpu:8,.0f}" for x in (*scripts, app))
                print(f"{preset.name:<20}{cells}{ratio.wall:7.2f}{ratio.cpu:7.2f}", flush=True)
            median = Speed(*(statistics.median(column) for column in zip(*ratios, strict=True)))
            print(
                f"{preset.name:<20}median ratio {median.wall:.2f} (CPU {median.cpu:.2f}), "
                f"goal {GOAL}\n"
            )
        engine.close()


if __name__ == "__main__":
    main()
