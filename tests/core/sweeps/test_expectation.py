import json
import math
from pathlib import Path

import numpy as np
import pytest

from fmnist_core.recipes.layers import Dense, Flatten
from fmnist_core.recipes.presets import LIGHTNING, PRESETS
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.sweeps import expectation
from fmnist_core.sweeps.expectation import ExpectationError, Family
from fmnist_core.sweeps.plan import Plan
from fmnist_core.sweeps.ranges import Range

STEADY = Recipe(name="Tiny", layers=(Flatten(), Dense(units=10, activation="softmax")), epochs=4)
RATES = Range(low=0.001, high=0.1, log=True)
PLAN = Plan(STEADY, {"learning_rate": RATES}, "Tiny", "random", 9, pruning=False)
GRID = [float(rate) for rate in np.geomspace(0.001, 0.1, 9)]


def accuracy(rate: float, epoch: int) -> float:
    """A smooth law: best at a rate of 0.01, better with every epoch."""
    return 1 / (1 + math.exp(-(0.5 + math.log(epoch) - 0.4 * math.log10(rate / 0.01) ** 2)))


def family(rates: list[float] = GRID, *, spoilt: int | None = None) -> Family:
    curves = [[accuracy(rate, epoch) for epoch in range(1, 5)] for rate in rates]
    if spoilt is not None:
        curves[spoilt] = [0.1] * 4
    return Family(PLAN, [[rate] for rate in rates], curves)


def test_between_the_runs_the_law_behind_them_is_found() -> None:
    found = family().expect(STEADY.changed(learning_rate=0.02))
    assert found.epochs == [1, 2, 3, 4]
    wanted = [accuracy(0.02, epoch) for epoch in found.epochs]
    assert found.accuracies == pytest.approx(wanted, abs=0.005)
    assert (found.family, found.runs) == ("Tiny", 9)


def test_fewer_epochs_are_the_beginning_of_the_same_curve_and_more_are_not_drawn() -> None:
    long = family().expect(STEADY.changed(learning_rate=0.02, epochs=30))
    short = family().expect(STEADY.changed(learning_rate=0.02, epochs=2))
    assert len(long.accuracies) == 4
    assert short.accuracies == pytest.approx(long.accuracies[:2])


def test_the_margin_is_wide_near_a_run_that_the_others_do_not_foretell() -> None:
    assert family().expect(STEADY.changed(learning_rate=0.01)).margin < 0.05
    assert family(spoilt=4).expect(STEADY.changed(learning_rate=0.01)).margin > 0.2


def test_a_run_left_out_does_not_know_itself() -> None:
    lonely = family(spoilt=4).errors
    assert lonely[4] == pytest.approx(
        np.mean([accuracy(GRID[4], epoch) - 0.1 for epoch in range(1, 5)]), abs=0.02
    )


@pytest.mark.parametrize("rate", [0.0009, 0.11])
def test_outside_of_the_range_nothing_is_said_but_why(rate: float) -> None:
    with pytest.raises(ExpectationError, match=r"learning rate from 0\.001 to 0\.1; yours is"):
        family().expect(STEADY.changed(learning_rate=rate))


def test_only_a_recipe_that_differs_in_nothing_else_is_of_the_family() -> None:
    assert family().is_of(STEADY.changed(name="Mine", seed=3, learning_rate=0.5, epochs=9))
    assert not family().is_of(STEADY.changed(optimizer="sgd"))
    assert not family().is_of(STEADY.changed(weight_decay=0.01))


def test_where_epochs_vary_the_curve_is_that_of_the_whole_schedule() -> None:
    plan = PLAN.changed(ranges={**PLAN.ranges, "epochs": Range(low=1, high=3)})
    rows = [[rate, epochs] for rate in GRID for epochs in (1, 2, 3)]
    curves = [[0.9 * (epoch / row[1]) for epoch in range(1, int(row[1]) + 1)] for row in rows]
    found = Family(plan, rows, curves).expect(STEADY.changed(learning_rate=0.01, epochs=2))
    assert found.accuracies == pytest.approx([0.45, 0.9], abs=0.02)
    with pytest.raises(ExpectationError, match="epochs from 1 to 3; yours is 4"):
        Family(plan, rows, curves).expect(STEADY.changed(learning_rate=0.01, epochs=4))


def test_the_edges_stay_between_nothing_and_all() -> None:
    found = expectation.Expectation("Tiny", 3, (0.05, 0.95), 0.1)
    assert found.low == pytest.approx([0.0, 0.85])
    assert found.high == pytest.approx([0.15, 1.0])


def test_the_shipped_table_has_hundreds_of_runs_of_the_presets_as_they_are() -> None:
    table = expectation.table()
    data = json.loads(Path(expectation.FILE).read_text())
    assert data["runs"] == sum(len(one["runs"]) for one in data["families"]) >= 300
    assert {family.name for family in table.families} <= {one.title for one in PRESETS.values()}
    found = table.expect(LIGHTNING.recipe)
    assert found.family == "Lightning"
    assert len(found.accuracies) == LIGHTNING.recipe.epochs


def test_the_shipped_errors_are_those_of_runs_left_out() -> None:
    data = json.loads(Path(expectation.FILE).read_text())
    rows = data["families"][0]["runs"]
    own = Family(
        Plan.from_dict(data["families"][0]["plan"]),
        [row["values"] for row in rows],
        [row["accuracies"] for row in rows],
    )
    assert own.errors == pytest.approx([row["error"] for row in rows], abs=1e-4)


def test_the_shipped_expectation_of_a_preset_is_about_right() -> None:
    # Lightning's shipped weights have 90.1 % of the test images.
    found = expectation.table().expect(LIGHTNING.recipe)
    assert found.accuracies[-1] == pytest.approx(0.90, abs=0.015)
    with pytest.raises(ExpectationError, match="none of a design like this"):
        expectation.table().expect(PRESETS["best"].recipe)
