"""Fixtures that run scripts."""

from tests.support.pages import streamlit_reads_once

__all__ = ["streamlit_reads_once"]
