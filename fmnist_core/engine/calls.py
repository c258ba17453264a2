"""Short tasks beside the trainings: whose turn it is, and the answers to those who called."""

import concurrent.futures
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from fmnist_core.engine.handover import ENGINE_DIED, why_lost
from fmnist_core.engine.process import EngineError, EngineProcess
from fmnist_core.recipes import host

if TYPE_CHECKING:
    from distributed import Client

# At the same time beside a training: each has its own memory.
SHORT_TASKS, FEWEST_TASKS = 3, 1


def short_tasks() -> int:
    """Return how many short tasks a worker does at the same time beside a training."""
    return FEWEST_TASKS if host.economical() else SHORT_TASKS


class Call:
    """A short task that is no run, and the future that its caller holds."""

    def __init__(
        self, function: Callable[..., Any], arguments: tuple[Any, ...], owner: str
    ) -> None:
        self.function, self.arguments, self.owner = function, arguments, owner
        self.result: concurrent.futures.Future[Any] = concurrent.futures.Future()


def next_call(waiting: list[Call], working: list[Call]) -> Call | None:
    """Return the call whose visitor has the fewest at work, the oldest of these; None for none."""
    busy = [call.owner for call in working]
    return min(waiting, key=lambda call: busy.count(call.owner), default=None)


class Calls:
    """Calls that wait and that work. Not thread-safe: the engine holds a lock.

    `wake` is called, in a thread of Dask's, when one is done.
    """

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self.waiting: list[Call] = []
        self.working: list[tuple[Call, Any]] = []

    def __len__(self) -> int:
        return len(self.waiting) + len(self.working)

    def dispatch(self, client: "Client", most: int) -> None:
        """Give Dask those whose turn it is, until `most` work."""
        while len(self.working) < most:
            call = next_call(self.waiting, [call for call, _ in self.working])
            if call is None:
                break
            self.waiting.remove(call)
            if call.result.set_running_or_notify_cancel():
                future = client.submit(call.function, *call.arguments, pure=False)
                future.add_done_callback(lambda _: self._wake())
                self.working.append((call, future))

    def settle(self, process: EngineProcess | None) -> None:
        """Answer the callers of those that are done; `process` knows how its worker has ended."""
        for pair in list(self.working):
            call, future = pair
            if future.done():
                _answer(call, future, process)
                self.working.remove(pair)

    def abandon(self) -> None:
        """Tell the callers of those that worked that the engine has ended."""
        for call, _ in self.working:
            call.result.set_exception(EngineError(ENGINE_DIED))
        self.working.clear()


def _answer(call: Call, future: Any, process: EngineProcess | None) -> None:  # noqa: ANN401
    if future.status == "finished":
        call.result.set_result(future.result())
        return
    error = future.exception() if future.status == "error" else None
    ours = error is not None and type(error).__module__.split(".")[0] != "distributed"
    call.result.set_exception(error if ours else EngineError(why_lost(future, process)))
