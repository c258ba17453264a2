import math
from dataclasses import replace

from fmnist_core.recipes.layers import Dense, Flatten
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.sweeps.plan import Plan
from fmnist_core.sweeps.ranges import Range, Value
from fmnist_core.sweeps.search import hopeless, importances, suggest
from fmnist_core.sweeps.trial import Trial, TrialState, front, leaderboard

RECIPE = Recipe(layers=(Flatten(), Dense(units=10, activation="softmax")))
PLAN = Plan(
    RECIPE,
    {
        "learning_rate": Range(low=1e-4, high=1e-1, log=True),
        "batch_size": Range(low=8, high=64),
        "optimizer": Range(("adam", "sgd")),
    },
    trials=100,
)


def trial(
    number: int,
    *accuracies: float,
    state: TrialState = "finished",
    values: dict[str, Value] | None = None,
) -> Trial:
    values = values or {"learning_rate": 1e-3, "batch_size": 32, "optimizer": "adam"}
    return Trial(number, values, "", state, accuracies=accuracies)


def searched(plan: Plan, count: int) -> list[Trial]:
    """Trials as suggested, each as good as the logarithm of its learning rate is near -2."""
    trials: list[Trial] = []
    for number in range(1, count + 1):
        values = suggest(plan, trials)
        assert values is not None
        rate = values["learning_rate"]
        assert isinstance(rate, float)
        trials.append(trial(number, 1 - abs(math.log10(rate) + 2) / 10, values=values))
    return trials


def test_suggestions_lie_in_their_ranges_and_depend_on_plan_and_trials_alone() -> None:
    for method in ("random", "tpe"):
        plan = PLAN.changed(method=method)
        found = searched(plan, 12)
        for one in found:
            assert 1e-4 <= float(one.values["learning_rate"]) <= 1e-1
            assert isinstance(one.values["batch_size"], int)
            assert 8 <= one.values["batch_size"] <= 64
            assert one.values["optimizer"] in ("adam", "sgd")
        assert found == searched(plan, 12)
        assert len({str(one.values) for one in found}) == 12
        assert suggest(plan, found[:5]) == found[5].values
        assert suggest(plan.changed(seed=1), found[:5]) != found[5].values


def test_random_draws_do_not_depend_on_what_came_out() -> None:
    plan = PLAN.changed(method="random")
    found = searched(plan, 4)
    assert suggest(plan, [replace(one, accuracies=(), state="running") for one in found]) == (
        suggest(plan, found)
    )


def test_tpe_comes_to_look_where_it_was_good() -> None:
    def apart(trials: list[Trial]) -> float:
        return sum(1 - max(one.accuracies) for one in trials) / len(trials)

    later = searched(PLAN, 30)[15:]
    assert apart(later) < apart(searched(PLAN.changed(method="random"), 30)[15:]) * 0.7


def test_a_plan_has_an_end() -> None:
    grid = PLAN.changed(method="grid", ranges={"batch_size": Range((8, 16))})
    assert suggest(grid, []) == {"batch_size": 8}
    assert suggest(grid, [trial(1)]) == {"batch_size": 16}
    assert suggest(grid, [trial(1), trial(2)]) is None
    assert suggest(PLAN.changed(trials=2), [trial(1), trial(2)]) is None


def test_a_trial_is_hopeless_when_worse_than_half_of_the_others_after_as_many_epochs() -> None:
    others = [trial(n, 0.1 * n, 0.9) for n in range(1, 6)]  # after the first epoch 0.1 to 0.5
    assert hopeless(PLAN, others, trial(6, 0.29, state="running"))
    assert not hopeless(PLAN, others, trial(6, 0.31, state="running"))
    assert not hopeless(PLAN, others[:3], trial(6, 0.0, state="running"))
    assert not hopeless(PLAN, others, trial(6, state="running"))
    assert not hopeless(PLAN.changed(pruning=False), others, trial(6, 0.0, state="running"))
    lost = [replace(one, state="failed") for one in others]
    assert not hopeless(PLAN, lost, trial(6, 0.0, state="running"))


def test_a_small_sweep_prunes_sooner() -> None:
    others = [trial(number, 0.5, 0.9) for number in range(1, 5)]
    poor = trial(9, 0.4, state="running")
    for trials, needed in ((3, 1), (8, 2), (12, 3), (100, 4)):
        plan = PLAN.changed(trials=trials)
        assert hopeless(plan, others[:needed], poor), trials
        assert not hopeless(plan, others[: needed - 1], poor), trials


def test_eight_trials_say_what_mattered_and_seven_do_not() -> None:
    trials = searched(PLAN.changed(method="random"), 8)
    assert importances(PLAN, trials)
    assert importances(PLAN, trials[:7]) == {}
    assert importances(PLAN, [*trials[:7], replace(trials[7], state="stopped")]) == {}
    same = [replace(one, values={**one.values, "optimizer": "sgd"}) for one in trials]
    assert set(importances(PLAN, same)) == {"learning_rate", "batch_size"}


def test_what_mattered_is_found_and_sums_to_one() -> None:
    found = importances(PLAN, searched(PLAN.changed(method="random"), 60))
    assert abs(sum(found.values()) - 1) < 1e-6
    assert max(found, key=lambda key: found[key]) == "learning_rate"
    assert found["learning_rate"] > 0.6
    assert importances(PLAN, searched(PLAN, 7)) == {}
    same = [trial(n, 0.5) for n in range(20)]
    assert importances(PLAN, same) == {}


def test_the_leaderboard_has_what_trained_to_its_end_first() -> None:
    trials = [
        trial(1, 0.5, 0.7),
        trial(2, 0.9, state="pruned"),
        trial(3, 0.8, 0.6),
        trial(4, state="failed"),
        trial(5, 0.8),
    ]
    assert [one.number for one in leaderboard(trials)] == [3, 5, 1, 2, 4]
    assert trials[2].accuracy == 0.8


def test_on_the_front_nothing_costs_less_and_is_as_good() -> None:
    assert front([3, 1, 2, 2, 9], [0.9, 0.5, 0.4, 0.7, 0.9]) == [1, 3, 0]
    assert front([1, 1], [0.5, 0.6]) == [1]
    assert front([], []) == []
