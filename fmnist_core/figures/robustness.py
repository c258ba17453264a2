"""Charts of what breaks a model, as ECharts options: by severity, and by an attack's strength."""

from collections.abc import Sequence
from typing import NamedTuple

from fmnist_core.figures.colors import NEUTRAL
from fmnist_core.figures.echarts import Option, axis, chart, share_axis, upright, whiskers
from fmnist_core.figures.training import OVERLAY_COLORS, SYMBOLS
from fmnist_core.translation import say

HEIGHT = 360
# Intervals of different models stand beside each other, not on top.
_DODGE = 0.05


class Line(NamedTuple):
    """One line of a chart: its name, its shares (0 to 1), and their intervals where there are."""

    name: str
    shares: tuple[float, ...]
    intervals: tuple[tuple[float, float], ...] = ()


def severity_chart(lines: Sequence[Line]) -> Option:
    """Return accuracy against severity 0 to 5, a line for each model with its intervals."""
    series: list[Option] = []
    every = [end for line in lines for interval in line.intervals for end in interval]
    for number, line in enumerate(lines):
        color = OVERLAY_COLORS[number % len(OVERLAY_COLORS)]
        offset = (number - (len(lines) - 1) / 2) * _DODGE
        x = [severity + offset for severity in range(len(line.shares))]
        points = [
            {
                "name": say(
                    "{name}, severity {severity}: {share:.1%} right, 95 % interval {low:.1%} to "
                    "{high:.1%}",
                    name=line.name,
                    severity=severity,
                    share=share,
                    low=low,
                    high=high,
                ),
                "value": [round(at, 3), round(100 * float(share), 2)],
            }
            for severity, (at, share, (low, high)) in enumerate(
                zip(x, line.shares, line.intervals, strict=True)
            )
        ]
        series += [
            {
                "type": "line",
                "name": line.name,
                "data": points,
                "symbol": SYMBOLS[number % len(SYMBOLS)],
                "symbolSize": 8,
                "lineStyle": {"width": 2.2},
                "itemStyle": {"color": color},
                "z": 4,
            },
            whiskers(x, line.intervals, color),
        ]
    return chart(
        axis(
            say("severity (0 is unchanged)"),
            28,
            # Room for the points beside 0 and 5, without numbers of its own.
            min=-0.25,
            max=5.25,
            axisLabel={"customValues": [0, 1, 2, 3, 4, 5]},
            axisTick={"customValues": [0, 1, 2, 3, 4, 5]},
        ),
        share_axis(say("accuracy (%)"), min(every, default=0), max(every, default=1)),
        series,
        top=44,
        legend={"top": 0, "left": 0, "data": [line.name for line in lines]},
    )


def attack_chart(
    lines: Sequence[Line], strengths: Sequence[int], chosen: int, measure: str
) -> Option:
    """Return a probability against the strengths, all evenly spaced; the one `chosen` is marked."""
    series = [
        {
            "type": "line",
            "name": line.name,
            "data": [round(100 * float(share), 2) for share in line.shares],
            "symbol": SYMBOLS[number % len(SYMBOLS)],
            "symbolSize": 7,
            "lineStyle": {"width": 2.2},
            "itemStyle": {"color": OVERLAY_COLORS[number % len(OVERLAY_COLORS)]},
        }
        for number, line in enumerate(lines)
    ]
    series[0]["markLine"] = upright(chosen, NEUTRAL, "dashed")
    names = [str(strength) for strength in strengths]
    return chart(
        axis(say("ε in grey levels of 255"), 28, type="category", data=names, boundaryGap=False),
        axis(measure, 38, lines=True, min=0, max=100),
        series,
        top=44,
        tooltip={"trigger": "axis", "valueFormatter": "%.1f %%"},
    )
