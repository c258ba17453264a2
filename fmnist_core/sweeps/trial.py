"""One trial of a sweep: the values it has, the run that trains it, and what became of it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, get_args

from fmnist_core import files
from fmnist_core.sweeps.ranges import Value

TrialState = Literal["running", "finished", "pruned", "stopped", "failed"]
STATES: tuple[TrialState, ...] = get_args(TrialState)


@dataclass(frozen=True)
class Trial:
    """`number` counts from 1; `run` is its run's id, "" if it could not be made.

    `accuracies` are those on the validation images after each epoch, 0 to 1; `seconds` are spent
    training; `images` are training images seen, each epoch's anew.
    """

    number: int
    values: dict[str, Value] = field(hash=False)
    run: str = ""
    state: TrialState = "running"
    reason: str = ""
    accuracies: tuple[float, ...] = ()
    parameters: int = 0
    multiply_adds: int = 0
    seconds: float = 0.0
    images: int = 0

    @property
    def accuracy(self) -> float | None:
        """The best epoch's accuracy on the validation images; None before the first is done."""
        return max(self.accuracies, default=None)

    @property
    def counts(self) -> bool:
        """Whether its accuracy can be compared with others': it trained to its end."""
        return self.state == "finished" and bool(self.accuracies)

    def to_dict(self) -> dict[str, Any]:
        """Return the trial as JSON data."""
        return {**asdict(self), "accuracies": list(self.accuracies)}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "Trial | None":
        """Return the trial in JSON data, or None where it is none that makes sense."""
        values, accuracies = data.get("values"), data.get("accuracies")
        if not isinstance(values, dict) or not isinstance(accuracies, list):
            return None
        state = files.text(data, "state")
        return cls(
            files.whole(data, "number"),
            {str(key): one for key, one in values.items() if isinstance(one, Value)},
            files.text(data, "run", 22),
            next((one for one in STATES if one == state), "failed"),
            files.text(data, "reason"),
            # Compared, because an integer of 400 digits is no float.
            tuple(float(one) for one in accuracies if type(one) in (int, float) and abs(one) < 1e6),
            files.whole(data, "parameters"),
            files.whole(data, "multiply_adds"),
            files.number(data, "seconds") or 0.0,
            files.whole(data, "images"),
        )


def leaderboard(trials: Sequence[Trial]) -> list[Trial]:
    """Return the trials, best first: those that trained to their end before all others."""
    return sorted(trials, key=lambda one: (not one.counts, -(one.accuracy or 0.0), one.number))


def front(costs: Sequence[float], accuracies: Sequence[float]) -> list[int]:
    """Return the positions on the Pareto front, cheapest first.

    Nothing else costs no more and is right as often or oftener.
    """
    found: list[int] = []
    order = sorted(range(len(costs)), key=lambda at: (costs[at], -accuracies[at], at))
    for at in order:
        if not found or accuracies[at] > accuracies[found[-1]]:
            found.append(at)
    return found
