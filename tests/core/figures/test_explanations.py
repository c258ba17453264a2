import numpy as np

from fmnist_core.explanations.checks import Curves
from fmnist_core.explanations.counterfactual import Change
from fmnist_core.figures.colors import NEUTRAL
from fmnist_core.figures.explanations import faithfulness_curves, way

SHARE = np.array([0, 0.5, 1], np.float32)


def test_the_random_order_is_dashed_and_grey_and_the_last() -> None:
    falls = Curves(SHARE, np.array([0.9, 0.2, 0.1]), np.array([0.1, 0.3, 0.9]))
    found = faithfulness_curves({"Grad-CAM": falls, "by chance": falls}, "insertion", 8)
    method, chance = found["series"]
    assert (method["lineStyle"]["type"], chance["lineStyle"]["type"]) == ("solid", "dashed")
    assert chance["itemStyle"]["color"] == NEUTRAL != method["itemStyle"]["color"]
    assert method["data"] == [[0, 10], [50, 30], [100, 90]]
    assert found["xAxis"]["name"] == "pixels brought in (%)"
    assert found["yAxis"]["name"] == "probability of Bag (%)"
    assert (found["xAxis"]["max"], found["yAxis"]["max"]) == (100, 100)
    taken = faithfulness_curves({"by chance": falls}, "deletion", 8)
    assert taken["series"][0]["data"] == [[0, 90], [50, 20], [100, 10]]
    assert taken["xAxis"]["name"] == "pixels taken away (%)"


def change(flips: int | None) -> Change:
    answers = np.zeros((5, 10), np.float32)
    answers[:, 4] = [1, 0.8, 0.6, 0.4, 0.3]
    answers[:, 2] = 0.97 - answers[:, 4]
    answers[:, 0], answers[:, 1] = 0.03, 0.0299
    return Change(np.zeros((5, 28, 28), np.uint8), answers, flips)


def test_the_answer_flips_at_a_hundred_per_cent_of_the_change() -> None:
    found = way(change(2), 3)
    assert [line["name"] for line in found["series"]] == ["T-shirt/top", "Pullover", "Coat"]
    assert [point[0] for point in found["series"][0]["data"]] == [0, 50, 100, 150, 200]
    assert found["series"][2]["data"][1] == [50, 80]
    assert found["series"][0]["markLine"]["data"] == [{"xAxis": 150}]
    assert found["xAxis"]["max"] == 200


def test_without_a_flip_the_end_is_all_of_the_change() -> None:
    found = way(change(None), 1)
    assert [point[0] for point in found["series"][0]["data"]] == [0, 25, 50, 75, 100]
    assert found["series"][0]["markLine"]["data"] == [{"xAxis": 25}]
