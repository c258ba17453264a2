"""Charts of how training goes: loss and accuracy, inside the epoch and per epoch.

They are ECharts options, which the browser updates in place: Streamlit puts a new Plotly chart for
every change, so that a live one would flicker.
"""

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np

from fmnist_core.figures.colors import BEST, ITEMS, NEUTRAL, TRAINING, VALIDATION
from fmnist_core.figures.echarts import Option, axis, band, chart, in_percent
from fmnist_core.runs.history import Curves, smoothed, thinned
from fmnist_core.sweeps.expectation import Expectation
from fmnist_core.translation import say

Metric = Literal["loss", "accuracy"]

HEIGHT = 300
# Colour and symbol both tell the runs of an overlay apart, for every kind of sight.
OVERLAY_COLORS = ("#3b82d0", "#dc7718", "#1a9e77", "#d0489a", "#8a6fd8", "#a08a10", "#5f6b76")
SYMBOLS = ("circle", "diamond", "rect", "triangle", "pin", "arrow", "roundRect")
# Beyond this many epochs, points would hide their own line.
MOST_POINTS = 40

Points = list[list[float]]


def curve(curves: Curves, metric: Metric, expected: Expectation | None = None) -> Option:
    """Return one run's `metric`: a thin line inside epochs, points per epoch, the best ringed.

    What was `expected` of its accuracy lies behind it.
    """
    inside = _points(curves.batch_x, curves.batch[metric], metric)
    training = _points(curves.epochs, curves.epoch[metric], metric)
    validation = _points(curves.epochs, curves.epoch[f"val_{metric}"], metric)
    kept = [inside[position] for position in thinned(len(inside))]
    ghost = _ghost(expected) if expected and metric == "accuracy" else []
    series = [
        *ghost,
        # One point makes no line: a dot shows the first batch half a second before the second.
        _line(
            say("inside the epoch"),
            kept,
            TRAINING,
            width=1.2,
            opacity=0.7,
            symbol="circle" if len(kept) == 1 else "none",
        ),
        _line(say("training"), training, TRAINING, symbol="circle"),
        _line(say("validation"), validation, VALIDATION, symbol="diamond"),
    ]
    accuracies = curves.epoch["item_accuracy"] if metric == "accuracy" else []
    items = _points(curves.epochs[: len(accuracies)], accuracies, metric)
    if items:
        name = say("{count} drawings and photos", count=curves.items)
        series.append(_line(name, items, ITEMS, symbol="triangle"))
    if (best := curves.best) is not None:
        at = curves.epochs[best]
        ring = {"color": "transparent", "borderColor": BEST, "borderWidth": 3}
        series.append(
            {
                "type": "scatter",
                "name": say("best epoch: {epoch}", epoch=at),
                "data": [point for point in validation if point[0] == at],
                "symbolSize": 16,
                "itemStyle": ring,
                "tooltip": {"show": False},
                "z": 5,
            }
        )
    seen = [point[1] for point in training + validation + items]
    if expected and ghost:
        seen += [100 * one for one in (*expected.low, *expected.high)]
    if inside:
        values = [point[1] for point in inside]
        # A first batch of 10 % must not squash the rest.
        low, high = np.percentile(values, [5, 95])
        seen += [float(low if metric == "accuracy" else high), values[-1]]
    option = _option(metric, series, seen)
    if ghost and not curves.batch_x:  # before training there is nothing else
        option["legend"]["data"] = [ghost[-1]["name"]]
    return option


def overlay(
    runs: Sequence[Curves],
    metric: Metric,
    *,
    at: Sequence[Sequence[float]] | None = None,
    axis_name: str | None = None,
    smoothing: float = 0.0,
    baseline: int | None = None,
) -> Option:
    """Return several runs' `metric` per epoch: solid for validation, dotted for training.

    `at` says for each run where on the axis `axis_name`, that of epochs unless given, its epochs
    lie. With `smoothing`, 0 to 1, the solid line is a running mean and the values themselves stay
    behind it, thin. The run at `baseline` is drawn grey and thick.
    """
    series: list[Option] = []
    named: list[str] = []
    seen: list[float] = []
    for index, curves in enumerate(runs):
        color, symbol = _look(index)
        color, width = (NEUTRAL, 4.0) if index == baseline else (color, 2.2)
        x = at[index] if at else curves.epochs
        training = _points(x, curves.epoch[metric], metric)
        judged = curves.epoch[f"val_{metric}"]
        validation = _points(x, judged, metric) or training
        seen += [point[1] for point in training + validation]
        # Two runs may have the same name; the number also stands in the table of differences.
        name = f"{curves.name} ({index + 1})"
        if index == baseline:
            name = say("{run}, baseline", run=name)
        silent: Option = {"tooltip": {"show": False}}
        if smoothing:
            raw = say("{run}, raw", run=name)
            series.append(_line(raw, validation, color, width=1, opacity=0.3) | silent)
            means = smoothed(judged if validation != training else curves.epoch[metric], smoothing)
            validation = _points(x, means, metric)
        else:
            dotted = say("{run}, training", run=name)
            line = _line(dotted, training, color, width=1.5, kind="dotted")
            series.append(line | silent)
        series.append(_line(name, validation, color, symbol=symbol, width=width))
        named.append(name)
    option = _option(metric, series, seen, axis_name)
    option["legend"]["data"] = named
    return option


def _ghost(expected: Expectation) -> list[Option]:
    """Return what was expected: a dashed line, and where nine of ten runs would lie."""
    points = _points(expected.epochs, expected.accuracies, "accuracy")
    low, high = ([in_percent(one) for one in edge] for edge in (expected.low, expected.high))
    return [
        *band(expected.epochs, low, high, NEUTRAL, say("expected range")),
        _line(say("expected"), points, NEUTRAL, kind="dashed", symbol="circle"),
    ]


def _look(index: int) -> tuple[str, str]:
    """Return the colour and the symbol of a run: 49 pairs before the first comes again."""
    count = len(OVERLAY_COLORS)
    return OVERLAY_COLORS[index % count], SYMBOLS[(index + index // count) % count]


def _points(x: Sequence[float], y: Sequence[float | None], metric: Metric) -> Points:
    scale = 100 if metric == "accuracy" else 1
    return [
        [round(at, 4), round(float(value) * scale, 5)]
        for at, value in zip(x, y, strict=True)
        if value is not None and math.isfinite(value)
    ]


def _line(
    name: str,
    data: Points,
    color: str,
    *,
    symbol: str = "none",
    width: float = 2.2,
    opacity: float = 1.0,
    kind: str = "solid",
) -> Option:
    return {
        "type": "line",
        "name": name,
        "data": data,
        "symbol": symbol if len(data) <= MOST_POINTS else "none",
        "symbolSize": 7,
        "lineStyle": {"width": width, "opacity": opacity, "type": kind},
        "itemStyle": {"color": color},
        # Points at the first batches may lie above the axis.
        "clip": True,
    }


def _option(
    metric: Metric, series: list[Option], seen: Sequence[float], axis_name: str | None = None
) -> Option:
    low, high = _range(metric, seen)
    share = metric == "accuracy"
    last = max((point[0] for item in series for point in item["data"]), default=0)
    return chart(
        axis(
            axis_name or say("epochs"),
            28,
            min=0,
            # Room for the ring at the last point.
            max=last * 1.02 if last > 1 else 1,
            axisLabel={"showMaxLabel": last <= 1},
        ),
        axis(
            say("accuracy (%)") if share else say("loss (cross-entropy, nats)"),
            42,
            lines=True,
            min=low,
            max=high,
        ),
        series,
        top=36,
        legend={"top": 0, "left": 0, "itemWidth": 22, "itemGap": 12, "type": "scroll"},
        tooltip={"trigger": "axis", "valueFormatter": "%.2f %%" if share else "%.4f"},
    )


def _range(metric: Metric, seen: Sequence[float]) -> tuple[float, float]:
    """Return round ends of the y axis around the values `seen`."""
    most = 100.0 if metric == "accuracy" else math.inf
    if not seen:
        # Empty axes say what will be drawn.
        return 0.0, min(most, 2.5 if metric == "loss" else most)
    low, high = min(seen), max(seen)
    span = max(high - low, 1.0 if metric == "accuracy" else 0.02)
    step = 10 ** math.floor(math.log10(span / 2))
    step *= next(factor for factor in (1, 2, 5, 10) if span / (factor * step) <= 5)
    bottom = max(math.floor(low / step) * step, 0.0)
    top = min(math.ceil(high / step) * step, most)
    return round(bottom, 6), round(top if top > bottom else bottom + step, 6)
