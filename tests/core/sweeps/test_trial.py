from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fmnist_core.sweeps.trial import STATES, Trial, front

WHOLE = Trial(
    3, {"seed": 1, "flip": True}, "A" * 22, "finished", "", (0.5, 0.75), 7850, 7840, 2.5, 300
)


def test_a_trial_survives_its_data() -> None:
    for state in STATES:
        trial = replace(WHOLE, state=state, reason="Why.")
        assert Trial.from_dict(trial.to_dict()) == trial


@pytest.mark.parametrize("missing", ["values", "accuracies"])
def test_what_is_no_trial_is_none(missing: str) -> None:
    assert Trial.from_dict({**WHOLE.to_dict(), missing: 3}) is None


def test_damaged_parts_of_a_trial_are_left_out() -> None:
    data = {
        "values": {"seed": 1, "rate": None},
        "accuracies": [0.5, "x", 1, 10**400],
        "state": "lost",
        "number": "3",
        "seconds": "long",
    }
    assert Trial.from_dict(data) == Trial(0, {"seed": 1}, state="failed", accuracies=(0.5, 1.0))


def test_a_trial_counts_when_it_trained_to_its_end() -> None:
    assert WHOLE.counts
    assert WHOLE.accuracy == 0.75
    assert not replace(WHOLE, accuracies=()).counts
    assert replace(WHOLE, accuracies=()).accuracy is None
    assert not replace(WHOLE, state="pruned").counts


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=12))
def test_nothing_beats_the_front_and_the_front_beats_all_else(
    points: list[tuple[int, int]],
) -> None:
    costs, accuracies = [cost for cost, _ in points], [float(right) for _, right in points]
    found = front(costs, accuracies)
    kept = [points[at] for at in found]
    assert kept == sorted(set(kept))
    for cost, right in points:
        assert any(one <= cost and other >= right for one, other in kept)
        assert not any(
            (cost <= one and right >= other) and (cost, right) != (one, other)
            for one, other in kept
        )
