"""Line charts as a web page of their own, which works offline and saves each as SVG.

The pages' charts are ECharts options, which only a browser can draw; Plotly writes a file that
brings its own script.
"""

import html
from collections.abc import Mapping
from typing import Any

from fmnist_core.figures.echarts import Option
from fmnist_core.figures.style import styled
from fmnist_core.translation import ENGLISH, mark

NOTE = mark("The camera above a chart saves it as SVG.")
_DASHES = {"dashed": "dash", "dotted": "dot"}
_SYMBOLS = {"rect": "square", "triangle": "triangle-up", "diamond": "diamond", "circle": "circle"}
_HEAD = """<!doctype html>
<html lang="{language}"><meta charset="utf-8"><title>Fashion-MNIST Lab</title>
<style>body {{ background: #fff; font: 16px system-ui, sans-serif; margin: 24px }}</style>
<p>{note}</p>
"""


def as_page(charts: Mapping[str, Option], *, language: str = ENGLISH, note: str = NOTE) -> bytes:
    """Return HTML with the line and point charts of the pages by their titles, four megabytes.

    `language` is the code of theirs, and `note` is NOTE in it: when the file is asked for, nobody
    knows whom it is for. Bands are left out.
    """
    parts = [_HEAD.format(language=language, note=html.escape(note))]
    for at, (title, option) in enumerate(charts.items()):
        parts.append(f"<h2>{html.escape(title)}</h2>")
        figure = _figure(option)
        parts.append(
            figure.to_html(
                full_html=False,
                include_plotlyjs=at == 0,
                config={
                    "displaylogo": False,
                    "toImageButtonOptions": {"format": "svg", "filename": "figure"},
                },
            )
        )
    return "\n".join(parts).encode()


def _figure(option: Option) -> Any:  # noqa: ANN401 - Plotly's own class
    import plotly.graph_objects as go

    figure = go.Figure([_trace(one) for one in option["series"] if "stack" not in one])
    figure = styled(
        figure, height=460, x=option["xAxis"].get("name"), y=option["yAxis"].get("name")
    )
    for update, axis in (
        (figure.update_xaxes, option["xAxis"]),
        (figure.update_yaxes, option["yAxis"]),
    ):
        log = axis.get("type") == "log"
        ends = [axis.get("min"), axis.get("max")]
        # Plotly wants the ends of a logarithmic axis as powers of ten: there it finds its own.
        whole = not log and all(isinstance(end, int | float) for end in ends)
        update(type="log" if log else "linear", range=ends if whole else None)
    return figure.update_layout(dragmode="zoom")


def _trace(series: Option) -> Option:
    """Return a line or points as a Plotly trace."""
    data = series["data"]
    line, marker = series.get("lineStyle", {}), series.get("itemStyle", {})
    symbol = series.get("symbol", "circle")
    points = series["type"] == "scatter"
    ring = marker.get("borderColor")  # around the best point, itself transparent
    color = ring or marker.get("color")
    return {
        "type": "scatter",
        # A visitor's text: Plotly would read links in it.
        "name": html.escape(str(series.get("name", ""))),
        "x": [one[0] for one in data],
        "y": [one[1] for one in data],
        "mode": "markers" if points else "lines" if symbol == "none" else "lines+markers",
        "line": {
            "color": color,
            "width": line.get("width", 2),
            "dash": _DASHES.get(str(line.get("type")), "solid"),
        },
        "marker": {
            "symbol": "circle-open" if ring else _SYMBOLS.get(symbol, "circle"),
            "color": color,
            "size": 14 if ring else 7,
        },
        "opacity": line.get("opacity", 1),
    }
