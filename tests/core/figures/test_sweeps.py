import numpy as np

from fmnist_core.figures import sweeps
from fmnist_core.sweeps.ranges import Range
from fmnist_core.sweeps.seeds import band
from fmnist_core.sweeps.trial import Trial

TRIALS = [
    Trial(1, {"learning_rate": 0.01, "optimizer": "sgd"}, "", "finished", "", (0.5, 0.7), 100),
    Trial(2, {"learning_rate": 0.1, "optimizer": "adam"}, "", "finished", "", (0.6, 0.9), 2000),
    Trial(3, {"learning_rate": 0.5, "optimizer": "adam"}, "", "finished", "", (0.6, 0.8), 3000),
    Trial(4, {"learning_rate": 0.2, "optimizer": "sgd"}, "", "failed"),
]
RATES = Range(low=0.001, high=1, log=True)
OPTIMIZERS = Range(("adam", "sgd"))


def test_the_best_trials_curve_stands_out() -> None:
    widths = [line["lineStyle"]["width"] for line in sweeps.curves(TRIALS, 2)["series"]]
    assert widths == [1.2, 2.5, 1.2, 1.2]


def test_parallel_coordinates_have_an_axis_each_and_the_accuracy_last() -> None:
    found = sweeps.parallel(TRIALS, {"learning_rate": RATES, "optimizer": OPTIMIZERS})
    axes = found["parallelAxis"]
    assert [one["name"] for one in axes] == ["learning rate", "optimizer", "accuracy (%)"]
    assert (axes[0]["type"], axes[0]["min"], axes[0]["max"]) == ("log", 0.001, 1)
    assert axes[1]["data"] == ["adam", "sgd"]
    assert found["series"][0]["data"][:2] == [[0.01, "sgd", 70.0], [0.1, "adam", 90.0]]
    assert len(found["series"][0]["data"]) == 3
    assert (found["visualMap"]["min"], found["visualMap"]["max"]) == (70.0, 90.0)


def test_a_slice_has_each_trials_value_and_accuracy() -> None:
    found = sweeps.slices(TRIALS, "learning_rate", RATES)
    assert [one["value"] for one in found["series"][0]["data"]] == [
        [0.01, 70.0],
        [0.1, 90.0],
        [0.5, 80.0],
    ]
    assert sweeps.slices(TRIALS, "optimizer", OPTIMIZERS)["xAxis"]["data"] == ["adam", "sgd"]


def test_the_front_joins_what_nothing_beats() -> None:
    found = sweeps.pareto(TRIALS, lambda one: one.parameters, "parameters")
    assert found["series"][1]["data"] == [[100, 70.0], [2000, 90.0]]
    assert len(found["series"][0]["data"]) == 3
    assert found["xAxis"]["type"] == "log"


def test_the_largest_importance_is_on_top() -> None:
    found = sweeps.importance({"learning_rate": 0.7, "optimizer": 0.3})
    assert found["yAxis"]["data"] == ["optimizer", "learning rate"]
    assert found["series"][0]["data"] == [30.0, 70.0]


def test_the_band_lies_between_lowest_and_highest() -> None:
    found = sweeps.spread_over_seeds({"Mine": band(TRIALS)})
    low, height, mean = found["series"]
    assert low["data"] == [[1, 50.0], [2, 70.0]]
    assert height["data"] == [[1, 10.0], [2, 20.0]]
    assert mean["data"][1] == [2, 80.0]
    assert found["legend"]["data"] == ["Mine"]


def test_the_proposed_rate_is_marked() -> None:
    losses = np.array([2.3, 2.2, 1.0, 0.91, 9.0])
    found = sweeps.rate_curve(np.geomspace(1e-4, 1, 5), losses, 0.01)
    assert found["series"][1]["data"] == [[0.01, 0.9], [0.01, 2.5]]
    assert found["series"][1]["name"] == "proposed: 0.01"
    assert len(sweeps.rate_curve(np.geomspace(1e-4, 1, 5), losses, None)["series"]) == 1


def test_charts_of_nothing_yet_go_from_nothing_to_all() -> None:
    for option in (
        sweeps.curves([], None),
        sweeps.slices([], "learning_rate", RATES),
        sweeps.pareto([], lambda one: one.parameters, "parameters"),
        sweeps.spread_over_seeds({}),
    ):
        assert (option["yAxis"]["min"], option["yAxis"]["max"]) == (0, 100)
    assert sweeps.curves([], None)["xAxis"]["max"] == 2
    assert sweeps.parallel([], {"learning_rate": RATES})["series"][0]["data"] == []


def test_a_hopeless_trial_does_not_squash_the_others() -> None:
    many = [Trial(n, {}, "", "finished", "", (0.9,)) for n in range(1, 20)]
    option = sweeps.curves([*many, Trial(20, {}, "", "finished", "", (0.1,))], None)
    assert (option["yAxis"]["min"], option["yAxis"]["max"]) == (90, 90)


def test_a_single_epoch_is_a_dot_and_the_best_a_larger_one() -> None:
    trials = [Trial(1, {}, accuracies=(0.5,)), Trial(2, {}, accuracies=(0.5, 0.6, 0.7))]
    first, best = sweeps.curves(trials, 2)["series"]
    assert (first["symbol"], best["symbol"]) == ("circle", "circle")
    assert first["symbolSize"] < best["symbolSize"]
    assert first["lineStyle"]["opacity"] < best["lineStyle"]["opacity"] == 1
    assert sweeps.curves(trials, None)["series"][1]["symbol"] == "none"
    assert best["data"] == [[1, 50], [2, 60], [3, 70]]
    assert sweeps.curves(trials, 2)["xAxis"]["max"] == 3


def test_costs_of_more_than_tenfold_are_drawn_on_a_logarithmic_axis() -> None:
    def kind(*costs: float) -> str:
        trials = [Trial(n, {}, "", "finished", "", (0.5,)) for n in range(len(costs))]
        return str(sweeps.pareto(trials, lambda one: costs[one.number], "cost")["xAxis"]["type"])

    assert [kind(1, 10), kind(1, 11), kind(0, 100), kind(5)] == ["value", "log", "value", "value"]


def test_the_end_of_the_rate_axis_has_one_digit() -> None:
    assert [sweeps._round_up(one) for one in (0.0123, 0.02, 3.1, 9.5, 1.0)] == [
        0.02,
        0.02,
        4,
        10,
        1,
    ]


def test_an_axis_is_named_and_scaled_as_its_range() -> None:
    plain = Range(low=1, high=9)
    found = sweeps.slices(TRIALS, "learning_rate", plain)["xAxis"]
    assert (found["name"], found["type"], found["min"], found["max"]) == (
        "learning rate",
        "value",
        1,
        9,
    )
    axis = sweeps.parallel(TRIALS, {"learning_rate": plain})["parallelAxis"]
    assert (axis[0]["dim"], axis[0]["type"], axis[1]["dim"]) == (0, "value", 1)


def test_every_line_of_a_sweep_can_be_seen() -> None:
    shown = [*sweeps.curves(TRIALS, 2)["series"], *sweeps.parallel(TRIALS, {})["series"]]
    assert all(0.2 < line["lineStyle"]["opacity"] <= 1 for line in shown)
