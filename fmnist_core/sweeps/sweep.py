"""A sweep's folder beside the runs: its plan, its trials and where it is; and all sweeps there."""

import secrets
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from fmnist_core import files
from fmnist_core.recipes import host
from fmnist_core.runs.about import owner_of
from fmnist_core.runs.store import ID, RunStore, held, new_id, this_process
from fmnist_core.sweeps.plan import Plan
from fmnist_core.sweeps.ranges import SweepError
from fmnist_core.sweeps.trial import Trial
from fmnist_core.translation import mark, say

FOLDER = ".sweeps"
MOST_ACTIVE = 1  # sweeps of one visitor that go on at the same time
_PLAN, _STATUS, _TRIALS = "plan.json", "status.json", "trials.json"

SweepState = Literal["running", "paused", "stopped", "finished", "interrupted"]
_STATES: tuple[SweepState, ...] = get_args(SweepState)


@dataclass(frozen=True)
class SweepStatus:
    """Where a sweep is; `seconds` is how long it has worked, `created` is since 1970."""

    status: SweepState
    reason: str = ""
    owner: str = ""
    created: float = 0.0
    seconds: float = 0.0

    @property
    def active(self) -> bool:
        """Whether it goes on by itself."""
        return self.status == "running"


class Sweep:
    """One sweep's folder. Cheap to make; every call reads the disk afresh."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.id = folder.name

    @property
    def plan(self) -> Plan:
        """The plan; raises SweepError when its file is missing or damaged."""
        found = files.read_json(self.folder / _PLAN)
        if found is None:
            raise SweepError(say("This sweep's plan is missing or damaged."))
        return Plan.from_dict(found)

    def replace_plan(self, plan: Plan) -> None:
        """Go on with another plan, such as one with more trials."""
        files.write_json(self.folder / _PLAN, plan.to_dict())

    def status(self) -> SweepStatus:
        """Return where the sweep is; one whose process is gone is interrupted."""
        content = files.read_json(self.folder / _STATUS) or {}
        said = files.text(content, "status")
        state: SweepState = next((one for one in _STATES if one == said), "stopped")
        reason = files.text(content, "reason")
        if state == "running" and not held(content):
            state, reason = "interrupted", mark("The app was restarted. Press Resume to go on.")
        return SweepStatus(
            state,
            reason,
            files.text(content, "owner", 64),
            files.number(content, "created") or 0.0,
            files.number(content, "seconds") or 0.0,
        )

    def set_status(self, status: SweepState, reason: str = "", **more: object) -> None:
        """Write a new status; what is not given stays as it was."""
        path = self.folder / _STATUS
        present = files.read_json(path) or {}
        now = {"status": status, "reason": reason, "updated": time.time(), **more}
        files.write_json(path, {**present, "holder": this_process(), **now})

    def spend(self, seconds: float) -> None:
        """Note how long it has worked, and leave its status as somebody may just have set it."""
        path = self.folder / _STATUS
        present = files.read_json(path) or {}
        now = {"seconds": seconds, "updated": time.time()}
        files.write_json(path, {**present, "holder": this_process(), **now})

    def trials(self) -> list[Trial]:
        """Return all trials, in order."""
        rows = (files.read_json(self.folder / _TRIALS) or {}).get("trials")
        rows = rows if isinstance(rows, list) else []
        found = [Trial.from_dict(row) for row in rows if isinstance(row, dict)]
        return [trial for trial in found if trial is not None]

    def keep(self, trials: list[Trial]) -> None:
        """Write the trials."""
        files.write_json(self.folder / _TRIALS, {"trials": [one.to_dict() for one in trials]})

    def owned_by(self, visitor: str) -> bool:
        """Return whether this visitor made the sweep."""
        owner = self.status().owner
        return secrets.compare_digest(owner.encode(), owner_of(visitor).encode())


class SweepStore:
    """All sweeps of a folder of runs."""

    def __init__(self, runs: RunStore) -> None:
        self.runs = runs
        self.root = runs.root / FOLDER

    def create(self, plan: Plan, visitor: str) -> Sweep:
        """Return a new sweep that belongs to `visitor` and waits to be resumed.

        Raises SweepError when one of theirs is going on already.
        """
        self.clean_up(host.current().days_kept)
        if sum(one.status().active for one in self.of(visitor)) >= MOST_ACTIVE:
            raise SweepError(
                say("One of your sweeps is going on already; stop it, or wait for its end.")
            )
        sweep = Sweep(self.root / new_id())
        sweep.folder.mkdir(parents=True, mode=0o700)
        sweep.replace_plan(plan)
        sweep.keep([])
        sweep.set_status("stopped", owner=owner_of(visitor), created=time.time())
        return sweep

    def get(self, sweep_id: str) -> Sweep:
        """Return the sweep of that id; raises SweepError."""
        if ID.fullmatch(sweep_id):
            folder = self.root / sweep_id
            if folder.is_dir() and not folder.is_symlink():
                return Sweep(folder)
        raise SweepError(say("There is no such sweep; it may have been deleted."))

    def of(self, visitor: str) -> list[Sweep]:
        """Return the visitor's sweeps, newest first."""
        mine = [one for one in self.all() if one.owned_by(visitor)]
        return sorted(mine, key=lambda one: -one.status().created)

    def all(self) -> list[Sweep]:
        """Return every sweep, in no order."""
        if not self.root.is_dir():
            return []
        return [Sweep(path) for path in self.root.iterdir() if ID.fullmatch(path.name)]

    def clean_up(self, days: float | None) -> None:
        """Delete for good what was made more than `days` ago and is not going on."""
        if days is None:
            return
        for sweep in self.all():
            status = sweep.status()
            if not status.active and files.age(status.created) > days * 86_400:
                self.delete(sweep)

    def forget(self, visitor: str) -> None:
        """Delete for good all of a visitor's sweeps that are not going on."""
        for sweep in self.of(visitor):
            if not sweep.status().active:
                self.delete(sweep)

    def delete(self, sweep: Sweep) -> None:
        """Delete a sweep and its trials' runs for good; raises SweepError while it goes on."""
        if sweep.status().active:
            raise SweepError(say("This sweep is going on; stop it before deleting it."))
        for trial in sweep.trials():
            run = self.runs.root / trial.run
            if ID.fullmatch(trial.run) and run.is_dir():
                shutil.rmtree(run, ignore_errors=True)
        shutil.rmtree(sweep.folder, ignore_errors=True)
