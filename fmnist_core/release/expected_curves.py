"""Trains some hundreds of short runs, as sweeps, and keeps their curves for the Train page.

Each family is a preset whose most common hyperparameters vary by chance. A sweep that is there
already is gone on with, so that a stopped program loses nothing.
"""

import secrets
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fmnist_core import files
from fmnist_core.recipes import presets
from fmnist_core.recipes.host import hardware
from fmnist_core.runs.store import RunStore
from fmnist_core.sweeps import expectation
from fmnist_core.sweeps.expectation import Family
from fmnist_core.sweeps.plan import Plan
from fmnist_core.sweeps.ranges import Range, SweepError
from fmnist_core.sweeps.sweep import Sweep, SweepStore
from fmnist_core.sweeps.trial import Trial

LOOK_EVERY_SECONDS = 1.0
SEED = 7


def _family(
    name: str,
    trials: int,
    epochs: int | tuple[int, int],
    rates: tuple[float, float],
    *whole: tuple[int, int],
) -> Plan:
    """Return the plan of a preset from its learning rates, batch sizes and numbers of images.

    Epochs vary where their number changes the schedule.
    """
    recipe = presets.find(name).recipe
    varied = zip(("learning_rate", "batch_size", "train_examples"), (rates, *whole), strict=True)
    ranges = {key: Range(low=low, high=high, log=True) for key, (low, high) in varied}
    if isinstance(epochs, int):
        recipe = recipe.changed(epochs=epochs)
    else:
        ranges["epochs"] = Range(low=epochs[0], high=epochs[1])
    return Plan(recipe, ranges, recipe.name, "random", trials, seed=SEED, pruning=False)


# The costly networks vary only as far as an hour of two cores goes.
FAMILIES = (
    _family("lightning", 80, (1, 6), (1e-3, 0.05), (32, 512), (2_000, 55_000)),
    _family("dense-basics", 70, 10, (1e-4, 0.03), (16, 512), (1_000, 55_000)),
    _family("128-64-with-logits", 60, 10, (1e-4, 0.03), (16, 512), (1_000, 55_000)),
    _family("300-100-with-sgd", 60, 10, (1e-3, 0.5), (16, 512), (1_000, 55_000)),
    _family("compact", 30, (2, 6), (0.01, 0.5), (32, 256), (1_000, 8_000)),
    _family("three-convolutions", 12, 5, (1e-4, 0.01), (16, 128), (1_000, 6_000)),
)


def make(store: RunStore, target: Path, say: Callable[[str], None]) -> dict[str, Any]:
    """Train what is missing, write the table to `target` and return its facts.

    Raises SweepError when a sweep cannot go on.
    """
    from fmnist_core.engine.engine import Engine
    from fmnist_core.sweeps.conductor import Conductor

    sweeps = SweepStore(store)
    engine = Engine.start(store=store)
    conductor = Conductor(engine, sweeps)
    done: list[Sweep] = []
    try:
        for plan in FAMILIES:
            sweep = _sweep(sweeps, plan)
            if sweep.status().status != "finished":
                conductor.resume(sweep)
                _wait(sweep, say)
            done.append(sweep)
    finally:
        engine.close()
    families = [family(sweep.plan, sweep.trials()) for sweep in done]
    facts = {
        "made": datetime.now(UTC).date().isoformat(),
        "hardware": hardware(),
        "runs": sum(len(one["runs"]) for one in families),
    }
    files.write_json(target, {**facts, "families": families})
    errors = {one.name: one.error_in_words for one in expectation.table(target).families}
    return {**facts, **errors}


def _sweep(sweeps: SweepStore, plan: Plan) -> Sweep:
    for sweep in sweeps.all():
        if sweep.plan == plan:
            return sweep
    return sweeps.create(plan, secrets.token_urlsafe(16))


def _wait(sweep: Sweep, say: Callable[[str], None]) -> None:
    count = 0
    while sweep.status().active:
        trials = [one for one in sweep.trials() if one.state != "running"]
        if len(trials) > count:
            count = len(trials)
            say(f"{sweep.plan.name}: {count} of {sweep.plan.size} runs")
        time.sleep(LOOK_EVERY_SECONDS)
    status = sweep.status()
    if status.status != "finished":
        raise SweepError(f"The sweep {sweep.id} is {status.status}. {status.reason}")


def family(plan: Plan, trials: Sequence[Trial]) -> dict[str, Any]:
    """Return a family as JSON data: its plan, and of every run that trained to its end the values,
    the accuracy after each epoch, and the error of what the others expect of it.
    """
    done = [one for one in trials if one.counts]
    values = [[one.values[key] for key in plan.ranges] for one in done]
    accuracies = [[round(accuracy, 4) for accuracy in one.accuracies] for one in done]
    errors = Family(plan, values, accuracies).errors
    runs = [
        {"values": own, "accuracies": curve, "error": round(float(error), 5)}
        for own, curve, error in zip(values, accuracies, errors, strict=True)
    ]
    return {"plan": plan.to_dict(), "runs": runs}
