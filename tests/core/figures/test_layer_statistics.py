import numpy as np

from fmnist_core.figures.layer_statistics import by_layer
from fmnist_core.runs.layer_statistics import nothing


def test_every_layer_is_a_line_from_blue_to_orange_on_a_logarithmic_axis() -> None:
    found = nothing(("1 Conv2D", "2 Dense"), 256)
    found = found.extended(1, np.array([0.5, 0.25]), np.array([0.0, np.nan]))
    chart = by_layer(found, found.weights, "weights")
    assert chart["yAxis"]["type"] == "log"
    assert [line["data"] for line in chart["series"]] == [[[1, 0.5]], [[1, 0.25]]]
    assert [line["itemStyle"]["color"] for line in chart["series"]] == ["#3b82d0", "#e07b1a"]
    # A logarithmic axis has neither zero nor what is no number.
    lines = by_layer(found, found.gradients, "gradients")["series"]
    assert [line["data"] for line in lines] == [[[1, 1e-9]], []]
