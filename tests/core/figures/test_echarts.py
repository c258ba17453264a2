from typing import Any

import pytest

from fmnist_core.figures.echarts import axis, chart, clicked_point, in_percent, share_axis, whiskers
from fmnist_core.figures.training import _range


@pytest.mark.parametrize(
    ("low", "high", "ends"),
    [
        (0.812, 0.934, (80, 95)),
        (0.80, 0.95, (80, 95)),
        (0.62, 0.91, (60, 95)),
        (0.6, 0.9, (60, 90)),
        (0.55, 0.95, (50, 100)),
        (0.0, 1.0, (0, 100)),
    ],
)
def test_an_axis_of_shares_ends_at_round_per_cents(
    low: float, high: float, ends: tuple[int, int]
) -> None:
    found = share_axis("accuracy", low, high)
    assert (found["min"], found["max"]) == ends


@pytest.mark.parametrize(
    ("metric", "seen", "ends"),
    [
        ("loss", [], (0, 2.5)),
        ("accuracy", [], (0, 100)),
        ("accuracy", [81.0, 89.0], (80, 90)),
        ("accuracy", [99.81, 99.9], (99.8, 100)),
        ("accuracy", [50.0, 100.0], (50, 100)),
        ("accuracy", [10.0, 90.0], (0, 100)),
        ("loss", [0.21, 0.48], (0.2, 0.5)),
        ("loss", [0.3, 0.3], (0.3, 0.31)),
        ("loss", [0.0, 2.3], (0, 3)),
        ("loss", [0.1, 0.9], (0, 1)),
    ],
)
def test_the_axis_of_a_curve_ends_at_round_numbers_around_it(
    metric: Any,  # noqa: ANN401 - a literal
    seen: list[float],
    ends: tuple[float, float],
) -> None:
    assert _range(metric, seen) == ends


def test_whiskers_are_separate_lines_in_per_cent() -> None:
    found = whiskers([1, 2], [(0.1, 0.25), (0.5, 0.77777)], "red")
    assert found["data"] == [[1, 10], [1, 25], ["-", "-"], [2, 50], [2, 77.777], ["-", "-"]]
    assert in_percent(1 / 3) == 33.333


def test_a_legend_is_shown_where_there_is_room_for_it() -> None:
    x, y = axis("epoch", 28), axis("loss", 40, lines=True)
    assert not chart(x, y, [])["legend"]["show"]
    assert chart(x, y, [], top=17)["legend"]["show"]
    assert chart(x, y, [], animation=True)["animation"]
    assert (x["splitLine"].get("show"), y["splitLine"].get("show")) == (False, None)


@pytest.mark.parametrize(
    ("indices", "found"), [([0], 0), ([2], 2), ([3], None), ([-1], None), (["1"], None), ([], None)]
)
def test_a_click_names_a_point_that_exists(indices: list[Any], found: int | None) -> None:
    assert clicked_point({"selection": {"selected": [{"data_indices": indices}]}}, 3) == found
    assert clicked_point({"selection": None}, 3) is None
