"""The engine: the only place where work leaves the page. Takes runs and short tasks."""

import concurrent.futures
import os
from collections.abc import Callable
from typing import Any

from fmnist_core.engine.dispatcher import Dispatcher, State
from fmnist_core.engine.process import EngineError
from fmnist_core.engine.queue import Call, Ticket
from fmnist_core.runs.run import Run
from fmnist_core.runs.store import RunStore, this_process

MAX_WAITING = 5  # runs of one visitor


class Engine:
    """Takes runs and other heavy tasks; one instance for all visitors of a web server.

    All talk with Dask happens in the dispatcher's thread: `start` returns at once, and no method
    waits for anything.
    """

    def __init__(self, address: str | None, store: RunStore) -> None:
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
        """Return "ready" when a run would start at once, "starting" before, or "unavailable"."""
        return self._dispatcher.state

    def submit(self, run: Run) -> None:
        """Put a run in the queue: a new one, or one to resume or continue.

        Raises EngineError when it is under way already, has nothing left to train, or its owner
        has too many runs waiting.
        """
        status = run.status()
        epochs = run.recipe.epochs
        with self._dispatcher.lock:
            # A run that just ended may still be on its way out of the worker: that is no obstacle.
            if self._dispatcher.queue.has(run.id) and status.active:
                raise EngineError("This run is under way already.")
            if status.status == "finished" and status.epoch >= epochs:
                raise EngineError("This run has done all its epochs; choose how many more.")
            if self._dispatcher.queue.waiting_of(status.owner) >= MAX_WAITING:
                raise EngineError(
                    f"{MAX_WAITING} of your runs are waiting already; stop one of them first."
                )
            run.clear_control()
            run.set_status(
                "queued",
                holder=this_process(),
                finished=None,
                seconds_left=None,
                images_per_second=None,
            )
            self._dispatcher.queue.waiting.append(Ticket(run.id, status.owner, str(run.folder)))
        self._dispatcher.wake.set()

    def position(self, run: Run) -> int | None:
        """Return how many turns a waiting run is away, 1 for the next; None if it does not wait."""
        with self._dispatcher.lock:
            return self._dispatcher.queue.position(run.id)

    def call(self, function: Callable[..., Any], *args: Any) -> concurrent.futures.Future[Any]:  # noqa: ANN401
        """Run `function(*args)` beside the training and return a future of its result.

        Function and arguments travel by pickle, so `function` lives in an imported module. The
        future raises what the function raised, or EngineError when the worker died.
        """
        call = Call(function, args)
        with self._dispatcher.lock:
            self._dispatcher.calls.append(call)
        self._dispatcher.wake.set()
        return call.result

    def close(self) -> None:
        """End the engine; what waits or works is marked interrupted."""
        self._dispatcher.close()
