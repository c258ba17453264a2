"""The engine: the only place where work leaves the page. Takes runs and short tasks."""

import concurrent.futures
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from fmnist_core.engine.calls import Call
from fmnist_core.engine.dispatcher import Dispatcher, State
from fmnist_core.engine.process import EngineError
from fmnist_core.engine.queue import Ticket
from fmnist_core.recipes.estimate import training_seconds
from fmnist_core.runs.about import owner_of
from fmnist_core.runs.run import Run
from fmnist_core.runs.status import RunError, RunNotFound
from fmnist_core.runs.store import RunStore, this_process
from fmnist_core.translation import say

MAX_WAITING = 5  # runs of one visitor
MAX_QUEUE = 60  # runs of all


class Wait(NamedTuple):
    """What a waiting run has before it: its place, 1 for the next, and about how many seconds."""

    place: int
    seconds: float


class Load(NamedTuple):
    """How busy the engine is: workers at hand, runs at work and waiting, short tasks of both."""

    state: State
    workers: int
    working: int
    waiting: int
    tasks: int


class Mine(NamedTuple):
    """A visitor's runs that wait or work, and those that are over and were not looked at since."""

    active: list[Run]
    ended: list[Run]


class Engine:
    """Takes runs and other heavy tasks; one instance for all visitors of a web server.

    All talk with Dask happens in the dispatcher's thread: `start` returns at once, and no method
    waits for anything.
    """

    def __init__(self, address: str | None, store: RunStore) -> None:
        self._store = store
        self._dispatcher = Dispatcher(address, store)

    @classmethod
    def start(cls, address: str | None = None, store: RunStore | None = None) -> "Engine":
        """Return an engine that starts in the background.

        `address` is a Dask scheduler's; without one it is DASK_SCHEDULER_ADDRESS, and without
        that an embedded engine process. Runs of `store` that a dead process left behind are
        marked interrupted.
        """
        address = address or os.environ.get("DASK_SCHEDULER_ADDRESS") or None
        engine = cls(address, store or RunStore())
        engine._dispatcher.start()
        return engine

    def state(self) -> State:
        """Return "ready" when a run would start at once, "starting" before, or "unavailable".

        It is "asleep" where memory is short and there is nothing to do.
        """
        return self._dispatcher.state

    def load(self) -> Load:
        """Return how busy the engine is."""
        found = self._dispatcher
        with found.lock:
            working, waiting = len(found.queue.working), len(found.queue.waiting)
            workers = found.slots if found.state == "ready" else 0
            return Load(found.state, workers, working, waiting, len(found.calls))

    def submit(self, run: Run) -> None:
        """Put a run in the queue: a new one, or one to resume or continue.

        Raises EngineError when it is under way already, has nothing left to train, or its owner
        has too many runs waiting.
        """
        status = run.status()
        epochs = run.recipe.epochs
        with self._dispatcher.lock:
            # A run that just ended may still be on its way out of the worker: that is no obstacle.
            here = self._dispatcher.queue.has(run.id)
            if status.active and (here or self._store.held_elsewhere(run)):
                raise EngineError(say("This run is under way already."))
            if status.status == "finished" and status.epoch >= epochs:
                raise EngineError(say("This run has done all its epochs; choose how many more."))
            if len(self._dispatcher.queue.waiting) >= MAX_QUEUE:
                raise EngineError(
                    say(
                        "The line is full: {count} runs wait already. Try again in some minutes.",
                        count=MAX_QUEUE,
                    )
                )
            if self._dispatcher.queue.waiting_of(status.owner) >= MAX_WAITING:
                raise EngineError(
                    say(
                        "{count} of your runs are waiting already; stop one of them first.",
                        count=MAX_WAITING,
                    )
                )
            try:
                run.clear_control()
                run.set_status(
                    "queued",
                    holder=this_process(),
                    finished=None,
                    seconds_left=None,
                    images_per_second=None,
                )
            except OSError as error:
                raise EngineError(
                    say(
                        "This run cannot be written ({reason}); it may have been deleted, or the "
                        "disk is full.",
                        reason=error.strerror,
                    )
                ) from None
            ticket = Ticket(run.id, status.owner, str(run.folder))
            self._dispatcher.queue.add(ticket, time.monotonic())
            if run.id in (ended := self._dispatcher.ended.get(status.owner, [])):
                ended.remove(run.id)
        self._dispatcher.wake.set()

    def has(self, run: Run) -> bool:
        """Return whether a run waits or works here."""
        with self._dispatcher.lock:
            return self._dispatcher.queue.has(run.id)

    @property
    def slots(self) -> int:
        """How many runs can work at the same time, one for each worker."""
        return self._dispatcher.slots

    def wait(self, run: Run) -> Wait | None:
        """Return what a waiting run has before it; None if it does not wait."""
        dispatcher, now = self._dispatcher, time.monotonic()
        queue = dispatcher.queue
        with dispatcher.lock:
            place = queue.position(run.id, now)
            before = [*queue.working, *queue.order(now)[: place or 0]]
        if place is None:
            return None
        left = {ticket: _seconds_left(ticket) for ticket in before}
        with dispatcher.lock:
            seconds = queue.wait(run.id, now, dispatcher.slots, lambda one: left.get(one, 0.0))
        return Wait(place, seconds or 0.0)

    def look(self, run: Run) -> None:
        """Note that somebody looks at a run: it is not left alone."""
        with self._dispatcher.lock:
            self._dispatcher.queue.look(run.id, time.monotonic())

    def seen(self, run: Run, visitor: str) -> None:
        """Note that its owner knows how a run ended."""
        with self._dispatcher.lock:
            ended = self._dispatcher.ended.get(owner_of(visitor), [])
            if run.id in ended:
                ended.remove(run.id)

    def mine(self, visitor: str) -> Mine:
        """Return what a visitor has going on, without a look at the disk where there is nothing."""
        owner = owner_of(visitor)
        with self._dispatcher.lock:
            active = [ticket.run_id for ticket in self._dispatcher.queue.of(owner)]
            ended = list(self._dispatcher.ended.get(owner, []))
        return Mine(self._found(active), self._found(ended))

    def _found(self, ids: list[str]) -> list[Run]:
        found = []
        for run_id in ids:
            try:
                found.append(self._store.get(run_id))
            except RunNotFound:
                continue
        return found

    def used_seconds(self, visitor: str) -> float:
        """Return how long a visitor's runs have worked within the last hour."""
        with self._dispatcher.lock:
            return self._dispatcher.queue.used(owner_of(visitor), time.monotonic())

    def call(
        self,
        function: Callable[..., Any],
        *args: Any,  # noqa: ANN401
        owner: str = "",
    ) -> concurrent.futures.Future[Any]:
        """Run `function(*args)` beside the training and return a future of its result.

        A few run at the same time; `owner` tells visitors apart, who take turns. Function and
        arguments travel by pickle, so `function` lives in an imported module. The future raises
        what the function raised, or EngineError when the worker died.
        """
        call = Call(function, args, owner)
        with self._dispatcher.lock:
            self._dispatcher.calls.waiting.append(call)
        self._dispatcher.wake.set()
        return call.result

    def close(self) -> None:
        """End the engine; what waits or works is marked interrupted."""
        self._dispatcher.close()


def _seconds_left(ticket: Ticket) -> float:
    """Return roughly how long a run still has to work: as it says, else as its recipe says."""
    run = Run(Path(ticket.folder))
    try:
        status, recipe = run.status(), run.recipe
    except RunError:
        return 0.0
    if status.seconds_left is not None:
        return status.seconds_left
    low, high = training_seconds(recipe)
    return (1 - status.progress) * (low * high) ** 0.5
