"""What all ECharts options here share: a chart's frame, its axes, and what a click on it says."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from fmnist_core.figures.colors import GRID

Option = dict[str, Any]

# A line breaks at a value that is no number.
GAP = ["-", "-"]


def chart(x: Option, y: Option, series: Sequence[Option], *, top: int = 16, **more: Any) -> Option:  # noqa: ANN401
    """Return a chart with `top` pixels above it, for a legend; `more` are ECharts' own options.

    Streamlit adds the room that the tick labels take; the grid leaves room for the axis titles.
    """
    return {
        "animation": False,
        "grid": {"left": 28, "right": 20, "top": top, "bottom": 28},
        "legend": {"top": 0, "left": 0, "show": top > 16},
        "tooltip": {"formatter": "{b}"},
        "xAxis": x,
        "yAxis": y,
        "series": list(series),
    } | more


def band(
    x: Sequence[float], low: Sequence[float], high: Sequence[float], color: str, name: str
) -> list[Option]:
    """Return the two series of a shaded band from `low` to `high`; its name must be its own."""
    edge = {
        "type": "line",
        "symbol": "none",
        "silent": True,
        "stack": name,
        "stackStrategy": "all",
        "lineStyle": {"opacity": 0},
        "tooltip": {"show": False},
    }
    heights = [top - bottom for bottom, top in zip(low, high, strict=True)]
    return [
        {**edge, "data": [[at, round(one, 3)] for at, one in zip(x, low, strict=True)]},
        {
            **edge,
            "data": [[at, round(one, 3)] for at, one in zip(x, heights, strict=True)],
            "areaStyle": {"color": color, "opacity": 0.25},
        },
    ]


def axis(name: str, gap: int, *, lines: bool = False, **more: Any) -> Option:  # noqa: ANN401
    """Return an axis with its name in the middle, `gap` pixels away; `lines` cross the chart."""
    return {
        "type": "value",
        "name": name,
        "nameLocation": "middle",
        "nameGap": gap,
        "splitLine": {"lineStyle": {"color": GRID}} if lines else {"show": False},
    } | more


def share_axis(name: str, low: float, high: float) -> Option:
    """Return a y axis in per cent that leaves room around `low` to `high`, shares 0 to 1."""
    step = 5 if high - low < 0.3 else 10
    bottom = max(0, int(100 * low) // step * step)
    top = min(100, -(-int(np.ceil(100 * high)) // step) * step)
    return axis(name, 38, lines=True, min=bottom, max=top)


def in_percent(share: float) -> float:
    """Return a share, 0 to 1, in per cent, with three digits behind the point."""
    return round(100 * float(share), 3)


def upright(at: float, color: str, kind: str, width: float = 1) -> Option:
    """Return the mark of an upright line at a place on the x axis."""
    return {
        "silent": True,
        "symbol": "none",
        "label": {"show": False},
        "lineStyle": {"type": kind, "color": color, "width": width},
        "data": [{"xAxis": at}],
    }


def whiskers(x: Sequence[float], intervals: Sequence[tuple[float, float]], color: str) -> Option:
    """Return upright lines from low to high (0 to 1) at each x, as one series in per cent."""
    data: list[list[float] | list[str]] = []
    for at, (low, high) in zip(x, intervals, strict=True):
        data += [[at, in_percent(low)], [at, in_percent(high)], GAP]
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


def clicked_point(event: Mapping[str, Any], count: int) -> int | None:
    """Return the number of the point of the first series that a selection names, or None.

    `event` comes from the browser and may be anything.
    """
    try:
        index = event["selection"]["selected"][0]["data_indices"][0]
    except (LookupError, TypeError):
        return None
    return index if isinstance(index, int) and 0 <= index < count else None
