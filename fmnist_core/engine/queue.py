"""Whose turn it is: visitors share the time; knows neither Dask nor files, nor what time it is.

Training is resumable, so a run that others wait for works in slices: it rests at a checkpoint and
goes to the back. Every method is told `now` in seconds of a clock that never goes back, so that a
benchmark can simulate days of it.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass

from fmnist_core.recipes.host import Limits

HOUR = 3600.0


@dataclass(frozen=True)
class Ticket:
    """A run that waits or works for `owner`."""

    run_id: str
    owner: str
    folder: str


@dataclass(frozen=True)
class Rules:
    """How time is shared, in seconds; None is no bound.

    A run works for at least a `slice` while others wait, but only for a `short_slice` when it is
    unwatched or beyond its owner's `budget` an hour and the one that waits is not. Nobody watches
    a run that was not looked at for `unwatched`; after `away` it is paused.
    """

    # Chosen by benchmarks/time_sharing.py, which takes a rest to cost 2.5 seconds.
    slice: float = 60.0
    short_slice: float = 15.0
    unwatched: float = 90.0
    budget: float | None = None
    away: float | None = None

    @classmethod
    def of(cls, limits: Limits) -> "Rules":
        """Return the rules of a host with these limits."""
        budget, away = limits.minutes_an_hour, limits.minutes_away
        return cls(budget=budget and 60.0 * budget, away=away and 60.0 * away)


class Queue:
    """Waiting and working tickets. Not thread-safe: the engine holds a lock."""

    def __init__(self, rules: Rules | None = None) -> None:
        self.rules = rules or Rules()
        self.waiting: list[Ticket] = []
        self.working: dict[Ticket, float] = {}  # since when
        self._looked: dict[str, float] = {}
        self._worked: dict[str, list[tuple[float, float]]] = {}  # from when to when, by owner

    # What happens

    def add(self, ticket: Ticket, now: float) -> None:
        """Put a run at the end of the line; its owner is looking."""
        self.waiting.append(ticket)
        self._looked[ticket.run_id] = now

    def look(self, run_id: str, now: float) -> None:
        """Note that somebody looks at a run."""
        if self.has(run_id):
            self._looked[run_id] = now

    def start(self, ticket: Ticket, now: float) -> None:
        """Let a waiting run work."""
        self.waiting.remove(ticket)
        self.working[ticket] = now

    def end(self, ticket: Ticket, now: float, *, again: bool = False) -> None:
        """Take note that a run works no longer; one that only rests waits `again`."""
        since = self.working.pop(ticket)
        slices = self._worked.setdefault(ticket.owner, [])
        slices[:] = [one for one in slices if one[1] > now - HOUR]
        slices.append((since, now))
        if again:
            self.waiting.append(ticket)
        else:
            self._looked.pop(ticket.run_id, None)

    def leave(self, ticket: Ticket) -> None:
        """Take a waiting run out of the line."""
        self.waiting.remove(ticket)
        self._looked.pop(ticket.run_id, None)

    # Whose turn it is

    def order(self, now: float) -> list[Ticket]:
        """Return the waiting tickets in the order of their turns.

        First those that are watched and within their owner's budget; of these everybody's first
        run before anybody's second, what is at work counting too; of these the visitor who had
        the least time within the last hour.
        """
        counts: dict[str, int] = {}
        for ticket in self.working:
            counts[ticket.owner] = counts.get(ticket.owner, 0) + 1
        ranked = []
        for number, ticket in enumerate(self.waiting):
            turn = counts[ticket.owner] = counts.get(ticket.owner, 0) + 1
            used = self.used(ticket.owner, now)
            ranked.append((self._behind(ticket, now), turn, used, number, ticket))
        return [ticket for *_, ticket in sorted(ranked, key=lambda item: item[:-1])]

    def to_rest(self, now: float, slots: int) -> list[Ticket]:
        """Return the working tickets that should make room for those that wait."""
        free = slots - len(self.working)
        found: list[Ticket] = []
        by_age = sorted(self.working, key=lambda ticket: self.working[ticket])
        for next_one in self.order(now)[max(0, free) :]:
            for ticket in by_age:
                if ticket not in found and self._gives_way(ticket, next_one, now):
                    found.append(ticket)
                    break
        return found

    def _gives_way(self, ticket: Ticket, waiting: Ticket, now: float) -> bool:
        age = now - self.working[ticket]
        mine, theirs = self._behind(ticket, now), self._behind(waiting, now)
        if mine != theirs:
            return mine > theirs and age >= self.rules.short_slice
        # The runs of one visitor come one after the other: taking turns would only cost time.
        return ticket.owner != waiting.owner and age >= self.rules.slice

    def _behind(self, ticket: Ticket, now: float) -> int:
        """How much a run gives way to others, 0 for not at all."""
        budget = self.rules.budget
        spent = budget is not None and self.used(ticket.owner, now) >= budget
        return int(self.unseen(ticket, now) > self.rules.unwatched) + int(spent)

    def away(self, now: float) -> list[Ticket]:
        """Return the tickets that nobody has looked at for so long that they are paused."""
        limit = self.rules.away
        tickets = [*self.waiting, *self.working]
        return [ticket for ticket in tickets if limit and self.unseen(ticket, now) > limit]

    # What it is like

    def unseen(self, ticket: Ticket, now: float) -> float:
        """Return for how long nobody has looked at a run."""
        return now - self._looked.get(ticket.run_id, now)

    def used(self, owner: str, now: float) -> float:
        """Return how many seconds a visitor's runs have worked within the last hour."""
        slices = [*self._worked.get(owner, [])]
        slices += [(since, now) for ticket, since in self.working.items() if ticket.owner == owner]
        return sum(max(0.0, end - max(start, now - HOUR)) for start, end in slices)

    def of(self, owner: str) -> list[Ticket]:
        """Return a visitor's tickets, working ones first."""
        return [one for one in (*self.working, *self.waiting) if one.owner == owner]

    def position(self, run_id: str, now: float) -> int | None:
        """Return 1 for the run that is next, 2 for the one after; None if it does not wait."""
        ids = [ticket.run_id for ticket in self.order(now)]
        return ids.index(run_id) + 1 if run_id in ids else None

    def wait(
        self, run_id: str, now: float, slots: int, left: Callable[[Ticket], float]
    ) -> float | None:
        """Return in how many seconds a waiting run should get its turn, None if it does not wait.

        `left` says how many seconds of work a run has left.
        """
        free = [0.0] * max(0, slots - len(self.working))
        for ticket, since in self.working.items():
            free.append(min(left(ticket), max(0.0, self.rules.slice - (now - since))))
        heapq.heapify(free)
        for ticket in self.order(now):
            start = heapq.heappop(free) if free else 0.0
            if ticket.run_id == run_id:
                return start
            heapq.heappush(free, start + min(left(ticket), self.rules.slice))
        return None

    def has(self, run_id: str) -> bool:
        """Return whether the run waits or works."""
        return any(ticket.run_id == run_id for ticket in (*self.waiting, *self.working))

    def waiting_of(self, owner: str) -> int:
        """Return how many runs of a visitor wait."""
        return sum(ticket.owner == owner for ticket in self.waiting)
