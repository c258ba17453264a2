"""The engine's background thread: gives Dask what is next, and notes what became of it."""

import contextlib
import logging
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from fmnist_core.engine import worker
from fmnist_core.engine.calls import Calls, short_tasks
from fmnist_core.engine.handover import ENGINE_DIED, Handover
from fmnist_core.engine.process import EngineError, EngineProcess
from fmnist_core.engine.queue import Queue, Rules, Ticket
from fmnist_core.models.taught import TaughtCopies
from fmnist_core.recipes import host
from fmnist_core.runs.run import Run
from fmnist_core.runs.status import RunError
from fmnist_core.runs.store import RunStore
from fmnist_core.translation import mark

if TYPE_CHECKING:
    from distributed import Client

State = Literal["asleep", "starting", "ready", "unavailable"]

LOOK_SECONDS = 0.25
KEPT_ENDED = 20  # runs of a visitor that are over and were not looked at since
SWEEP_SECONDS = 30.0
# TensorFlow never gives all memory back. A worker this large is replaced when it has been idle
# for a while; fresh it has 700 MB.
LARGE_BYTES = 900e6
# Where memory is short, one larger than this is replaced before a run, too. Not counting files it
# has 350 MB when fresh, after a run of Lightning 420, and 590 after explanations of Best.
SMALL_BYTES = 450e6
IDLE_SECONDS = 5.0
LOST_SECONDS = 60.0  # without a worker: Dask does not replace one that is killed while it starts
SLEEP_SECONDS = 60.0  # without a task, where memory is short: then the engine ends

_CONNECTION_LOST = mark("The connection to the engine is lost.")
# Written with values in it; pages translate it by `retold`.
AWAY = mark(
    "Nobody had looked at it for {minutes:.0f} minutes, so it made room. Press Resume to go on."
)

_log = logging.getLogger(__name__)


class Dispatcher:
    """Owns the queue, the calls and the connection to Dask; hold `lock` to touch the former two."""

    def __init__(self, address: str | None, store: RunStore) -> None:
        self._address, self._store = address, store
        self._handover = Handover(store, cluster=address is not None)
        self.lock = threading.Lock()
        self.wake = threading.Event()  # set it when there is something new
        self.queue = Queue(Rules.of(host.current()))
        self.calls = Calls(self.wake.set)
        self.slots = 1
        self.ended: dict[str, list[str]] = {}  # by owner: what is over and was not looked at since
        self.state: State = "starting"
        self._closed = threading.Event()
        self._futures: dict[Ticket, Any] = {}
        self._resting: set[Ticket] = set()  # asked to make room
        self._missed: set[Ticket] = set()  # given back by the last worker that had them
        self._process: EngineProcess | None = None
        self._look_at_size = float("inf")
        self._sleeps = address is None and host.economical()
        self._busy = time.monotonic()  # when there was something to do last
        self._thread = threading.Thread(target=self._live, name="engine", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def close(self) -> None:
        """End the thread; what waits or works is marked interrupted."""
        self._closed.set()
        self.wake.set()
        self._thread.join(20)

    def _live(self) -> None:
        pause = 1.0
        mirror = self._store.mirror
        end = mirror.follow(self._active) if mirror else lambda: None
        while not self._closed.is_set():
            client = None
            try:
                self._tidy()
                self._sleep()
                if self._closed.is_set():
                    break
                client = self._connect()
                pause = 1.0
                self._work(client)
            except Exception:
                # Whatever is wrong with the engine, the pages go on and it is tried again.
                _log.exception("the engine is unavailable; trying again in %.0f s", pause)
                self.state = "unavailable"
            self._abandon(client)
            self._closed.wait(pause)
            pause = min(30.0, 2 * pause)
        self._abandon(None)  # what was put in line while there was no engine
        end()

    def _sleep(self) -> None:
        """Where memory is short, start nothing before there is something to do."""
        while self._sleeps and not self._closed.is_set() and self._idle():
            self.state = "asleep"
            self.wake.wait(SWEEP_SECONDS)
            self.wake.clear()
            self._tidy()
        if self.state == "asleep":
            self.state = "starting"
        self._busy = time.monotonic()

    def _idle(self) -> bool:
        with self.lock:
            return not (self.queue.waiting or self.queue.working or self.calls)

    def _active(self) -> list[str]:
        return [run.id for run in self._store.all() if run.status().active]

    def _tidy(self) -> None:
        for run in self._store.mark_interrupted():
            owner = run.status().owner
            with self.lock:
                self._note_end(owner, run)
        self._store.prune()
        TaughtCopies(self._store.root).prune()
        limits = host.current()
        if limits.days_kept is not None:
            self._store.clean_up(limits.days_kept, limits.kept_bytes)

    def _connect(self) -> "Client":
        if self._address is None:
            self._process = EngineProcess()
        # Half a second of imports that no page should wait for.
        from distributed import Client

        address = self._process.address() if self._process else self._address
        return Client(address, set_as_default=False, timeout=10, name="fashion-mnist-lab")

    def _work(self, client: "Client") -> None:
        """Dispatch and look after tasks until the engine is closed, broken or long without one."""
        warming = self._warm(client)
        sweep = time.monotonic() + SWEEP_SECONDS
        had_worker = time.monotonic()
        while not self._closed.is_set():
            self._settle()
            if not self._idle():
                self._busy = time.monotonic()
            elif self._sleeps and time.monotonic() > self._busy + SLEEP_SECONDS:
                self.state = "asleep"
                return
            # In this order: what is lost with the engine is known before the end of the engine.
            if self._process and self._process.ended:
                raise EngineError(ENGINE_DIED)
            if client.status not in ("running", "connecting"):
                raise EngineError(_CONNECTION_LOST)
            if warming.status == "finished":
                self.state = "ready"
            elif warming.done():
                warming = self._warm(client)
            if self._too_large():
                self.state = "starting"
                client.restart_workers(self._workers(client))
                warming = self._warm(client)
            self._dispatch(client)
            if time.monotonic() > sweep:
                self._tidy()
                sweep = time.monotonic() + SWEEP_SECONDS
                if self._workers(client):
                    had_worker = time.monotonic()
                elif self._process and time.monotonic() > had_worker + LOST_SECONDS:
                    raise EngineError("The engine has lost its worker for good.")
            self.wake.wait(LOOK_SECONDS)
            self.wake.clear()

    def _too_large(self) -> bool:
        """Return whether the worker is idle and so large that it is to be replaced now."""
        if self._process is None or self._futures or self.calls.working:
            return False
        if self._sleeps and self.queue.waiting:
            return self._process.worker_bytes(own=True) > SMALL_BYTES
        if time.monotonic() <= self._look_at_size:
            return False
        self._look_at_size = float("inf")
        return self._process.worker_bytes() > LARGE_BYTES

    @staticmethod
    def _warm(client: "Client") -> Any:  # noqa: ANN401 - a Dask future
        return client.submit(worker.warm_up, pure=False)

    def _dispatch(self, client: "Client") -> None:
        self.slots = self._slots(client)
        now = time.monotonic()
        with self.lock:
            order = self.queue.order(now)
        # Only this thread takes runs out of the line: no page waits for the disk, or a mirror.
        for ticket in order:
            run = Run(Path(ticket.folder))
            free = len(self.queue.working) < self.slots and ticket not in self.queue.working
            if free and not self._handover.fetched(run):
                continue
            if run.status().status != "queued" or self._store.held_elsewhere(run):
                with self.lock:
                    self.queue.leave(ticket)  # stopped while it waited, or another has it
            elif free:
                run.clear_rest()
                address = self._handover.handed_out(run)
                with self.lock:
                    self.queue.start(ticket, now)
                future = client.submit(worker.train, ticket.folder, address, pure=False)
                future.add_done_callback(lambda _: self.wake.set())
                self._futures[ticket] = future
        self._share(now)
        with self.lock:
            self.calls.dispatch(client, self.slots * short_tasks())

    def _share(self, now: float) -> None:
        """Ask runs to rest where others wait, and pause those whose owner is away."""
        with self.lock:
            to_rest, away = self.queue.to_rest(now, self.slots), self.queue.away(now)
        for ticket in to_rest:
            if ticket not in self._resting:
                self._resting.add(ticket)
                Run(Path(ticket.folder)).ask_to_rest()
        for ticket in away:
            run = Run(Path(ticket.folder))
            if run.control().command:
                continue
            words = AWAY.format(minutes=self.queue.unseen(ticket, now) / 60)
            with contextlib.suppress(RunError, OSError):  # it has just ended or is deleted
                run.request("pause", words)
            with self.lock:
                if ticket in self.queue.waiting:
                    self.queue.leave(ticket)
                    self._note_end(ticket.owner, run)

    def _slots(self, client: "Client") -> int:
        if self._address is None:
            return 1
        return max(1, len(self._workers(client)))

    @staticmethod
    def _workers(client: "Client") -> list[str]:
        return list(client.scheduler_info(n_workers=-1)["workers"])

    def _settle(self) -> None:
        """Take note of tasks that are over."""
        for ticket, future in list(self._futures.items()):
            if future.done():
                with contextlib.suppress(OSError):  # a full disk: tried again at the next look
                    self._settle_run(ticket, future)
        self.calls.settle(self._process)

    def _settle_run(self, ticket: Ticket, future: Any) -> None:  # noqa: ANN401 - a Dask future
        run = Run(Path(ticket.folder))
        if not self._handover.fetched(run):
            return  # tried again at the next look
        resting, again = ticket in self._resting, ticket not in self._missed
        fate = self._handover.taken_back(run, future, self._process, resting=resting, again=again)
        lost = fate == "waits" and future.status != "finished"  # one that rested is none
        (self._missed.add if lost else self._missed.discard)(ticket)
        with self.lock:
            del self._futures[ticket]
            self._resting.discard(ticket)
            self.queue.end(ticket, time.monotonic(), again=fate == "waits")
            if fate == "over":
                self._note_end(ticket.owner, run)
        self._look_at_size = time.monotonic() + IDLE_SECONDS

    def _note_end(self, owner: str, run: Run) -> None:
        if run.about.sweep:
            return  # its sweep says so
        ended = self.ended.setdefault(owner, [])
        ended[:] = [*(one for one in ended if one != run.id), run.id][-KEPT_ENDED:]

    def _abandon(self, client: "Client | None") -> None:
        """Let go of a broken or closed engine, and of the runs it had."""
        if client is not None:
            with contextlib.suppress(Exception):
                client.close(timeout=2)
        if self._process:
            self._process.stop()
            self._process = None
        closed = self._closed.is_set()
        with self.lock:
            held = [*self.queue.working, *(self.queue.waiting if closed else ())]
        runs = {ticket: Run(Path(ticket.folder)) for ticket in held}
        fates = {one: self._handover.given_up(run, closed=closed) for one, run in runs.items()}
        with self.lock:
            for ticket in list(self.queue.working):
                self.queue.end(ticket, time.monotonic(), again=fates[ticket] == "waits")
                if fates[ticket] == "over":
                    self._note_end(ticket.owner, runs[ticket])
            self._futures.clear()
            self._resting.clear()
            self.calls.abandon()
