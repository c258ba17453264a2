"""Charts to take along: a page of their own with a button that saves them as SVG."""

from collections.abc import Mapping

import streamlit as st

from fmnist_core.figures.echarts import Option


def figure_download(charts: Mapping[str, Option], key: str) -> None:
    """Offer line charts, by their titles, as one HTML file."""

    def page() -> bytes:
        from fmnist_core.figures.take_along import as_page  # Plotly, only when asked for

        return as_page(charts)

    st.download_button(
        "Figures (HTML, SVG)",
        page,
        "figures.html",
        "text/html",
        icon=":material/show_chart:",
        on_click="ignore",
        type="tertiary",
        key=key,
        help="One file that opens offline; its camera button saves a chart as SVG. The chart's own "
        "button saves PNG.",
    )
