"""Carries sweeps out: gives the engine the next trials, and notes what became of the last ones."""

import contextlib
import logging
import threading
import time
from dataclasses import replace

from fmnist_core.engine.engine import Engine
from fmnist_core.engine.process import EngineError
from fmnist_core.recipes import host
from fmnist_core.recipes.options import RecipeError
from fmnist_core.runs.rows import epoch_rows
from fmnist_core.runs.run import Run
from fmnist_core.runs.status import Command, RunError, Status
from fmnist_core.sweeps import search
from fmnist_core.sweeps.plan import Plan
from fmnist_core.sweeps.ranges import SweepError
from fmnist_core.sweeps.sweep import Sweep, SweepStore
from fmnist_core.sweeps.trial import Trial
from fmnist_core.translation import mark

TICK_SECONDS = 0.25
SAVE_SECONDS = 2.0  # of work that a crash may leave uncounted
# Written with values in them; pages translate them by `retold`.
PRUNED = mark("Ended early: after epoch {epoch} it was worse than half of the trials before it.")
DONE = mark("All {count} trials are done.")
LATE = mark("Its {minutes} minutes are over; what was under way was finished.")
SEEN = mark("Its trials have seen {images:,} images, as many as it may use.")
HALTED = mark("It cannot go on. {error}")
_STOPPED = mark("Stopped; nothing is lost.")

_log = logging.getLogger(__name__)


class Conductor:
    """One a process; its thread works only while a sweep does. Knows no visitor."""

    def __init__(self, engine: Engine, store: SweepStore) -> None:
        self._engine, self._store = engine, store
        self._lock = threading.RLock()  # sweeps are changed by pages, too
        self._going: dict[str, Sweep] = {}
        self._unsaved: dict[str, float] = {}  # seconds of work that the folder does not have yet
        self._thread: threading.Thread | None = None

    def resume(self, sweep: Sweep) -> None:
        """Begin a sweep, or go on with it: trials that were under way go on where they were."""
        with self._lock:
            sweep.set_status("running")
            for trial in sweep.trials():
                if trial.state == "running" and (run := self._run(trial)):
                    if run.status().active:
                        run.clear_control()
                    elif run.status().status == "paused":
                        self._submit(run)
            self._going[sweep.id] = sweep
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._live, name="sweeps", daemon=True)
                self._thread.start()

    def stop(self, sweep: Sweep, reason: str = _STOPPED) -> None:
        """Begin no more trials, and pause those that are under way: `resume` goes on with them."""
        with self._lock:
            self._going.pop(sweep.id, None)
            sweep.set_status("stopped", reason)
            for trial in sweep.trials():
                if trial.state == "running" and (run := self._run(trial)):
                    _ask(run, "pause")

    def extend(self, sweep: Sweep, plan: Plan) -> None:
        """Go on with a plan of more trials; raises SweepError where it is beyond the limits."""
        plan.check(host.current())
        with self._lock:
            sweep.replace_plan(plan)
            self.resume(sweep)

    def _live(self) -> None:
        last = time.monotonic()
        while True:
            now = time.monotonic()
            with self._lock:
                for sweep in list(self._going.values()):
                    try:
                        # Another web process may have stopped it.
                        if sweep.status().active:
                            self.step(sweep, now - last)
                    except (SweepError, RunError, OSError) as error:
                        # A damaged or deleted sweep costs the others nothing.
                        _log.warning("sweep %s: %s", sweep.id, error)
                        self._going.pop(sweep.id, None)
                        with contextlib.suppress(OSError):
                            sweep.set_status("stopped", HALTED.format(error=error))
                    if sweep.id in self._going and not sweep.status().active:
                        del self._going[sweep.id]
                if not self._going:
                    self._thread = None
                    return
            last = now
            time.sleep(TICK_SECONDS)

    def step(self, sweep: Sweep, seconds: float = 0.0) -> None:
        """Take one look at all trials of a sweep that has worked for `seconds` since the last."""
        plan, before, status = sweep.plan, sweep.trials(), sweep.status()
        unsaved = self._unsaved.pop(sweep.id, 0.0) + seconds
        spent = status.seconds + unsaved
        trials, pause = [], ""
        for trial in before:
            found, why = self._looked_at(plan, before, trial)
            trials.append(found)
            pause = pause or why
        more = not pause and self._more(sweep, plan, trials, spent)
        going = any(one.state == "running" for one in trials)
        if trials != before:
            sweep.keep(trials)
        if pause:
            for trial in trials:
                if trial.state == "running" and (run := self._run(trial)):
                    _ask(run, "pause")
            sweep.set_status("paused", pause, seconds=spent)
        elif not going and not more:
            sweep.set_status("finished", self._why(plan, trials, spent), seconds=spent)
        elif trials != before or unsaved >= SAVE_SECONDS:
            sweep.spend(spent)
        else:
            self._unsaved[sweep.id] = unsaved

    def _more(self, sweep: Sweep, plan: Plan, trials: list[Trial], seconds: float) -> bool:
        """Begin as many trials as there is room for; return whether there are more to begin."""
        while sum(one.state == "running" for one in trials) < max(1, self._engine.slots):
            if _over(plan, trials, seconds):
                return False
            values = search.suggest(plan, trials)
            if values is None:
                return False
            trial = Trial(len(trials) + 1, values)
            try:
                recipe = plan.recipe_of(values)
                recipe.check(host.current())
            except RecipeError as error:
                trials.append(replace(trial, state="failed", reason=str(error)))
                continue
            run = self._store.runs.create_owned(recipe, sweep.status().owner, sweep.id)
            trials.append(
                replace(
                    trial,
                    run=run.id,
                    parameters=recipe.parameters,
                    multiply_adds=recipe.multiply_adds,
                )
            )
            sweep.keep(trials)  # before it begins: a crash here loses no run
            self._submit(run)
        return True

    def _looked_at(self, plan: Plan, trials: list[Trial], trial: Trial) -> tuple[Trial, str]:
        """Return the trial as it is now, and why the sweep should pause, or ""."""
        if trial.state != "running":
            return trial, ""
        run = self._run(trial)
        if run is None:
            return replace(trial, state="failed", reason=mark("Its run was deleted.")), ""
        in_line = self._engine.has(run)  # asked first: a run that ends meanwhile is not begun anew
        status = run.status()
        known = len(trial.accuracies)
        trial = _measured(trial, run, status)
        if status.status == "paused":
            return trial, status.reason or mark("One of its trials was paused.")
        if status.status == "finished":
            return replace(trial, state="finished", reason=""), ""
        if status.status == "stopped":
            return replace(trial, state="pruned" if trial.reason else "stopped"), ""
        if status.status == "failed":
            trial = replace(trial, state="failed", reason=status.reason)
        elif not in_line:
            # Interrupted, or the line was full. A cluster's worker may train it still, though the
            # process that asked for it is gone.
            if status.status == "queued" or not self._store.runs.held(run):
                self._submit(run)
        elif len(trial.accuracies) > known and search.hopeless(plan, trials, trial):
            trial = replace(trial, reason=PRUNED.format(epoch=len(trial.accuracies)))
            _ask(run, "stop", trial.reason)
        return trial, ""

    def _submit(self, run: Run) -> None:
        try:
            self._engine.submit(run)
        except EngineError as error:
            _log.info("a trial waits: %s", error)  # tried again at the next look

    def _run(self, trial: Trial) -> Run | None:
        try:
            return self._store.runs.get(trial.run)
        except RunError:
            return None

    @staticmethod
    def _why(plan: Plan, trials: list[Trial], seconds: float) -> str:
        if len(trials) >= plan.size:
            return DONE.format(count=len(trials))
        if plan.minutes and seconds >= 60 * plan.minutes:
            return LATE.format(minutes=plan.minutes)
        return SEEN.format(images=sum(one.images for one in trials))


def _over(plan: Plan, trials: list[Trial], seconds: float) -> bool:
    late = plan.minutes and seconds >= 60 * plan.minutes
    seen = plan.images and sum(one.images for one in trials) >= plan.images
    return bool(late or seen)


def _measured(trial: Trial, run: Run, status: Status) -> Trial:
    rows = epoch_rows(run.history()[0])
    accuracies = tuple(row.val_accuracy for row in rows if row.val_accuracy is not None)
    images = status.epoch * run.recipe.train_examples
    return replace(trial, accuracies=accuracies, seconds=status.seconds, images=images)


def _ask(run: Run, command: Command, reason: str = "") -> None:
    try:
        run.request(command, reason)
    except RunError:
        return  # it has just ended
