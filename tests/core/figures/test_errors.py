import numpy as np

from fmnist_core.evaluation.selective import coverage_curve, refuse
from fmnist_core.evaluation.slices import slices
from fmnist_core.figures.echarts import clicked_point, whiskers
from fmnist_core.figures.errors import coverage_chart, slice_chart


def test_whiskers_break_between_points() -> None:
    line = whiskers([0, 1], [(0.5, 0.75), (0, 1)], "#000000")
    assert line["data"] == [[0, 50], [0, 75], ["-", "-"], [1, 0], [1, 100], ["-", "-"]]


def test_a_slice_says_its_counts_and_the_chosen_one_is_larger() -> None:
    parts = slices(np.arange(4.0), np.array([1, 1, 1, 0], bool), 2).slices
    option = slice_chart(parts, ["0 – 1", "2 – 3"], 0.75, 1, "ink")
    first, second = option["series"][0]["data"]
    assert first["value"] == [0, 100]
    assert "1 of 2 right (50.0%" in second["name"]
    assert second["symbolSize"] > first["symbolSize"]


def test_a_click_from_the_browser_may_be_anything() -> None:
    event = {"selection": {"selected": [{"data_indices": [1]}]}}
    assert clicked_point(event, 2) == 1
    assert clicked_point(event, 1) is None
    assert clicked_point({"selection": {"selected": [{"data_indices": ["1"]}]}}, 2) is None
    assert clicked_point({"selection": []}, 2) is None


def test_the_coverage_chart_rings_the_threshold_and_stays_small() -> None:
    confidence = np.linspace(0, 1, 2000)
    right = confidence > 0.5
    option = coverage_chart(coverage_curve(confidence, right), refuse(confidence, right, 0.5))
    line, ring = (series["data"] for series in option["series"])
    assert len(line) <= 400
    assert line[-1] == [100, 50, "100", "50"]
    assert ring == [[50, 100]]


def test_the_curve_begins_at_two_per_cent_of_the_images() -> None:
    confidence = np.linspace(1, 0, 100)
    right = np.ones(100, bool)
    option = coverage_chart(coverage_curve(confidence, right), refuse(confidence, right, 2.0))
    line, ring = (series["data"] for series in option["series"])
    assert line[0] == [2, 100, "2", "100"]
    assert ring == []  # nothing is answered
    one = np.full(100, 0.5)
    assert coverage_chart(coverage_curve(one, right), refuse(one, right, 0.0))["series"][0][
        "data"
    ] == [[100, 100, "100", "100"]]


def test_the_mean_lies_on_the_axis_of_slices() -> None:
    parts = slices(np.arange(4.0), np.array([1, 1, 1, 1], bool), 2).slices
    option = slice_chart(parts, ["0 – 1", "2 – 3"], 0.12, 0, "ink")
    assert option["yAxis"]["min"] <= 12 <= option["yAxis"]["max"]
    assert option["series"][0]["markLine"]["data"] == [{"yAxis": 12}]
    colors = [point["itemStyle"]["color"] for point in option["series"][0]["data"]]
    assert colors[0] != colors[1]
