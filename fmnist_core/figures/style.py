"""Arrays to Plotly figures: one look for every page, light and dark, wide and phone."""

import numpy as np

# Plotly looks for pandas among the loaded modules and fails on one that another thread is just
# loading (the web process warms up in the background); importing it waits for that to end.
import pandas as pd  # noqa: F401 - see above
import plotly.graph_objects as go

from fmnist_core.data.fashion_mnist import CLASS_NAMES
from fmnist_core.figures.colors import CLASS_COLORS, CLEAR, GRID
from fmnist_core.translation import digits, say
from fmnist_core.wording import percent

# What st.plotly_chart gets as `config`: no tool bar over a small chart, no accidental zoom by a
# scrolling finger.
CHART_CONFIG = {"displayModeBar": False, "scrollZoom": False, "responsive": True}


def styled(figure: go.Figure, *, height: int, x: str = "", y: str = "") -> go.Figure:
    """Return `figure` in the common look: `height` in pixels, axis titles `x` and `y` with units.

    Show it with `st.plotly_chart(figure, theme="streamlit", config=CHART_CONFIG)`, which adds the
    page's fonts and text colours.
    """
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 28, "b": 8},
        paper_bgcolor=CLEAR,
        plot_bgcolor=CLEAR,
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "title": None},
        hoverlabel={"namelength": -1},
        # Of the reader's language: the decimal sign first.
        separators=digits(1000.5, ",.1f")[-2] + digits(1000.5, ",.1f")[1],
        dragmode=False,
        # A redraw that does not change this keeps the reader's zoom and hidden lines.
        uirevision="keep",
    )
    figure.update_xaxes(title=x, gridcolor=GRID, zeroline=False, automargin=True)
    figure.update_yaxes(title=y, gridcolor=GRID, zeroline=False, automargin=True)
    return figure


def probability_bars(
    probabilities: np.ndarray, *, truth: int | None = None, height: int = 300
) -> go.Figure:
    """Return ten horizontal bars in class order, each with its name, colour and per cent.

    `probabilities` is (10,) and sums to one; the name of the largest is bold, and `truth` (0 to 9)
    gets a tick beside its name. Order never changes, so that bars can be followed while they move.
    """
    values = np.asarray(probabilities, np.float64)
    if values.shape != (10,):
        raise ValueError(f"Expected 10 probabilities, got shape {values.shape}.")
    winner = int(values.argmax())
    classes = [say(name) for name in CLASS_NAMES]
    names = [f"✓ {name}" if truth == index else name for index, name in enumerate(classes)]
    figure = go.Figure(
        go.Bar(
            x=values,
            y=list(range(10)),
            orientation="h",
            marker={"color": CLASS_COLORS, "cornerradius": 3},
            text=[percent(value) for value in values],
            textposition="outside",
            cliponaxis=False,
            customdata=classes,
            hovertemplate="%{customdata}: %{x:.2%}<extra></extra>",
        )
    )
    styled(figure, height=height, x=say("probability"))
    # Room at the right for the text of a bar that fills the whole axis.
    figure.update_xaxes(range=[0, 1.16], tickvals=[0, 0.25, 0.5, 0.75, 1], tickformat=".0%")
    figure.update_yaxes(
        range=[9.6, -0.6],
        tickvals=list(range(10)),
        ticktext=[f"<b>{name}</b>" if i == winner else name for i, name in enumerate(names)],
        gridcolor=CLEAR,
    )
    figure.update_layout(margin_t=8, bargap=0.25, showlegend=False)
    return figure
