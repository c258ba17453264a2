"""The engine's background thread: gives Dask what is next, and notes what became of it."""

import contextlib
import logging
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from fmnist_core.engine import worker
from fmnist_core.engine.process import EngineError, EngineProcess
from fmnist_core.engine.queue import Call, Queue, Rules, Ticket, next_call
from fmnist_core.models.taught import TaughtCopies
from fmnist_core.recipes import host
from fmnist_core.recipes.estimate import training_seconds
from fmnist_core.runs.run import Run
from fmnist_core.runs.status import RunError, RunState
from fmnist_core.runs.store import RunStore, this_process
from fmnist_core.training.progress import TrainingError
from fmnist_core.translation import mark

if TYPE_CHECKING:
    from distributed import Client

State = Literal["asleep", "starting", "ready", "unavailable"]

LOOK_SECONDS = 0.25
# At the same time beside a training: each has its own memory.
SHORT_TASKS, FEWEST_TASKS = 3, 1
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

_WORKER_LOST = mark("The worker that had it has ended or cannot be reached.")
_ENGINE_DIED = mark("The training engine ended unexpectedly.")
_CONNECTION_LOST = mark("The connection to the engine is lost.")
_ENGINE_CLOSED = mark("The app was closed. Press Resume to go on.")
# Written with values in them; pages translate them by `retold`.
KEPT = mark("{why} Curves and checkpoint are kept.")
AWAY = mark(
    "Nobody had looked at it for {minutes:.0f} minutes, so it made room. Press Resume to go on."
)
REFUSED = mark("The engine's worker could not run it ({name}); the server's log says more.")

_log = logging.getLogger(__name__)


def short_tasks() -> int:
    """Return how many short tasks a worker does at the same time beside a training."""
    return FEWEST_TASKS if host.economical() else SHORT_TASKS


class Dispatcher:
    """Owns the queue, the calls and the connection to Dask; hold `lock` to touch the former two."""

    def __init__(self, address: str | None, store: RunStore) -> None:
        self._address, self._store = address, store
        self.lock = threading.Lock()
        self.wake = threading.Event()  # set it when there is something new
        self.queue = Queue(Rules.of(host.current()))
        self.calls: list[Call] = []
        self.slots = 1
        self.ended: dict[str, list[str]] = {}  # by owner: what is over and was not looked at since
        self.state: State = "starting"
        self._closed = threading.Event()
        self._futures: dict[Ticket, Any] = {}
        self._resting: set[Ticket] = set()  # asked to make room
        self._calling: list[tuple[Call, Any]] = []
        self._process: EngineProcess | None = None
        self._look_at_size = float("inf")
        self._sleeps = address is None and host.economical()
        self._busy = time.monotonic()  # when there was something to do last
        self._thread = threading.Thread(target=self._live, name="engine", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    @property
    def tasks(self) -> int:
        """How many short tasks wait or work."""
        return len(self.calls) + len(self._calling)

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
            return not (self.queue.waiting or self.queue.working or self.tasks)

    def _active(self) -> list[str]:
        return [run.id for run in self._store.all() if run.status().active]

    def _tidy(self) -> None:
        for run in self._store.mark_interrupted():
            with self.lock:
                self._note_end(run.status().owner, run)
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
                raise EngineError(_ENGINE_DIED)
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
        if self._process is None or self._futures or self._calling:
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
            for ticket in self.queue.order(now):
                run = Run(Path(ticket.folder))
                free = len(self.queue.working) < self.slots and ticket not in self.queue.working
                if free and not self._fetched(run):
                    continue
                if run.status().status != "queued" or self._store.held_elsewhere(run):
                    self.queue.leave(ticket)  # stopped while it waited, or another has it
                elif free:
                    self.queue.start(ticket, now)
                    run.clear_rest()
                    future = client.submit(
                        worker.train, ticket.folder, self._handed_out(ticket), pure=False
                    )
                    future.add_done_callback(lambda _: self.wake.set())
                    self._futures[ticket] = future
            self._share(now)
            working = [call for call, _ in self._calling]
            while len(working) < self.slots * short_tasks():
                call = next_call(self.calls, working)
                if call is None:
                    break
                self.calls.remove(call)
                if call.result.set_running_or_notify_cancel():
                    future = client.submit(call.function, *call.arguments, pure=False)
                    future.add_done_callback(lambda _: self.wake.set())
                    self._calling.append((call, future))
                    working.append(call)

    def _handed_out(self, ticket: Ticket) -> str:
        """Return where a worker that shares no disk with us finds a run, or ""."""
        mirror = self._store.mirror
        if mirror is None or self._address is None:
            return ""
        mirror.push(ticket.run_id)
        return f"{mirror.address}/{ticket.run_id}"

    def _share(self, now: float) -> None:
        """Ask runs to rest where others wait, and pause those whose owner is away."""
        for ticket in self.queue.to_rest(now, self.slots):
            if ticket not in self._resting:
                self._resting.add(ticket)
                Run(Path(ticket.folder)).ask_to_rest()
        for ticket in self.queue.away(now):
            run = Run(Path(ticket.folder))
            if run.control().command:
                continue
            words = AWAY.format(minutes=self.queue.unseen(ticket, now) / 60)
            with contextlib.suppress(RunError, OSError):  # it has just ended or is deleted
                run.request("pause", words)
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
        for pair in list(self._calling):
            call, future = pair
            if future.done():
                self._hand_over(call, future)
                self._calling.remove(pair)

    def _settle_run(self, ticket: Ticket, future: Any) -> None:  # noqa: ANN401 - a Dask future
        run = Run(Path(ticket.folder))
        if not self._fetched(run):
            return  # tried again at the next look
        cut_off = future.status in ("lost", "cancelled") and self._address is not None
        spared = self._handed_over(ticket) or (
            cut_off and (self._waits(ticket) or self._goes_on(ticket))
        )
        if future.status != "finished" and not spared:
            why = KEPT.format(why=self._why_lost(future))
            self._fail(ticket, why, "interrupted" if cut_off else "failed")
        rests = self._rests(run)
        with self.lock:
            del self._futures[ticket]
            self._resting.discard(ticket)
            self.queue.end(ticket, time.monotonic(), again=rests)
            if not rests and not run.status().active:
                self._note_end(ticket.owner, run)
        self._look_at_size = time.monotonic() + IDLE_SECONDS

    def _fetched(self, run: Run) -> bool:
        """Get the worker's last words from where it left them; return whether that was possible."""
        if self._store.mirror is None or self._address is None:
            return True
        try:
            self._store.mirror.pull(run.id)
        except Exception as error:
            _log.warning("run %s cannot be fetched: %s", run.id, error)
            return False
        return True

    def _handed_over(self, ticket: Ticket) -> bool:
        """Return whether a run had made room before its worker was lost: then nothing is."""
        return ticket in self._resting and self._waits(ticket)

    def _goes_on(self, ticket: Ticket) -> bool:
        """Return whether a cluster's worker trains a run still, though we are cut off from it."""
        run = Run(Path(ticket.folder))
        if self._address is None or not run.folder.is_dir():
            return False
        status = run.status()
        return status.active and status.status != "queued" and self._store.held(run)

    @staticmethod
    def _waits(ticket: Ticket) -> bool:
        run = Run(Path(ticket.folder))
        return run.folder.is_dir() and run.status().status == "queued"

    @staticmethod
    def _rests(run: Run) -> bool:
        """Return whether a run that ended only made room, and take it over from the worker."""
        if not run.folder.is_dir() or run.status().status != "queued":
            return False
        if command := run.control().command:  # asked while it was making room
            run.request("stop" if command == "stop" else "pause", run.control().reason)
            return False
        run.set_status("queued", holder=this_process())
        return True

    def _note_end(self, owner: str, run: Run) -> None:
        if run.sweep:
            return  # its sweep says so
        ended = self.ended.setdefault(owner, [])
        ended[:] = [*(one for one in ended if one != run.id), run.id][-KEPT_ENDED:]

    def seconds_left(self, ticket: Ticket) -> float:
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

    def _hand_over(self, call: Call, future: Any) -> None:  # noqa: ANN401 - a Dask future
        if future.status == "finished":
            call.result.set_result(future.result())
            return
        error = future.exception() if future.status == "error" else None
        ours = error is not None and type(error).__module__.split(".")[0] != "distributed"
        call.result.set_exception(error if ours else EngineError(self._why_lost(future)))

    def _why_lost(self, future: Any) -> str:  # noqa: ANN401 - a Dask future
        """Return why a task did not finish, in a sentence: what is known, and no guess."""
        error = future.exception() if future.status == "error" else None
        if isinstance(error, TrainingError):
            return str(error)
        name = type(error).__name__ if error is not None else future.status
        if name not in ("KilledWorker", "lost", "cancelled"):
            return REFUSED.format(name=name)
        end = self._process.end() if self._process else ""
        return end or _WORKER_LOST

    @staticmethod
    def _fail(ticket: Ticket, reason: str, status: RunState = "failed") -> None:
        run = Run(Path(ticket.folder))
        if run.folder.is_dir() and run.status().status not in ("finished", "stopped", "paused"):
            run.set_status(status, reason, images_per_second=None, seconds_left=None)

    def _fail_if_possible(self, ticket: Ticket, reason: str, status: RunState) -> None:
        # Else the disk is full; its process being gone, the run is marked interrupted later.
        with contextlib.suppress(OSError):
            self._fail(ticket, reason, status)

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
            for ticket in self.queue.waiting if closed else ():
                self._fail_if_possible(ticket, _ENGINE_CLOSED, "interrupted")
            for ticket in list(self.queue.working):
                again = False
                with contextlib.suppress(OSError):
                    again = not closed and self._rests(Run(Path(ticket.folder)))  # none began it
                goes_on = again or self._goes_on(ticket)
                if not goes_on and closed:
                    self._fail_if_possible(ticket, _ENGINE_CLOSED, "interrupted")
                elif not goes_on:
                    lost: RunState = "failed" if self._address is None else "interrupted"
                    self._fail_if_possible(ticket, KEPT.format(why=_ENGINE_DIED), lost)
                self.queue.end(ticket, time.monotonic(), again=again)
                if not goes_on:
                    self._note_end(ticket.owner, Run(Path(ticket.folder)))
            self._futures.clear()
            self._resting.clear()
            for call, _ in self._calling:
                call.result.set_exception(EngineError(_ENGINE_DIED))
            self._calling.clear()
