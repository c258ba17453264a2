from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from fmnist_core.recipes import presets
from fmnist_core.runs.run import Run
from fmnist_core.runs.store import RunStore
from pages.shared import resources, visitor
from tests.support.runs import VISITOR

RECIPE = presets.find("lightning").recipe


@pytest.fixture
def opened(open_page: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The glossary, seen by VISITOR, with an engine that takes runs but never works."""
    monkeypatch.setattr(visitor, "known_visitor", lambda: VISITOR)
    monkeypatch.setattr("pages.shared.runs.chip.known_visitor", lambda: VISITOR)
    return open_page("glossary")


def said(app: AppTest) -> str:
    return " ".join(item.value for item in app.main.markdown if "-badge[" in item.value)


def waiting_run(owner: str = VISITOR) -> Run:
    run = RunStore().create(RECIPE, owner)
    resources.engine().submit(run)
    return run


def test_there_is_no_line_while_nothing_is_going_on(opened: AppTest) -> None:
    assert said(opened) == ""
    waiting_run("B" * 22)
    assert said(opened.run()) == ""


def test_what_waits_is_named_with_its_turn(opened: AppTest) -> None:
    waiting_run()
    assert "Waiting] **Lightning**, its turn in about 1 s" in said(opened.run())
    waiting_run()
    assert said(opened.run()).endswith(" and 1 more")


def test_what_has_ended_stays_until_it_is_looked_at_or_dismissed(opened: AppTest) -> None:
    run = waiting_run()
    engine = resources.engine()
    (ticket,) = engine._dispatcher.queue.waiting
    engine._dispatcher.queue.leave(ticket)
    engine._dispatcher._note_end(ticket.owner, run)
    run.set_status("finished", epoch=3)
    app = opened.run()
    assert "Finished] **Lightning**, 3 of 3 epochs done" in said(app)
    app.button(key="chip_dismiss").click().run()
    assert said(app) == ""


def test_a_visitor_who_comes_back_after_a_restart_hears_what_was_cut_short(
    open_page: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pages.shared.runs.chip.known_visitor", lambda: VISITOR)
    monkeypatch.setattr(resources, "_engines", [])
    run = RunStore().create(RECIPE, VISITOR)
    run.set_status("running", holder={"host": "gone", "pid": 1, "since": 0})
    open_page("glossary")
    assert resources.engine_if_started() is not None
