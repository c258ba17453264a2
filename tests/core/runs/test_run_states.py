"""Whatever happens in whatever order to two runs, each is in a state that can go on or is over."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from fmnist_core.recipes.layers import Dense, Flatten
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.runs.rows import EpochRow, epoch_rows
from fmnist_core.runs.run import Run
from fmnist_core.runs.status import ACTIVE, OVER, RunError, RunNotFound
from fmnist_core.runs.store import RunStore, this_process

RECIPE = Recipe(
    layers=(Flatten(), Dense(units=10, activation="softmax")),
    epochs=3,
    train_examples=100,
    validation_examples=20,
)
RUNS = st.integers(0, 1)


class Runs(RuleBasedStateMachine):
    """Two runs with a page, a worker, and somebody who pulls plugs.

    `state` is what the worker last wrote; `asked` what the page wants of it meanwhile.
    """

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.store = RunStore(self.folder)
        self.runs = [self.store.create(RECIPE, "visitor") for _ in range(2)]
        self.state = ["queued", "queued"]
        self.asked = ["", ""]
        self.epochs = [0, 0]
        self.deleted = [False, False]

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    # The worker

    @rule(at=RUNS)
    def begin(self, at: int) -> None:
        if self.state[at] == "queued" and not self.deleted[at]:
            self.runs[at].set_status("running", holder=this_process())
            self.state[at] = "running"

    @rule(at=RUNS)
    def train_an_epoch(self, at: int) -> None:
        if self.state[at] != "running" or self.epochs[at] == RECIPE.epochs:
            return
        self.epochs[at] += 1
        self.runs[at].append(EpochRow(epoch=self.epochs[at], loss=1.0))
        self.runs[at].set_status("running", epoch=self.epochs[at])

    @rule(at=RUNS)
    def obey_or_end(self, at: int) -> None:
        if self.state[at] != "running":
            return
        command = self.runs[at].control().command
        assert command == self.asked[at]
        if command or self.epochs[at] == RECIPE.epochs:
            ends = {"pause": "paused", "stop": "stopped", "": "finished"}
            self.state[at] = ends[command]
            self.runs[at].set_status(ends[command])  # type: ignore[arg-type]
            self.asked[at] = ""

    @rule(at=RUNS)
    def fail(self, at: int) -> None:
        if self.state[at] == "running":
            self.runs[at].set_status("failed", "The loss became infinite.")
            self.state[at], self.asked[at] = "failed", ""

    # The page

    @rule(at=RUNS, command=st.sampled_from(["pause", "stop"]))
    def ask(self, at: int, command: str) -> None:
        if self.deleted[at]:
            return
        try:
            self.runs[at].request(command)  # type: ignore[arg-type]
        except RunError as error:
            assert self.state[at] not in ("queued", "running")
            assert str(error).endswith(f"there is nothing to {command}.")
            return
        if self.state[at] == "queued":
            self.state[at] = {"pause": "paused", "stop": "stopped"}[command]
        else:
            assert self.state[at] == "running"
            self.asked[at] = command

    @rule(at=RUNS)
    def submit_again(self, at: int) -> None:
        if self.state[at] in ("queued", "running", "finished") or self.deleted[at]:
            return
        self.runs[at].clear_control()
        self.runs[at].set_status("queued")
        self.state[at], self.asked[at] = "queued", ""

    @rule(at=RUNS)
    def delete(self, at: int) -> None:
        if self.deleted[at]:
            return
        try:
            self.store.delete(self.runs[at])
        except RunError:
            assert self.state[at] in ("queued", "running")
        else:
            assert self.state[at] not in ("queued", "running")
            self.deleted[at] = True

    @rule(at=RUNS)
    def undo(self, at: int) -> None:
        if self.deleted[at]:
            assert self.store.restore(self.runs[at].id).id == self.runs[at].id
            self.deleted[at] = False

    # Pulled plugs

    @precondition(lambda self: "running" in self.state)
    @rule()
    def restart_the_app(self) -> None:
        """The process that had the running ones is gone."""
        for at, run in enumerate(self.runs):
            if self.state[at] == "running":
                run.set_status("running", holder=GONE)
        marked = {run.id for run in self.store.mark_interrupted()}
        assert marked >= {run.id for at, run in enumerate(self.runs) if self.state[at] == "running"}
        for at, run in enumerate(self.runs):
            if run.id in marked:
                self.state[at], self.asked[at] = "interrupted", ""

    # What always holds

    @invariant()
    def everybody_sees_where_a_run_is(self) -> None:
        for at, run in enumerate(self.runs):
            if self.deleted[at]:
                continue
            status = run.status()
            shown = {"pause": "pausing", "stop": "stopping"}.get(self.asked[at], self.state[at])
            assert status.status == shown
            assert status.active == (status.status in ACTIVE)
            assert (status.status in OVER) != status.active

    @invariant()
    def no_epoch_that_was_trained_is_lost(self) -> None:
        for at, run in enumerate(self.runs):
            if not self.deleted[at]:
                rows = epoch_rows(run.history()[0])
                assert [row.epoch for row in rows] == list(range(1, self.epochs[at] + 1))
                assert run.status().epoch == self.epochs[at]

    @invariant()
    def what_is_deleted_is_not_found_and_the_rest_is(self) -> None:
        found = {run.id for run in self.store.of("visitor")}
        assert found == {run.id for at, run in enumerate(self.runs) if not self.deleted[at]}
        for at, run in enumerate(self.runs):
            if self.deleted[at]:
                assert not _finds(self.store, run)


def _finds(store: RunStore, run: Run) -> bool:
    try:
        store.get(run.id)
    except RunNotFound:
        return False
    return True


def _gone() -> dict[str, object]:
    """Return what names a process of this computer that has ended."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return {**this_process(), "pid": ended.pid}


GONE = _gone()
Runs.TestCase.settings = settings(
    max_examples=60,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
TestRunStates = Runs.TestCase
