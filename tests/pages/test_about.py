"""The About page: versions, licences, what is kept and for how long, and how the host is."""

import platform
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from fmnist_core.recipes import presets
from fmnist_core.runs.store import RunStore
from pages.sections.about import host
from pages.shared import resources
from tests.support.runs import VISITOR

OpenPage = Callable[..., AppTest]


def texts(page: AppTest) -> str:
    return "\n".join(element.value for element in (*page.markdown, *page.caption))


def test_versions_are_those_that_are_installed(open_page: OpenPage) -> None:
    page = open_page("about")
    assert not page.exception
    shown = texts(page)
    assert f"| Python | {platform.python_version()} |" in shown
    assert "not installed" not in shown


def test_every_licence_is_shown_without_a_link_that_leads_nowhere(open_page: OpenPage) -> None:
    page = open_page("about")
    shown = "\n".join(element.value for expander in page.expander for element in expander.markdown)
    assert "Zalando SE" in shown
    assert "Apache 2.0" in shown
    assert "The Fashion-MNIST Lab authors" in shown
    assert "](assets/" not in shown


def test_only_a_shared_host_deletes_runs_by_itself(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "notes)**: until you delete them" in texts(open_page("about"))
    monkeypatch.setenv("FMNIST_HOSTED", "1")
    shown = texts(open_page("about"))
    assert "notes)**: 7 days after their end" in shown
    assert "| Your training, while others wait | 20 min an hour |" in shown


def test_a_look_at_the_page_starts_no_engine(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resources, "_engines", [])
    assert "| Engine | asleep: nobody has trained since the start |" in texts(open_page("about"))
    assert resources._engines == []


def test_the_queue_is_counted(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host, "memory_limit", lambda: 1_000_000_000)
    page = open_page("about")
    for _ in range(2):
        run = RunStore().create(presets.find("lightning").recipe, VISITOR)
        resources.engine().submit(run)
    shown = texts(page.run())
    assert "| Runs that wait | 2 |" in shown
    assert "| Workers | 0 |" in shown
    assert "| Most that all may use | 1.0 GB |" in shown


def test_a_host_with_little_memory_says_what_it_does_about_it(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Economy" not in texts(open_page("about"))
    monkeypatch.setenv("FMNIST_MEMORY_MB", "1000")
    shown = texts(open_page("about"))
    assert "**Economy:** memory is short here" in shown
    assert "| Memory of a run | 200 MB |" in shown
