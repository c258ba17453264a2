"""Carry out a sweep from a TOML file, on this machine or on DASK_SCHEDULER_ADDRESS's cluster."""

import argparse
import secrets
import time
from pathlib import Path
from typing import Any

from fmnist_core.commands.common import CommandError, add_runs, content_of, progress
from fmnist_core.runs.store import RunStore
from fmnist_core.sweeps.plan import LONGEST_TOML, Plan
from fmnist_core.sweeps.ranges import short
from fmnist_core.sweeps.sweep import Sweep, SweepStore
from fmnist_core.sweeps.trial import leaderboard

LOOK_EVERY_SECONDS = 0.25


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the plan or the sweep to go on with, and `--runs DIR`."""
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("plan", metavar="FILE", type=Path, nargs="?", help="a plan as TOML")
    source.add_argument("--resume", metavar="ID", help="go on with a sweep that was interrupted")
    add_runs(parser)


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the sweep's id and its trials, best first."""
    from fmnist_core.engine.engine import Engine
    from fmnist_core.sweeps.conductor import Conductor

    runs = RunStore(arguments.runs)
    store = SweepStore(runs)
    if arguments.resume is not None:
        sweep = store.get(arguments.resume)
    else:
        plan = _plan(arguments.plan)
        sweep = store.create(plan, secrets.token_urlsafe(16))
    progress(f"Sweep {sweep.plan.name} of at most {sweep.plan.size} trials, in {sweep.folder}")
    engine = Engine.start(store=runs)
    conductor = Conductor(engine, store)
    try:
        conductor.resume(sweep)
        _watch(sweep)
    except KeyboardInterrupt:
        conductor.stop(sweep)
        raise CommandError(f"Stopped. To go on: sweep --resume {sweep.id}") from None
    finally:
        engine.close()
    status = sweep.status()
    if status.status != "finished":
        raise CommandError(f"The sweep {sweep.id} is {status.status}. {status.reason}")
    return {
        "sweep": sweep.id,
        "folder": str(sweep.folder),
        "seconds": round(status.seconds, 1),
        "reason": status.reason,
        "trials": [
            {**one.to_dict(), "accuracy": one.accuracy} for one in leaderboard(sweep.trials())
        ],
    }


def _plan(path: Path) -> Plan:
    plan = Plan.from_toml(content_of(path, LONGEST_TOML))
    plan.check()
    return plan


def _watch(sweep: Sweep) -> None:
    known: dict[int, str] = {}
    while sweep.status().active:
        for trial in sweep.trials():
            if trial.state != "running" and trial.number not in known:
                known[trial.number] = trial.state
                progress(_line(trial.to_dict() | {"accuracy": trial.accuracy}))
        time.sleep(LOOK_EVERY_SECONDS)


def _line(row: dict[str, Any]) -> str:
    values = ", ".join(f"{key} {short(value)}" for key, value in row["values"].items())
    accuracy = "  –   " if row["accuracy"] is None else f"{row['accuracy']:.2%}"
    return f"trial {row['number']:>3}  {accuracy}  {row['state']:<8}  {values}"


def show(result: dict[str, Any]) -> str:
    """Return the leaderboard."""
    rows = [_line(row) for row in result["trials"]]
    return "\n".join([*rows, f"{result['reason']} {result['seconds']:.0f} s, {result['folder']}"])
