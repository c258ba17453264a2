"""What visitors wait for a training machine: runs to their end, and runs that share the time.

`python -m benchmarks.time_sharing` simulates visitors who come within an hour, start one run and
watch it, leave or come back, against the engine's own queue. Nothing is trained.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from fmnist_core.engine.queue import HOUR, Queue, Rules, Ticket

# What a run takes, in seconds on two cores, and how often visitors choose it.
LENGTHS = {"Lightning": 15, "Dense basics": 40, "300-100": 90, "Compact, 10 epochs": 500,
           "Three convolutions": 1980, "within the hosted limits, long": 4000}  # fmt: skip
CHOSEN = (0.35, 0.2, 0.15, 0.15, 0.1, 0.05)
LEAVE = 0.4  # of the visitors close the tab, at any time within the first five minutes
RESTING = 2.5  # seconds to write a checkpoint and to go on from it: network and tracing
STEP = 1.0
TO_THE_END = Rules(slice=float("inf"), short_slice=float("inf"))


@dataclass
class Visitor:
    """One who starts a run of `length` seconds at `start` and is there until `leaves`."""

    ticket: Ticket
    start: float
    length: float
    leaves: float
    began: float | None = None
    ended: float | None = None
    stays = property(lambda self: self.leaves == float("inf"))


def visitors(count: int, seed: int) -> list[Visitor]:
    """Return so many visitors who come within one hour."""
    rng = np.random.default_rng(seed)
    lengths = rng.choice(list(LENGTHS.values()), count, p=CHOSEN) * rng.uniform(0.7, 1.4, count)
    starts = np.sort(rng.uniform(0, HOUR, count))
    gone = np.where(rng.random(count) < LEAVE, starts + rng.uniform(0, 300, count), np.inf)
    return [
        Visitor(Ticket(str(n), str(n), ""), *times)
        for n, times in enumerate(zip(starts, lengths, gone, strict=True))
    ]


def simulate(rules: Rules, people: list[Visitor], slots: int, most: float = 48 * HOUR) -> None:
    """Write into `people` when their runs began and ended."""
    queue = Queue(rules)
    known = {one.ticket: one for one in people}
    left = {one.ticket: one.length for one in people}
    coming = iter([*people, None])
    following = next(coming)
    now = 0.0
    while now < most and (following or queue.waiting or queue.working):
        while following and following.start <= now:
            queue.add(following.ticket, now)
            following = next(coming)
        for ticket in (*queue.working, *queue.waiting):
            if now < known[ticket].leaves:
                queue.look(ticket.run_id, now)
        for ticket in list(queue.working):
            left[ticket] -= STEP
            if left[ticket] <= 0:
                known[ticket].ended = now
                queue.end(ticket, now)
        for ticket in queue.to_rest(now, slots):
            queue.end(ticket, now, again=True)
            left[ticket] += RESTING
        for ticket in queue.away(now):
            if ticket in queue.working:
                queue.end(ticket, now)
            else:
                queue.leave(ticket)
        for ticket in queue.order(now)[: slots - len(queue.working)]:
            queue.start(ticket, now)
            if known[ticket].began is None:
                known[ticket].began = now
        now += STEP


def rows(slots: int, repeats: int) -> Iterator[str]:
    """Yield the table, of those who stay: the wait to begin, and short runs from start to end."""
    policies = {
        "to the end": TO_THE_END,
        **{f"slices of {s} s": Rules(slice=s, budget=1200, away=600) for s in (30, 60, 120)},
        "slices of 60 s, local": Rules(),
    }
    yield "| visitors an hour | policy | begin, median | 95 % | short runs done, median | 95 % |"
    yield "|--:|---|--:|--:|--:|--:|"
    for count in (10, 30, 100):
        for name, rules in policies.items():
            begins, short = [], []
            for seed in range(repeats):
                people = visitors(count, seed)
                simulate(rules, people, slots)
                for one in people:
                    if one.stays:
                        began = np.inf if one.began is None else one.began
                        ended = np.inf if one.ended is None else one.ended
                        begins.append(began - one.start)
                        if one.length < 130:
                            short.append(ended - one.start)
            figures = [
                f"{np.percentile(values, share, method='higher') / 60:.1f} min"
                for values in (begins, short)
                for share in (50, 95)
            ]
            yield f"| {count} | {name} | " + " | ".join(figures) + " |"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--repeats", type=int, default=2)
    arguments = parser.parse_args()
    for row in rows(arguments.workers, arguments.repeats):
        print(row, flush=True)
