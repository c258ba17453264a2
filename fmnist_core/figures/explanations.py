"""Charts of explanations, as ECharts options: deletion, insertion, the way to another answer."""

from collections.abc import Mapping, Sequence

import numpy as np

from fmnist_core.data.fashion_mnist import CLASS_NAMES
from fmnist_core.explanations.checks import Curves
from fmnist_core.explanations.counterfactual import Change
from fmnist_core.figures.colors import BEST, CLASS_COLORS, NEUTRAL, TRAINING, VALIDATION
from fmnist_core.figures.echarts import Option, axis, chart, upright
from fmnist_core.translation import mark, say

HEIGHT = 280
_METHOD_COLORS = (TRAINING, VALIDATION, BEST, NEUTRAL)
# A class that never gets this probable on the way is not drawn.
_SEEN = 0.03


def _in_percent(x: str, y: str, most: float, series: Sequence[Option]) -> Option:
    """Return per cent against per cent, x up to `most`."""
    return chart(
        axis(x, 28, min=0, max=most),
        axis(y, 38, lines=True, min=0, max=100),
        series,
        top=56,
        legend={"top": 0, "left": 0, "type": "plain"},
        tooltip={"trigger": "axis"},
    )


def _line(name: str, x: np.ndarray, y: np.ndarray, style: Option, color: str) -> Option:
    """Return a line through shares `y`, 0 to 1."""
    points = zip(x, y, strict=True)
    return {
        "type": "line",
        "name": name,
        "symbol": "none",
        "data": [[round(float(at), 1), round(100 * float(share), 2)] for at, share in points],
        "lineStyle": style,
        "itemStyle": {"color": color},
    }


def faithfulness_curves(curves: Mapping[str, Curves], which: str, label: int) -> Option:
    """Return the `deletion` or `insertion` curves of several methods by title, in per cent.

    The last one, a random order, is dashed and grey.
    """
    pixels = mark("pixels taken away (%)") if which == "deletion" else mark("pixels brought in (%)")
    *_, last = curves
    series = [
        _line(
            name,
            100 * found.share,
            getattr(found, which),
            {"width": 2, "type": "dashed" if name == last else "solid"},
            NEUTRAL if name == last else color,
        )
        for color, (name, found) in zip(_METHOD_COLORS, curves.items(), strict=False)
    ]
    probability = say("probability of {name} (%)", name=say(CLASS_NAMES[label]))
    return _in_percent(say(pixels), probability, 100, series)


def way(change: Change, shown: int) -> Option:
    """Return the probabilities along a change in per cent, with a line where the slider is.

    `shown` is the stage, 0 to 100; where the answer flips is 100 % of the change.
    """
    whole = change.flips or len(change.images) - 1
    amounts = 100 * np.arange(len(change.answers)) / whole
    seen = [i for i in range(len(CLASS_NAMES)) if change.answers[:, i].max() >= _SEEN]
    series = [
        _line(say(CLASS_NAMES[i]), amounts, change.answers[:, i], {"width": 2.5}, CLASS_COLORS[i])
        for i in seen
    ]
    series[0]["markLine"] = upright(round(float(amounts[shown]), 1), NEUTRAL, "solid", 2)
    most = round(float(amounts[-1]))
    return _in_percent(say("amount of the change (%)"), say("probability (%)"), most, series)
