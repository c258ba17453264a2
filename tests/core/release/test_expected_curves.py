from dataclasses import replace

from fmnist_core.recipes.layers import Dense, Flatten
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.release.expected_curves import FAMILIES, family
from fmnist_core.sweeps.plan import Plan
from fmnist_core.sweeps.ranges import Range
from fmnist_core.sweeps.trial import Trial

RECIPE = Recipe(layers=(Flatten(), Dense(units=10, activation="softmax")), epochs=2)
RATES = Range(low=0.001, high=0.1, log=True)
PLAN = Plan(RECIPE, {"learning_rate": RATES}, "Tiny", "random", 4, pruning=False)


def test_a_family_has_only_runs_that_trained_to_their_end() -> None:
    trials = [
        Trial(at, {"learning_rate": rate}, state="finished", accuracies=(0.6, 0.7))
        for at, rate in enumerate((0.001, 0.01, 0.02, 0.1), 1)
    ]
    trials[1] = replace(trials[1], state="failed")
    found = family(PLAN, trials)
    assert [row["values"] for row in found["runs"]] == [[0.001], [0.02], [0.1]]
    assert all(row["accuracies"] == [0.6, 0.7] for row in found["runs"])
    # All are alike: what the others say of each is right.
    assert all(row["error"] < 0.01 for row in found["runs"])
    assert Plan.from_dict(found["plan"]) == PLAN


def test_the_plans_can_be_carried_out_and_are_some_hundreds() -> None:
    for plan in FAMILIES:
        plan.check()
    assert 300 <= sum(plan.size for plan in FAMILIES) < 1000
