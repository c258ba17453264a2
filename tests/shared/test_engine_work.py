"""Work that a page waits for, in a page of two lines."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from fmnist_core.engine.engine import Engine
from fmnist_core.engine.process import EngineError
from fmnist_core.tasks import FOLDER, Stopped
from pages.shared import engine_work
from pages.shared.resources import run_store
from tests.support.languages import speak

Calls = list[tuple[Any, ...]]


def script() -> None:
    import operator

    import streamlit as st

    from fmnist_core.translation import say
    from pages.shared.engine_work import PAGE, stop_elsewhere, work

    stop_elsewhere(st.session_state.get("there", "here"))
    if st.session_state[PAGE] == "here":
        number = st.session_state.get("number", 2)
        result = work("sum", operator.add, 40, number, label=say("Doing the sum"))
        st.text(str(result))


@pytest.fixture
def page(open_page: Callable[..., AppTest]) -> AppTest:
    """Return the page, not run yet; `open_page` gives it an engine that never works."""
    return AppTest.from_function(script, default_timeout=30)


@pytest.fixture
def calls(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> list[Future[Any]]:
    """Return the futures of all that is asked of the engine; nothing fulfils them."""
    futures: list[Future[Any]] = []

    def call(*_: Any, owner: str) -> Future[Any]:  # noqa: ANN401
        assert owner
        futures.append(Future())
        return futures[-1]

    monkeypatch.setattr(Engine, "call", call)
    return futures


def waiting() -> int:
    """Return for how many tasks a page still waits."""
    return len(list((run_store().root / FOLDER).glob("*")))


def test_a_result_is_there_at_once_and_asked_for_once(
    page: AppTest, working_engine: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert page.run().text[0].value == "42"
    monkeypatch.setattr(Engine, "call", lambda *_: pytest.fail("asked again"))
    assert page.run().text[0].value == "42"


def test_while_it_works_the_page_says_so_and_asks_once(
    page: AppTest, calls: list[Future[Any]]
) -> None:
    page.run()
    assert page.run().text[0].value == "None"
    assert "Warming up" in page.get("progress")[0].proto.text
    assert len(calls) == 1
    calls[0].set_result(42)
    assert page.run().text[0].value == "42"


def test_stop_ends_the_task_and_offers_to_start_again(
    page: AppTest, calls: list[Future[Any]]
) -> None:
    page.run().button(key="sum_stop").click().run()
    page.run()
    assert calls[0].cancelled()
    assert waiting() == 0
    page.button(key="sum_again").click().run()
    assert len(calls) == 2
    assert waiting() == 1


def test_the_same_question_of_two_visitors_is_answered_once_and_stopped_by_the_last(
    page: AppTest, calls: list[Future[Any]]
) -> None:
    other = AppTest.from_function(script, default_timeout=30)
    page.run()
    other.run()
    assert len(calls) == 1
    page.button(key="sum_stop").click().run()
    assert not calls[0].cancelled()
    other.button(key="sum_stop").click().run()
    assert calls[0].cancelled()
    page.button(key="sum_again").click().run()
    other.button(key="sum_again").click().run()
    assert len(calls) == 2
    calls[1].set_result(42)
    assert [shown.run().text[0].value for shown in (page, other)] == ["42", "42"]


def test_each_of_two_who_wait_for_the_same_reads_their_own_language(
    page: AppTest, calls: list[Future[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Engine, "state", lambda _: "ready")
    other = AppTest.from_function(script, default_timeout=30)

    def read(by: AppTest) -> str:
        return str(by.run().get("progress")[0].proto.text)

    assert read(page) == "Doing the sum…"
    speak(monkeypatch, "de")
    assert read(other) == "Die Summe wird berechnet…"
    assert len(calls) == 1
    assert read(page) == "Die Summe wird berechnet…"  # chosen while it works


def test_another_choice_or_another_page_ends_what_was_begun(
    page: AppTest, calls: list[Future[Any]]
) -> None:
    page.run()
    page.session_state["number"] = 3
    page.run()
    assert [future.cancelled() for future in calls] == [True, False]
    page.session_state["there"] = "elsewhere"
    page.run()
    assert [future.cancelled() for future in calls] == [True, True]
    assert waiting() == 0


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (EngineError("The engine ended unexpectedly."), "The engine ended unexpectedly"),
        (ZeroDivisionError("at line 7"), "This failed (ZeroDivisionError)"),
    ],
)
def test_a_failure_is_one_sentence_and_can_be_tried_again(
    page: AppTest, calls: list[Future[Any]], error: Exception, words: str
) -> None:
    page.run()
    calls[0].set_exception(error)
    page.run()
    assert words in page.error[0].value.replace("\\", "")
    assert "line 7" not in page.error[0].value
    page.button(key="sum_again").click().run()
    assert len(calls) == 2


def test_what_ended_because_the_page_was_silent_begins_again_by_itself(
    page: AppTest, calls: list[Future[Any]]
) -> None:
    page.run()
    calls[0].set_exception(Stopped())
    page.run()
    assert len(calls) == 2
    assert waiting() == 1


def test_old_results_make_room_for_new_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_work, "KEPT_BYTES", 250)
    results = engine_work._Results()
    for name in "abc":
        results.keep(name, b"x" * 100)
    assert results.get("a") is None
    assert results.get("c") == (b"x" * 100,)
