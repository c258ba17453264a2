"""The engine: the only place where work leaves the page. A Dask client by address, and a queue."""

import concurrent.futures
import contextlib
import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from fmnist_core.engine import worker
from fmnist_core.engine.calls import Call, why_lost
from fmnist_core.engine.process import EngineError, EngineProcess
from fmnist_core.engine.queue import Queue, Ticket
from fmnist_core.models.taught import TaughtCopies
from fmnist_core.runs.run import Run
from fmnist_core.runs.status import RunState
from fmnist_core.runs.store import RunStore, this_process

__all__ = ["MAX_WAITING", "Engine", "EngineError"]

if TYPE_CHECKING:
    from distributed import Client

State = Literal["starting", "ready", "unavailable"]

MAX_WAITING = 5  # runs of one visitor
LOOK_SECONDS = 0.25
SWEEP_SECONDS = 30.0
# TensorFlow never gives all memory back. A worker this large is replaced when it has been idle
# for a while; fresh it has 700 MB.
LARGE_BYTES = 900e6
IDLE_SECONDS = 5.0

_ENGINE_DIED = "The training engine ended unexpectedly. Curves and checkpoint are kept."
_ENGINE_CLOSED = "The app was closed. Press Resume to go on."

_log = logging.getLogger(__name__)


class Engine:
    """Takes runs and other heavy tasks; one instance for all visitors of a web server.

    All talk with Dask happens in one background thread: `start` returns at once, and no method
    waits for anything.
    """

    def __init__(self, address: str | None, store: RunStore) -> None:
        self._address, self._store = address, store
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._closed = threading.Event()
        self._queue = Queue()
        self._calls: deque[Call] = deque()
        self._futures: dict[Ticket, Any] = {}
        self._calling: list[tuple[Call, Any]] = []
        self._state: State = "starting"
        self._process: EngineProcess | None = None
        self._look_at_size = float("inf")
        self._thread = threading.Thread(target=self._live, name="engine", daemon=True)

    @classmethod
    def start(cls, address: str | None = None, store: RunStore | None = None) -> "Engine":
        """Return an engine that starts in the background.

        `address` is a Dask scheduler's; without one it is DASK_SCHEDULER_ADDRESS, and without
        that an embedded engine process. Runs of `store` that a dead process left behind are
        marked interrupted.
        """
        address = address or os.environ.get("DASK_SCHEDULER_ADDRESS") or None
        engine = cls(address, store or RunStore())
        engine._thread.start()
        return engine

    def state(self) -> State:
        """Return "ready" when a run would start at once, "starting" before, or "unavailable"."""
        return self._state

    def submit(self, run: Run) -> None:
        """Put a run in the queue: a new one, or one to resume or continue.

        Raises EngineError when it is under way already, has nothing left to train, or its owner
        has too many runs waiting.
        """
        status = run.status()
        epochs = run.recipe.epochs
        with self._lock:
            # A run that just ended may still be on its way out of the worker: that is no obstacle.
            if self._queue.has(run.id) and status.active:
                raise EngineError("This run is under way already.")
            if status.status == "finished" and status.epoch >= epochs:
                raise EngineError("This run has done all its epochs; choose how many more.")
            if self._queue.waiting_of(status.owner) >= MAX_WAITING:
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
            self._queue.waiting.append(Ticket(run.id, status.owner, str(run.folder)))
        self._wake.set()

    def position(self, run: Run) -> int | None:
        """Return how many turns a waiting run is away, 1 for the next; None if it does not wait."""
        with self._lock:
            return self._queue.position(run.id)

    def call(self, function: Callable[..., Any], *args: Any) -> concurrent.futures.Future[Any]:  # noqa: ANN401
        """Run `function(*args)` beside the training and return a future of its result.

        Function and arguments travel by pickle, so `function` lives in an imported module. The
        future raises what the function raised, or EngineError when the worker died.
        """
        call = Call(function, args)
        with self._lock:
            self._calls.append(call)
        self._wake.set()
        return call.result

    def close(self) -> None:
        """End the engine; what waits or works is marked interrupted."""
        self._closed.set()
        self._wake.set()
        self._thread.join(20)

    # The background thread

    def _live(self) -> None:
        pause = 1.0
        while not self._closed.is_set():
            client = None
            try:
                self._tidy()
                client = self._connect()
                pause = 1.0
                self._work(client)
            except Exception:
                # Whatever is wrong with the engine, the pages go on and it is tried again.
                _log.exception("the engine is unavailable; trying again in %.0f s", pause)
                self._state = "unavailable"
            self._abandon(client)
            self._closed.wait(pause)
            pause = min(30.0, 2 * pause)
        self._abandon(None)  # what was put in line while there was no engine

    def _tidy(self) -> None:
        self._store.mark_interrupted()
        TaughtCopies(self._store.root).prune()

    def _connect(self) -> "Client":
        if self._address is None:
            self._process = EngineProcess()
        # Half a second of imports that no page should wait for.
        from distributed import Client

        address = self._process.address() if self._process else self._address
        return Client(address, set_as_default=False, timeout=10, name="fashion-mnist-lab")

    def _work(self, client: "Client") -> None:
        """Dispatch and look after tasks until the engine is closed or broken."""
        warming = self._warm(client)
        sweep = time.monotonic() + SWEEP_SECONDS
        while not self._closed.is_set():
            if self._process and self._process.ended:
                raise EngineError(_ENGINE_DIED)
            if client.status not in ("running", "connecting"):
                raise EngineError("The connection to the engine is lost.")
            if warming.status == "finished":
                self._state = "ready"
            elif warming.done():
                warming = self._warm(client)
            self._settle()
            self._dispatch(client)
            if time.monotonic() > self._look_at_size and not (self._futures or self._calling):
                self._look_at_size = float("inf")
                if self._process and self._process.worker_bytes() > LARGE_BYTES:
                    self._state = "starting"
                    client.restart_workers(list(client.scheduler_info(n_workers=-1)["workers"]))
                    warming = self._warm(client)
            if time.monotonic() > sweep:
                self._tidy()
                sweep = time.monotonic() + SWEEP_SECONDS
            self._wake.wait(LOOK_SECONDS)
            self._wake.clear()

    @staticmethod
    def _warm(client: "Client") -> Any:  # noqa: ANN401 - a Dask future
        return client.submit(worker.warm_up, pure=False)

    def _dispatch(self, client: "Client") -> None:
        slots = self._slots(client)
        with self._lock:
            for ticket in self._queue.order():
                if Run(Path(ticket.folder)).status().status != "queued":
                    self._queue.waiting.remove(ticket)  # stopped while it waited
                elif len(self._queue.working) < slots and ticket not in self._queue.working:
                    self._queue.waiting.remove(ticket)
                    self._queue.working.append(ticket)
                    future = client.submit(worker.train, ticket.folder, pure=False)
                    future.add_done_callback(lambda _: self._wake.set())
                    self._futures[ticket] = future
            while self._calls and len(self._calling) < slots:
                call = self._calls.popleft()
                if call.result.set_running_or_notify_cancel():
                    future = client.submit(call.function, *call.arguments, pure=False)
                    future.add_done_callback(lambda _: self._wake.set())
                    self._calling.append((call, future))

    def _slots(self, client: "Client") -> int:
        if self._address is None:
            return 1
        return max(1, len(client.scheduler_info(n_workers=-1)["workers"]))

    def _settle(self) -> None:
        """Take note of tasks that are over."""
        for ticket, future in list(self._futures.items()):
            if future.done():
                if future.status != "finished":
                    self._fail(ticket, why_lost(future))
                with self._lock:
                    del self._futures[ticket]
                    self._queue.working.remove(ticket)
                self._look_at_size = time.monotonic() + IDLE_SECONDS
        for pair in list(self._calling):
            call, future = pair
            if future.done():
                call.settle(future)
                self._calling.remove(pair)

    @staticmethod
    def _fail(ticket: Ticket, reason: str, status: RunState = "failed") -> None:
        run = Run(Path(ticket.folder))
        if run.folder.is_dir() and run.status().status not in ("finished", "stopped", "paused"):
            run.set_status(status, reason, images_per_second=None, seconds_left=None)

    def _abandon(self, client: "Client | None") -> None:
        """Let go of a broken or closed engine, and of the runs it had."""
        if client is not None:
            with contextlib.suppress(Exception):
                client.close(timeout=2)
        if self._process:
            self._process.stop()
            self._process = None
        closed = self._closed.is_set()
        with self._lock:
            for ticket in self._queue.working:
                if closed:
                    self._fail(ticket, _ENGINE_CLOSED, "interrupted")
                else:
                    self._fail(ticket, _ENGINE_DIED)
            for ticket in self._queue.waiting if closed else ():
                self._fail(ticket, _ENGINE_CLOSED, "interrupted")
            self._queue.working.clear()
            self._futures.clear()
            for call, _ in self._calling:
                call.result.set_exception(EngineError(_ENGINE_DIED))
            self._calling.clear()
