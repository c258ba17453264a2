"""The charts of the browse page: class balance and pixel values."""

import numpy as np
import plotly.graph_objects as go

from fmnist_core.data.fashion_mnist import CLASS_NAMES
from fmnist_core.figures.colors import CLEAR, NEUTRAL, TRAINING
from fmnist_core.figures.style import styled
from fmnist_core.translation import digits, say


def class_balance(counts: np.ndarray) -> go.Figure:
    """Return ten horizontal bars, each with its class and number; `counts` is int (10,)."""
    figure = go.Figure(
        go.Bar(
            x=counts,
            y=[say(name) for name in CLASS_NAMES],
            orientation="h",
            marker={"color": TRAINING, "cornerradius": 3},
            text=[digits(count, ",") for count in counts],
            textposition="inside",
            insidetextanchor="end",
            textfont_color="white",
            hovertemplate=say("%{y}: %{x:,} images<extra></extra>"),
        )
    )
    styled(figure, height=320, x=say("number of images"))
    figure.update_xaxes(rangemode="tozero", tickformat=",d")
    figure.update_yaxes(autorange="reversed", gridcolor=CLEAR)
    return figure.update_layout(margin_t=8, bargap=0.25, showlegend=False)


def pixel_values(histogram: np.ndarray) -> go.Figure:
    """Return the share of pixels at each grey level, logarithmic; `histogram` is int (256,)."""
    shares = histogram / max(1, histogram.sum())
    figure = go.Figure(
        go.Bar(
            x=np.arange(256),
            y=shares,
            marker={"color": NEUTRAL, "line": {"width": 0}},
            customdata=histogram,
            hovertemplate=say("value %{x}: %{y:.2%} (%{customdata:,} pixels)<extra></extra>"),
        )
    )
    styled(
        figure,
        height=340,
        x=say("pixel value (0 = background)"),
        y=say("share of all pixels"),
    )
    figure.update_xaxes(range=[-2, 257], tickvals=[0, 64, 128, 192, 255], gridcolor=CLEAR)
    # Half of all pixels are 0; on a linear axis nothing else would be seen.
    figure.update_yaxes(type="log", tickformat=".2~%", dtick=1)
    return figure.update_layout(margin_t=8, bargap=0, showlegend=False)
