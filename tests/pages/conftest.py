"""Fixtures that open pages."""

from tests.support.pages import open_page, working_engine

__all__ = ["open_page", "working_engine"]
