"""Charts of how a model does, as ECharts options: confusion matrix and reliability diagram."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from fmnist_core.data.fashion_mnist import CLASS_NAMES
from fmnist_core.evaluation.metrics import Calibration
from fmnist_core.figures.colors import TRAINING, VALIDATION, text_on
from fmnist_core.figures.echarts import Option, axis, chart, clicked_point
from fmnist_core.translation import mark, say, say_count

Cell = tuple[int, int]

HEIGHT = 470
# Every cell is solid, so that its count reads on it whatever the page. Strong ones are the same on
# every page, faint ones near the light or the dark page's own colour.
_RIGHT = ("#3f77b9", "#3a72b6", "#326bb1", "#2a65ad", "#1d5aa6")
_WRONG = ("#b26013", "#aa5710", "#a3500b", "#a04a06", "#983f00")
_RARE_LIGHT = ("#faf3eb", "#f8e9db", "#f6e0cb")
_RARE_DARK = ("#221d1a", "#30241a", "#3f2b1a")
# An error is strong from this share of its class on; from the second share on, it is darkest.
_STRONG, _DARKEST = 0.03, 0.2

# White with a black glow is seen on every cell and page.
_FRAME = {
    "borderColor": "#ffffff",
    "borderWidth": 2.5,
    "shadowColor": "#000000",
    "shadowBlur": 5,
}


def cells_of(counts: np.ndarray) -> list[Cell]:
    """Return (truth, answer) of every cell that is not empty, in the order of the chart's data."""
    return [(int(truth), int(answer)) for truth, answer in zip(*np.nonzero(counts), strict=True)]


def confusion_matrix(
    counts: np.ndarray, *, selected: Cell | None = None, dark: bool = False
) -> Option:
    """Return the matrix of `counts` (10, 10), true class by answer; colour is the share of the row.

    `selected` (truth, answer) gets a frame; `clicked_cell` reads a click. `dark` says that the page
    is.
    """
    names: Option = {"type": "category", "data": [say(name) for name in CLASS_NAMES]}
    names |= {"axisTick": {"show": False}, "axisLine": {"show": False}}
    palette = _RIGHT + _WRONG + (_RARE_DARK if dark else _RARE_LIGHT)
    return chart(
        axis(say("answer of the network"), 78, axisLabel={"rotate": 55, "interval": 0}, **names),
        axis(say("true class"), 86, inverse=True, axisLabel={"interval": 0}, **names),
        [
            {
                "type": "heatmap",
                "selectedMode": "single",
                "data": [
                    _item(counts, cell, cell == selected, palette) for cell in cells_of(counts)
                ],
                "label": {"show": True, "formatter": "{@[3]}", "fontSize": 11},
                "select": {"itemStyle": _FRAME},
            }
        ],
        grid={"left": 26, "right": 4, "top": 4, "bottom": 24},
        visualMap={
            "show": False,
            "type": "piecewise",
            "dimension": 2,
            "pieces": [{"value": i, "color": color} for i, color in enumerate(palette)],
        },
    )


def _item(counts: np.ndarray, cell: Cell, selected: bool, palette: Sequence[str]) -> Option:
    truth, answer = cell
    count, total = int(counts[cell]), int(counts[truth].sum())
    share = count / total
    if truth == answer:
        level = min(int(share * 5), 4)
    elif share >= _STRONG:
        level = 5 + min(int((share - _STRONG) / (_DARKEST - _STRONG) * 5), 4)
    else:
        level = 10 + min(int(share / _STRONG * 3), 2)
    told = (
        mark("{count:,} of {total:,} × {truth} recognised ({share:.1%})")
        if truth == answer
        else mark("{count:,} of {total:,} × {truth} taken for {answer} ({share:.1%})")
    )
    item: Option = {
        "name": say(
            told,
            count=count,
            total=total,
            truth=say(CLASS_NAMES[truth]),
            answer=say(CLASS_NAMES[answer]),
            share=share,
        ),
        "value": [answer, truth, level, count],
        "label": {"color": text_on(palette[level])},
    }
    if selected:
        item["itemStyle"] = _FRAME
    return item


def clicked_cell(event: Mapping[str, Any], counts: np.ndarray) -> Cell | None:
    """Return (truth, answer) of the cell that an ECharts selection names, or None.

    `event` comes from the browser and may be anything.
    """
    cells = cells_of(counts)
    index = clicked_point(event, len(cells))
    return None if index is None else cells[index]


def reliability(calibration: Calibration) -> Option:
    """Return accuracy against confidence per bin: bars on the diagonal are honest confidence."""
    middles = (calibration.edges[1:] + calibration.edges[:-1]) / 2
    bars = [
        {
            "name": say_count(
                "{number:,} image, mean confidence {confidence:.1%}, right {right:.1%}",
                "{number:,} images, mean confidence {confidence:.1%}, right {right:.1%}",
                int(calibration.count[i]),
                confidence=calibration.confidence[i],
                right=calibration.accuracy[i],
            ),
            "value": [round(float(middles[i]) * 100, 2), round(calibration.accuracy[i] * 100, 2)],
        }
        for i in np.flatnonzero(calibration.count)
    ]
    return chart(
        axis(say("confidence of the answer (%)"), 28, min=0, max=100),
        axis(say("share that is right (%)"), 38, lines=True, min=0, max=100),
        [
            {
                "type": "bar",
                "name": say("share that is right"),
                "data": bars,
                "barWidth": "92%",
                "itemStyle": {"color": TRAINING, "opacity": 0.8},
            },
            {
                "type": "line",
                "name": say("perfectly honest"),
                "data": [[0, 0], [100, 100]],
                "symbol": "none",
                "lineStyle": {"type": "dashed", "width": 2},
                "itemStyle": {"color": VALIDATION},
                "tooltip": {"show": False},
            },
        ],
        top=40,
    )
