"""Charts to take along: a page of their own with a button that saves them as SVG."""

from collections.abc import Mapping

import streamlit as st

from fmnist_core.figures.echarts import Option
from fmnist_core.figures.take_along import NOTE
from fmnist_core.translation import language, say


def figure_download(charts: Mapping[str, Option], key: str) -> None:
    """Offer line charts, by their titles, as one HTML file."""

    # Said now: the file is made later, outside of the visitor's script.
    code, note = language(), say(NOTE)

    def page() -> bytes:
        from fmnist_core.figures.take_along import as_page  # Plotly, only when asked for

        return as_page(charts, language=code, note=note)

    st.download_button(
        say("Figures (HTML, SVG)"),
        page,
        "figures.html",
        "text/html",
        icon=":material/show_chart:",
        on_click="ignore",
        type="tertiary",
        key=key,
        help=say(
            "One file that opens offline; its camera button saves a chart as SVG. The chart's own "
            "button saves PNG."
        ),
    )
