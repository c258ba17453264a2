"""Fixtures that open pages."""

from tests.support.pages import open_page, packages_are_searched_once, working_engine

__all__ = ["open_page", "packages_are_searched_once", "working_engine"]
