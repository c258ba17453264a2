"""Charts of the errors page, as ECharts options: slices, and accuracy against coverage."""

from collections.abc import Sequence

import numpy as np

from fmnist_core.evaluation.selective import CoverageCurve, Refusal
from fmnist_core.evaluation.slices import Slice
from fmnist_core.figures.colors import NEUTRAL, TRAINING, VALIDATION
from fmnist_core.figures.echarts import Option, axis, chart, in_percent, share_axis, whiskers
from fmnist_core.translation import digits, say

HEIGHT = 340
# More points than pixels would only travel.
MOST_POINTS = 400


def slice_chart(
    parts: Sequence[Slice], names: Sequence[str], mean: float, selected: int, measure: str
) -> Option:
    """Return accuracy with its interval for each slice, named on the x axis, and `mean` dashed.

    The slice `selected` is filled; `measure` has its unit. A click on a point gives
    its number; see `echarts.clicked_point`.
    """
    low = min([part.interval[0] for part in parts] + [mean])
    high = max([part.interval[1] for part in parts] + [mean])
    points = [
        {
            "name": say(
                "{measure} {name}: {correct:,} of {count:,} right ({accuracy:.1%}, interval "
                "{low:.1%} to {high:.1%})",
                measure=measure,
                name=name,
                correct=part.correct,
                count=part.count,
                accuracy=part.accuracy,
                low=part.interval[0],
                high=part.interval[1],
            ),
            "value": [number, in_percent(part.accuracy)],
            "symbolSize": 19 if number == selected else 13,
            "itemStyle": {"color": VALIDATION if number == selected else TRAINING},
        }
        for number, (part, name) in enumerate(zip(parts, names, strict=True))
    ]
    return chart(
        axis(
            measure,
            34,
            type="category",
            data=list(names),
            axisTick={"show": False},
            axisLabel={"hideOverlap": True, "fontSize": 11},
        ),
        share_axis(say("accuracy (%)"), low, high),
        [
            {
                "type": "scatter",
                "name": say("accuracy"),
                "data": points,
                "selectedMode": "single",
                "z": 4,
                "markLine": {
                    "silent": True,
                    "symbol": "none",
                    "lineStyle": {"type": "dashed", "color": NEUTRAL},
                    "label": {
                        "formatter": say("all"),
                        "position": "insideEndTop",
                        "color": NEUTRAL,
                    },
                    "data": [{"yAxis": in_percent(mean)}],
                },
            },
            whiskers(range(len(parts)), [part.interval for part in parts], TRAINING),
        ],
    )


def coverage_chart(curve: CoverageCurve, chosen: Refusal) -> Option:
    """Return accuracy against the share of images answered; `chosen` is marked by a ring."""
    kept = np.unique(np.linspace(0, len(curve.coverage) - 1, MOST_POINTS).astype(int))
    # The first few answers would make the line jump from 0 to 100 %.
    kept = kept[curve.coverage[kept] >= 0.02]
    if not len(kept):
        kept = np.array([len(curve.coverage) - 1])
    line = []
    for index in kept:
        point = in_percent(curve.coverage[index]), in_percent(curve.accuracy[index])
        # The tooltip writes what it finds; only we know the reader's decimal sign.
        line.append([*point, *(digits(value, ".6g") for value in point)])
    ring = []
    if chosen.answered:
        ring = [[in_percent(chosen.coverage), in_percent(chosen.accuracy)]]
    return chart(
        axis(say("share of the images answered (%)"), 28, min=0, max=100),
        share_axis(say("right among these (%)"), float(curve.accuracy[kept].min()), 1.0),
        [
            {
                "type": "line",
                "name": say("accuracy"),
                "data": line,
                "symbol": "none",
                "lineStyle": {"width": 2.2},
                "itemStyle": {"color": TRAINING},
            },
            {
                "type": "scatter",
                "name": say("chosen threshold"),
                "data": ring,
                "symbolSize": 16,
                "itemStyle": {"color": "transparent", "borderColor": VALIDATION, "borderWidth": 3},
                "tooltip": {"show": False},
                "silent": True,
                "z": 5,
            },
        ],
        tooltip={
            "trigger": "axis",
            # Without values: these braces are for ECharts.
            "formatter": say("Answers {@[2]} % of the images, {@[3]} % of these right"),
        },
    )
