"""Charts of explanations, as ECharts options: deletion, insertion, the way to another answer."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from fmnist_core.data.fashion_mnist import CLASS_NAMES
from fmnist_core.explanations.checks import Curves
from fmnist_core.explanations.counterfactual import Change
from fmnist_core.figures.colors import BEST, CLASS_COLORS, NEUTRAL, TRAINING, VALIDATION
from fmnist_core.figures.style import GRID

Option = dict[str, Any]

HEIGHT = 280
_METHOD_COLORS = (TRAINING, VALIDATION, BEST, NEUTRAL)
# A class that never gets this probable on the way is not drawn.
_SEEN = 0.03


def _axes(x: str, y: str, most: float) -> Option:
    axis = {"type": "value", "min": 0, "nameLocation": "middle"}
    return {
        "animation": False,
        "grid": {"left": 28, "right": 20, "top": 56, "bottom": 28},
        "legend": {"top": 0, "left": 0, "type": "plain"},
        "tooltip": {"trigger": "axis"},
        "xAxis": axis | {"name": x, "nameGap": 28, "max": most, "splitLine": {"show": False}},
        "yAxis": axis
        | {"name": y, "nameGap": 38, "max": 100, "splitLine": {"lineStyle": {"color": GRID}}},
    }


def faithfulness_curves(curves: Mapping[str, Curves], which: str, label: int) -> Option:
    """Return the `deletion` or `insertion` curves of several methods by title, in per cent.

    The last one, a random order, is dashed and grey.
    """
    verb = "taken away" if which == "deletion" else "brought in"
    names = list(curves)
    return {
        **_axes(f"pixels {verb} (%)", f"probability of {CLASS_NAMES[label]} (%)", 100),
        "series": [
            {
                "type": "line",
                "name": name,
                "symbol": "none",
                "data": [
                    [round(100 * float(x), 1), round(100 * float(y), 2)]
                    for x, y in zip(found.share, getattr(found, which), strict=True)
                ],
                "lineStyle": {"width": 2, "type": "dashed" if name == names[-1] else "solid"},
                "itemStyle": {"color": NEUTRAL if name == names[-1] else color},
            }
            for color, (name, found) in zip(_METHOD_COLORS, curves.items(), strict=False)
        ],
    }


def way(change: Change, shown: int) -> Option:
    """Return the probabilities along a change in per cent, with a line where the slider is.

    `shown` is the stage, 0 to 100; where the answer flips is 100 % of the change.
    """
    whole = change.flips or len(change.images) - 1
    amounts = 100 * np.arange(len(change.answers)) / whole
    seen = [i for i in range(len(CLASS_NAMES)) if change.answers[:, i].max() >= _SEEN]
    option = _axes("amount of the change (%)", "probability (%)", round(float(amounts[-1])))
    option["series"] = [
        {
            "type": "line",
            "name": CLASS_NAMES[i],
            "symbol": "none",
            "data": [
                [round(float(x), 1), round(100 * float(y), 2)]
                for x, y in zip(amounts, change.answers[:, i], strict=True)
            ],
            "lineStyle": {"width": 2.5},
            "itemStyle": {"color": CLASS_COLORS[i]},
        }
        for i in seen
    ]
    option["series"][0]["markLine"] = {
        "symbol": "none",
        "silent": True,
        "label": {"show": False},
        "lineStyle": {"color": NEUTRAL, "width": 2, "type": "solid"},
        "data": [{"xAxis": round(float(amounts[shown]), 1)}],
    }
    return option
