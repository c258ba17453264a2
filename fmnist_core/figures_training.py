"""Figures of how training goes: loss and accuracy, inside the epoch and per epoch."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import plotly.graph_objects as go

from fmnist_core.figures import BEST, TRAINING, VALIDATION, styled
from fmnist_core.history import Curves, thinned

Metric = Literal["loss", "accuracy"]

# Colour and symbol both tell the runs of an overlay apart, for every kind of sight.
OVERLAY_COLORS = ("#3b82d0", "#e07b1a", "#1a9e77", "#d0489a", "#8a6fd8", "#a08a10", "#5f6b76")
SYMBOLS = ("circle", "diamond", "square", "triangle-up", "cross", "star", "hexagon")


def curve(curves: Curves, metric: Metric, *, height: int = 290) -> go.Figure:
    """Return one run's `metric`: a thin line inside epochs, points per epoch, the best ringed."""
    figure = go.Figure(
        [
            go.Scatter(
                mode="lines",
                line={"color": TRAINING, "width": 1.5},
                opacity=0.7,
                name="inside the epoch",
                hovertemplate=_hover(metric, "inside epoch"),
            ),
            _points(metric, "training", TRAINING, "circle"),
            _points(f"val_{metric}", "validation", VALIDATION, "diamond"),
            go.Scatter(
                mode="markers",
                marker={
                    "size": 15,
                    "symbol": "circle-open",
                    "color": BEST,
                    "line": {"width": 3, "color": BEST},
                },
                hoverinfo="skip",
            ),
        ]
    )
    styled(figure, height=height, x="epochs", y=_unit(metric)).update_layout(showlegend=True)
    refresh(figure, curves, metric)
    return figure


def refresh(figure: go.Figure, curves: Curves, metric: Metric) -> None:
    """Give a figure made by `curve` the points of `curves`: ten times as fast as a new one."""
    inside, training, validation, ring = figure.data
    keep = thinned(len(curves.batch_x))
    values = np.asarray(curves.batch[metric], float)
    inside.x, inside.y = np.asarray(curves.batch_x)[keep], values[keep]
    training.x, training.y = curves.epochs, curves.epoch[metric]
    validation.x, validation.y = curves.epochs, curves.epoch[f"val_{metric}"]
    best = curves.best
    if best is not None:
        ring.x, ring.y = [curves.epochs[best]], [validation.y[best]]
        ring.name = f"best epoch: {curves.epochs[best]}"
    ring.visible = best is not None
    seen = _of_epochs(curves, metric)
    if values.size:
        # A first batch of 10 % must not squash the rest.
        low, high = np.nanpercentile(values, [5, 95])
        seen += [low if metric == "accuracy" else high, values[-1]]
    _frame(figure, metric, seen)


def overlay(runs: Sequence[Curves], metric: Metric, *, height: int = 340) -> go.Figure:
    """Return several runs' `metric` per epoch: solid for validation, dotted for training."""
    figure = go.Figure()
    for index, curves in enumerate(runs):
        name = _safe(curves.name)
        color = OVERLAY_COLORS[index % len(OVERLAY_COLORS)]
        validated = any(value is not None for value in curves.epoch[f"val_{metric}"])
        figure.add_scatter(
            x=curves.epochs,
            y=curves.epoch[metric],
            mode="lines",
            line={"color": color, "dash": "dot", "width": 1.5},
            name=f"{name}, training",
            legendgroup=str(index),
            showlegend=not validated,
            hovertemplate=_hover(metric, f"{name}, training"),
        )
        if validated:
            figure.add_scatter(
                x=curves.epochs,
                y=curves.epoch[f"val_{metric}"],
                mode="lines+markers",
                marker={"size": 7, "symbol": SYMBOLS[index % len(SYMBOLS)]},
                line={"color": color, "width": 2.2},
                name=name,
                legendgroup=str(index),
                hovertemplate=_hover(metric, f"{name}, validation"),
            )
    styled(figure, height=height, x="epochs", y=_unit(metric))
    _frame(figure, metric, [value for curves in runs for value in _of_epochs(curves, metric)])
    return figure


def _points(key: str, name: str, color: str, symbol: str) -> go.Scatter:
    return go.Scatter(
        mode="lines+markers",
        line={"color": color, "width": 2.2},
        marker={"size": 7, "symbol": symbol},
        name=name,
        hovertemplate=_hover(key, name),
    )


def _unit(metric: str) -> str:
    return "accuracy (share right)" if metric == "accuracy" else "loss (cross-entropy, nats)"


def _hover(key: str, name: str) -> str:
    value = "%{y:.2%}" if key.endswith("accuracy") else "%{y:.4f}"
    return f"{name}<br>epoch %{{x:.2~f}}: {value}<extra></extra>"


def _safe(name: str) -> str:
    # What visitors typed must not be read as markup by Plotly.
    return name.replace("&", "&amp;").replace("<", "&lt;")


def _of_epochs(curves: Curves, metric: Metric) -> list[float]:
    both = [*curves.epoch[metric], *curves.epoch[f"val_{metric}"]]
    return [value for value in both if value is not None]


def _frame(figure: go.Figure, metric: Metric, seen: Sequence[float]) -> None:
    """Fit the y axis to the values `seen`."""
    across, up = figure.layout.xaxis, figure.layout.yaxis
    if metric == "accuracy":
        up.tickformat = ".0%"
    if not seen:
        # Empty axes say what will be drawn.
        across.range, up.range = [0, 1], [0, 1] if metric == "accuracy" else [0, 2.5]
        return
    across.range, across.rangemode = None, "tozero"
    low, high = min(seen), max(seen)
    pad = max(0.05 * (high - low), 0.005)
    top = min(high + pad, 1.005) if metric == "accuracy" else high + pad
    up.range = [max(low - pad, 0), top]
