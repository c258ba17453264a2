"""Fixtures that open pages."""

from tests.support.pages import open_page, streamlit_reads_once, working_engine

__all__ = ["open_page", "streamlit_reads_once", "working_engine"]
