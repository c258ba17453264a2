import pytest
from scipy import stats

from fmnist_core.sweeps.seeds import accuracies, band, compare, spread
from fmnist_core.sweeps.trial import Trial


def trials(*values: float) -> list[Trial]:
    return [
        Trial(seed + 1, {"seed": seed}, "", "finished", accuracies=(value - 0.1, value))
        for seed, value in enumerate(values)
    ]


def test_mean_and_interval_are_students() -> None:
    found = spread([0.9, 0.92, 0.94])
    assert found is not None
    assert found.mean == pytest.approx(0.92)
    assert found.deviation == pytest.approx(0.02)
    # The 97.5 % quantile of t with two degrees of freedom is 4.3027.
    assert found.interval == pytest.approx((0.92 - 0.0496828, 0.92 + 0.0496828), abs=1e-6)
    one = spread([0.9])
    assert one is not None
    assert (one.mean, one.interval) == (0.9, None)
    assert spread([]) is None


def test_two_recipes_are_compared_seed_by_seed() -> None:
    first, second = trials(0.90, 0.93, 0.91, 0.95), trials(0.912, 0.941, 0.921, 0.961)
    found = compare(accuracies(first), accuracies(second))
    assert found is not None
    assert found.difference == pytest.approx(0.01125)
    expected = stats.ttest_rel([0.912, 0.941, 0.921, 0.961], [0.90, 0.93, 0.91, 0.95])
    assert found.p_value == pytest.approx(expected.pvalue)
    assert found.p_value < 0.001
    low, high = found.interval
    assert low < 0.01125 < high
    assert found.verdict == "The second is better by 1.12 points; 4 seeds show it is hardly chance."
    back = compare(accuracies(second), accuracies(first))
    assert back is not None
    assert back.verdict.startswith("The first is better by 1.12 points")


def test_what_may_be_chance_is_called_so() -> None:
    first, second = trials(0.90, 0.93, 0.91, 0.95, 0.92), trials(0.92, 0.90, 0.93, 0.94, 0.93)
    found = compare(accuracies(first), accuracies(second))
    assert found is not None
    assert found.verdict == ("No difference shown with 5 seeds: 0.20 points may well be chance.")


def test_equal_results_are_no_difference_and_few_seeds_say_nothing() -> None:
    same = accuracies(trials(0.9, 0.91, 0.92))
    found = compare(same, same)
    assert found is not None
    assert (found.difference, found.p_value) == (0, 1)
    assert compare(same, {0: 0.9, 1: 0.9}) is None
    assert compare(same, {7: 0.9, 8: 0.9, 9: 0.9}) is None


def test_only_trials_that_trained_to_their_end_count() -> None:
    lost = Trial(9, {"seed": 9}, "", "pruned", accuracies=(0.5,))
    assert accuracies([*trials(0.9), lost]) == {0: 0.9}


def test_the_band_goes_as_far_as_two_curves_do() -> None:
    curves = [
        Trial(1, {"seed": 0}, accuracies=(0.5, 0.7, 0.9)),
        Trial(2, {"seed": 1}, accuracies=(0.6, 0.8)),
        Trial(3, {"seed": 2}, accuracies=()),
    ]
    found = band(curves)
    assert found.epochs == [1, 2]
    assert found.mean == pytest.approx([0.55, 0.75])
    assert (found.low, found.high) == ([0.5, 0.7], [0.6, 0.8])
    assert band(curves[:1]).epochs == []


def test_three_seeds_can_be_compared_and_a_constant_difference_is_no_chance() -> None:
    first = {0: 0.5, 1: 0.75, 2: 0.25}
    found = compare(first, {seed: value + 0.125 for seed, value in first.items()})
    assert found is not None
    assert (found.seeds, found.difference, found.p_value) == (3, 0.125, 0.0)
    assert found.interval == (0.125, 0.125)
    assert (
        found.verdict == "The second is better by 12.50 points; 3 seeds show it is hardly chance."
    )


def test_two_values_have_an_interval() -> None:
    found = spread([0.5, 0.7])
    assert found is not None
    assert found.count == 2
    # The 97.5 % quantile of t with one degree of freedom is 12.706.
    assert found.interval == pytest.approx((0.6 - 1.2706, 0.6 + 1.2706), abs=1e-4)
    one = spread([0.9])
    assert one is not None
    assert (one.count, one.deviation) == (1, 0.0)
