"""Whose turn it is: runs that wait, visitors taking turns; knows neither Dask nor files."""

import concurrent.futures
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Ticket:
    """A run that waits or works for `owner`."""

    run_id: str
    owner: str
    folder: str


class Queue:
    """Waiting and working tickets. Not thread-safe: the engine holds a lock."""

    def __init__(self) -> None:
        self.waiting: list[Ticket] = []
        self.working: list[Ticket] = []

    def order(self) -> list[Ticket]:
        """Return the waiting tickets in the order of their turns.

        Everybody's first run comes before anybody's second, so that nobody waits for all the
        runs of one visitor; what a visitor has at work counts too.
        """
        counts: dict[str, int] = {}
        for ticket in self.working:
            counts[ticket.owner] = counts.get(ticket.owner, 0) + 1
        turns = []
        for number, ticket in enumerate(self.waiting):
            turn = counts[ticket.owner] = counts.get(ticket.owner, 0) + 1
            turns.append((turn, number, ticket))
        return [ticket for *_, ticket in sorted(turns, key=lambda item: item[:2])]

    def position(self, run_id: str) -> int | None:
        """Return 1 for the run that is next, 2 for the one after; None if it does not wait."""
        ids = [ticket.run_id for ticket in self.order()]
        return ids.index(run_id) + 1 if run_id in ids else None

    def has(self, run_id: str) -> bool:
        """Return whether the run waits or works."""
        return any(ticket.run_id == run_id for ticket in self.waiting + self.working)

    def waiting_of(self, owner: str) -> int:
        """Return how many runs of a visitor wait."""
        return sum(ticket.owner == owner for ticket in self.waiting)


class Call:
    """A short task that is no run, and the future that its caller holds."""

    def __init__(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        self.function, self.arguments = function, arguments
        self.result: concurrent.futures.Future[Any] = concurrent.futures.Future()
