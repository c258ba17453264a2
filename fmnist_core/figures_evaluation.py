"""Figures of how a model does: the clickable confusion matrix and the reliability diagram."""

import numpy as np
import plotly.graph_objects as go

from fmnist_core.dataset import CLASS_NAMES
from fmnist_core.evaluation import Calibration
from fmnist_core.figures import CLEAR, NEUTRAL, TRAINING, VALIDATION, styled

# Strong cells are solid and dark enough for white text, faint ones a tint of the page: both read
# on a light and on a dark page without knowing which it is.
_RIGHT = [[0, "#4a7fc1"], [1, "#1d5aa6"]]
_WRONG = [[0, "#bd6a1c"], [1, "#983f00"]]
_RARE = [[0, "rgba(224,123,26,0.06)"], [1, "rgba(224,123,26,0.22)"]]
# An error is strong from this share of its class on; from the second share on, it is darkest.
_STRONG, _DARKEST = 0.03, 0.2


def confusion_matrix(
    counts: np.ndarray, *, selected: tuple[int, int] | None = None, height: int = 470
) -> go.Figure:
    """Return the matrix of `counts` (10, 10), true class by answer; colour is the share of the row.

    Every cell that is not empty is a point of the last trace with `customdata` (truth, answer), so
    that `on_select` tells which was clicked. `selected` (truth, answer) gets a frame.
    """
    share = counts / np.maximum(counts.sum(1, keepdims=True), 1)
    diagonal = np.eye(10, dtype=bool)
    strong = diagonal | (share >= _STRONG)
    figure = go.Figure(
        [
            _cells(share, diagonal & (counts > 0), _RIGHT, 0, 1),
            _cells(share, strong & ~diagonal, _WRONG, _STRONG, _DARKEST),
            _cells(share, ~strong & (counts > 0), _RARE, 0, _STRONG),
            _labels(counts, share, strong),
        ]
    )
    styled(figure, height=height, x="answer of the network", y="true class")
    figure.update_layout(
        margin_t=8, showlegend=False, clickmode="event+select", hovermode="closest"
    )
    names = {"tickvals": list(range(10)), "ticktext": list(CLASS_NAMES), "showgrid": False}
    figure.update_xaxes(**names, range=[-0.56, 9.56], tickangle=-55, fixedrange=True)
    figure.update_yaxes(**names, range=[9.56, -0.56], fixedrange=True)
    if selected is not None:
        truth, answer = selected
        # White around black is seen on every cell and page.
        for color, width in (("#ffffff", 5), ("#000000", 2)):
            figure.add_shape(
                type="rect",
                x0=answer - 0.5,
                x1=answer + 0.5,
                y0=truth - 0.5,
                y1=truth + 0.5,
                line={"color": color, "width": width},
            )
    return figure


def _cells(
    share: np.ndarray, where: np.ndarray, scale: list[list[object]], low: float, high: float
) -> go.Heatmap:
    return go.Heatmap(
        z=np.where(where, share, np.nan),
        colorscale=scale,
        zmin=low,
        zmax=high,
        showscale=False,
        hoverinfo="skip",
        xgap=1,
        ygap=1,
    )


def _labels(counts: np.ndarray, share: np.ndarray, strong: np.ndarray) -> go.Scatter:
    # Heatmaps cannot be selected in Plotly; invisible squares over them can.
    truths, answers = np.nonzero(counts)
    cells = list(zip(truths, answers, strict=True))
    found = [int(counts[cell]) for cell in cells]
    words = [
        f"{count:,} of {counts[truth].sum():,} × {CLASS_NAMES[truth]}<br>"
        + (f"taken for {CLASS_NAMES[answer]}" if truth != answer else "recognised")
        + f" ({share[truth, answer]:.1%})"
        for (truth, answer), count in zip(cells, found, strict=True)
    ]
    # The default dims what is not selected; the frame shows the selection better.
    same = {"marker": {"opacity": 0}}
    return go.Scatter(
        x=answers,
        y=truths,
        mode="markers+text",
        marker={"symbol": "square", "size": 26, "opacity": 0},
        text=[str(count) for count in found],
        textfont={
            "size": 11,
            "color": ["#ffffff" if strong[cell] else NEUTRAL for cell in cells],
        },
        customdata=np.stack([truths, answers], 1),
        hovertext=words,
        hovertemplate="%{hovertext}<extra></extra>",
        selected=same,
        unselected=same,
    )


def reliability(calibration: Calibration, *, height: int = 340) -> go.Figure:
    """Return accuracy against confidence per bin: bars on the diagonal are honest confidence."""
    filled = calibration.count > 0
    middles = ((calibration.edges[1:] + calibration.edges[:-1]) / 2)[filled]
    width = calibration.edges[1] - calibration.edges[0]
    figure = go.Figure(
        [
            go.Bar(
                x=middles,
                y=calibration.accuracy[filled],
                width=width * 0.92,
                marker={"color": TRAINING, "opacity": 0.75},
                name="share that is right",
                customdata=np.stack(
                    [calibration.count[filled], calibration.confidence[filled]], axis=1
                ),
                hovertemplate="%{customdata[0]:,} images, mean confidence %{customdata[1]:.1%}"
                "<br>right: %{y:.1%}<extra></extra>",
            ),
            go.Scatter(
                x=[0, 1],
                y=[0, 1],
                mode="lines",
                line={"color": VALIDATION, "dash": "dash", "width": 2},
                name="perfectly honest",
                hoverinfo="skip",
            ),
        ]
    )
    styled(figure, height=height, x="confidence of the answer", y="share that is right")
    figure.update_xaxes(
        range=[0, 1.02], tickvals=[0, 0.25, 0.5, 0.75, 1], tickformat=".0%", gridcolor=CLEAR
    )
    figure.update_yaxes(range=[0, 1.03], tickformat=".0%")
    return figure
