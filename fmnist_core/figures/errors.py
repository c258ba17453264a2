"""Charts of the errors page, as ECharts options: slices, and accuracy against coverage."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from fmnist_core.evaluation.selective import CoverageCurve, Refusal
from fmnist_core.evaluation.slices import Slice
from fmnist_core.figures.colors import NEUTRAL, TRAINING, VALIDATION
from fmnist_core.figures.style import GRID

Option = dict[str, Any]

HEIGHT = 340
# More points than pixels would only travel.
MOST_POINTS = 400
# A line breaks at a value that is no number.
GAP = ["-", "-"]


def whiskers(x: Sequence[float], intervals: Sequence[tuple[float, float]], color: str) -> Option:
    """Return upright lines from low to high (0 to 1) at each x, as one series in per cent."""
    data: list[list[float] | list[str]] = []
    for at, (low, high) in zip(x, intervals, strict=True):
        data += [[at, _percent(low)], [at, _percent(high)], GAP]
    return {
        "type": "line",
        "data": data,
        "symbol": "rect",
        "symbolSize": [7, 2],
        "lineStyle": {"width": 1.5, "color": color, "opacity": 0.8},
        "itemStyle": {"color": color},
        "tooltip": {"show": False},
        "silent": True,
    }


def _percent(share: float) -> float:
    return round(100 * float(share), 3)


def share_axis(name: str, low: float, high: float) -> Option:
    """Return a y axis in per cent that leaves room around `low` to `high`, shares 0 to 1."""
    step = 5 if high - low < 0.3 else 10
    return {
        "type": "value",
        "name": name,
        "nameLocation": "middle",
        "nameGap": 38,
        "min": max(0, int(100 * low) // step * step),
        "max": min(100, -(-int(np.ceil(100 * high)) // step) * step),
        "splitLine": {"lineStyle": {"color": GRID}},
    }


def slice_chart(
    parts: Sequence[Slice], names: Sequence[str], mean: float, selected: int, axis: str
) -> Option:
    """Return accuracy with its interval for each slice, named on the x axis, and `mean` dashed.

    The slice `selected` is filled; `axis` is the measure with its unit. A click on a point gives
    its number; see `clicked_point`.
    """
    low = min([part.interval[0] for part in parts] + [mean])
    high = max([part.interval[1] for part in parts] + [mean])
    points = [
        {
            "name": f"{axis} {name}: {part.correct:,} of {part.count:,} right "
            f"({part.accuracy:.1%}, interval {part.interval[0]:.1%} to {part.interval[1]:.1%})",
            "value": [number, _percent(part.accuracy)],
            "symbolSize": 19 if number == selected else 13,
            "itemStyle": {"color": VALIDATION if number == selected else TRAINING},
        }
        for number, (part, name) in enumerate(zip(parts, names, strict=True))
    ]
    return {
        "animation": False,
        "grid": {"left": 24, "right": 16, "top": 16, "bottom": 26},
        "tooltip": {"formatter": "{b}"},
        "xAxis": {
            "type": "category",
            "data": list(names),
            "name": axis,
            "nameLocation": "middle",
            "nameGap": 34,
            "axisTick": {"show": False},
            "axisLabel": {"hideOverlap": True, "fontSize": 11},
        },
        "yAxis": share_axis("accuracy (%)", low, high),
        "series": [
            {
                "type": "scatter",
                "name": "accuracy",
                "data": points,
                "selectedMode": "single",
                "z": 4,
                "markLine": {
                    "silent": True,
                    "symbol": "none",
                    "lineStyle": {"type": "dashed", "color": NEUTRAL},
                    "label": {"formatter": "all", "position": "insideEndTop", "color": NEUTRAL},
                    "data": [{"yAxis": _percent(mean)}],
                },
            },
            whiskers(range(len(parts)), [part.interval for part in parts], TRAINING),
        ],
    }


def clicked_point(event: Mapping[str, Any], count: int) -> int | None:
    """Return the number of the point of the first series that a selection names, or None.

    `event` comes from the browser and may be anything.
    """
    try:
        index = event["selection"]["selected"][0]["data_indices"][0]
    except (LookupError, TypeError):
        return None
    return index if isinstance(index, int) and 0 <= index < count else None


def coverage_chart(curve: CoverageCurve, chosen: Refusal) -> Option:
    """Return accuracy against the share of images answered; `chosen` is marked by a ring."""
    kept = np.unique(np.linspace(0, len(curve.coverage) - 1, MOST_POINTS).astype(int))
    # The first few answers would make the line jump from 0 to 100 %.
    kept = kept[curve.coverage[kept] >= 0.02]
    if not len(kept):
        kept = np.array([len(curve.coverage) - 1])
    line = [[_percent(curve.coverage[index]), _percent(curve.accuracy[index])] for index in kept]
    ring = []
    if chosen.answered:
        ring = [[_percent(chosen.coverage), _percent(chosen.accuracy)]]
    return {
        "animation": False,
        "grid": {"left": 24, "right": 20, "top": 16, "bottom": 26},
        "tooltip": {
            "trigger": "axis",
            "formatter": "Answers {@[0]} % of the images, {@[1]} % of these right",
        },
        "xAxis": {
            "type": "value",
            "name": "share of the images answered (%)",
            "nameLocation": "middle",
            "nameGap": 28,
            "min": 0,
            "max": 100,
            "splitLine": {"show": False},
        },
        "yAxis": share_axis("right among these (%)", float(curve.accuracy[kept].min()), 1.0),
        "series": [
            {
                "type": "line",
                "name": "accuracy",
                "data": line,
                "symbol": "none",
                "lineStyle": {"width": 2.2},
                "itemStyle": {"color": TRAINING},
            },
            {
                "type": "scatter",
                "name": "chosen threshold",
                "data": ring,
                "symbolSize": 16,
                "itemStyle": {"color": "transparent", "borderColor": VALIDATION, "borderWidth": 3},
                "tooltip": {"show": False},
                "silent": True,
                "z": 5,
            },
        ],
    }
