"""A short task on the engine, and in words why one that was lost did not finish."""

import concurrent.futures
from collections.abc import Callable
from typing import Any

from fmnist_core.engine.process import EngineError

_WORKER_DIED = (
    "The training process was ended by the system, most likely because it needed more memory "
    "than is free. Curves and checkpoint are kept."
)


class Call:
    """A task that is no run, and the future that its caller holds."""

    def __init__(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        self.function, self.arguments = function, arguments
        self.result: concurrent.futures.Future[Any] = concurrent.futures.Future()

    def settle(self, future: Any) -> None:  # noqa: ANN401 - a Dask future
        """Hand over what became of the task."""
        if future.status == "finished":
            self.result.set_result(future.result())
            return
        error = future.exception() if future.status == "error" else None
        ours = error is not None and type(error).__module__.split(".")[0] != "distributed"
        self.result.set_exception(error if ours else EngineError(why_lost(future)))


def why_lost(future: Any) -> str:  # noqa: ANN401 - a Dask future
    """Return why a task did not finish, in a sentence."""
    name = type(future.exception()).__name__ if future.status == "error" else future.status
    if name in ("KilledWorker", "lost", "cancelled"):
        return _WORKER_DIED
    return f"The engine's worker could not run it ({name}); the server's log says more."
