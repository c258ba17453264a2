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
