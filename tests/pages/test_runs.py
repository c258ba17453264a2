"""The runs page: what a visitor sees of their own runs, and nothing of anybody else's."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from fmnist_core.guide.journal import Journal
from fmnist_core.recipes import presets
from fmnist_core.runs.status import RunError
from fmnist_core.runs.store import RunStore
from pages.shared import visitor
from tests.support.runs import VISITOR, finished_run

OpenPage = Callable[..., AppTest]
DENSE = presets.find("dense-basics").recipe.changed(epochs=2)


@pytest.fixture(autouse=True)
def known_visitor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the visitor's new id predictable."""
    monkeypatch.setattr(visitor, "secrets", SimpleNamespace(token_urlsafe=lambda _: VISITOR))


def tick(page: AppTest, *rows: int) -> AppTest:
    """Select rows of the table, as a click on their boxes does."""
    runs = RunStore().of(VISITOR)
    key = "runs_" + "".join(run.id[:6] for run in runs)
    page.session_state[key] = {"selection": {"rows": list(rows), "columns": [], "cells": []}}
    return page.run()


def words(page: AppTest) -> str:
    return " ".join(item.value for item in [*page.markdown, *page.caption, *page.subheader])


def test_without_runs_the_page_says_what_to_do(open_page: OpenPage) -> None:
    page = open_page("runs")
    assert not page.exception
    assert "press Train" in page.info[0].value


def test_only_the_visitors_own_runs_are_listed(open_page: OpenPage) -> None:
    finished_run(DENSE)
    finished_run(DENSE.changed(name="Secret"), visitor="B" * 22)
    table = open_page("runs").dataframe[0].value
    assert table["Name"].tolist() == ["Dense basics"]
    assert table["Test accuracy"].tolist() == [0.9]
    assert table["Best validation"].tolist() == [0.8]


def test_one_run_shows_its_accuracy_with_interval_images_and_seed(open_page: OpenPage) -> None:
    finished_run(DENSE.changed(seed=7))
    page = tick(open_page("runs"), 0)
    assert not page.exception
    shown = words(page)
    assert "90.00 %" in shown
    assert "89.40 % to 90.57 %, 10,000 images, seed 7" in shown


def test_two_runs_show_what_differs(open_page: OpenPage) -> None:
    finished_run(DENSE)
    finished_run(DENSE.changed(name="Slower", learning_rate=0.0001))
    page = tick(open_page("runs"), 0, 1)
    assert not page.exception
    table = page.table[0].value
    assert table.index.tolist() == ["best validation accuracy", "learning rate"]
    assert table.iloc[1].tolist() == ["0.0001", "0.001"]


def test_a_deleted_run_comes_back_with_undo(open_page: OpenPage) -> None:
    run = finished_run(DENSE)
    page = tick(open_page("runs"), 0)
    page.button(key="runs_delete").click().run()
    assert RunStore().of(VISITOR) == []
    assert "Deleted “Dense basics”" in words(page)
    page.button(key="runs_undo").click().run()
    assert [found.id for found in RunStore().of(VISITOR)] == [run.id]


def test_a_run_that_is_going_is_not_deleted_and_the_page_says_why(open_page: OpenPage) -> None:
    run = finished_run(DENSE)
    run.set_status("queued")
    page = tick(open_page("runs"), 0)
    page.button(key="runs_delete").click().run()
    assert [found.id for found in RunStore().of(VISITOR)] == [run.id]
    assert "Dense basics: This run is still going" in page.warning[0].value


def test_renaming_shows_markup_as_plain_text(open_page: OpenPage) -> None:
    run = finished_run(DENSE)
    page = tick(open_page("runs"), 0)
    page.text_input(key=f"name_{run.id}").set_value("![x](http://x)").run()
    page.button(key="runs_rename").click().run()
    assert run.status().name == "![x](http://x)"
    assert page.subheader[0].value == r"\!\[x\]\(http\://x\)"


def test_a_visitor_deletes_all_that_is_theirs_and_nothing_else(open_page: OpenPage) -> None:
    finished_run(DENSE)
    other = finished_run(DENSE, visitor="B" * 22)
    journal = Journal(RunStore().root, VISITOR)
    journal.note("mission", "first")
    page = open_page("runs")
    page.button(key="runs_forget").click().run()
    assert not page.exception
    assert [run.id for run in RunStore().all()] == [other.id]
    assert not journal.path.exists()
    assert "All of yours is deleted, 1 run among it" in page.warning[0].value


def test_a_host_says_when_a_run_goes_and_lets_it_be_pinned(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = finished_run(DENSE)
    assert "It is deleted on" not in words(tick(open_page("runs"), 0))
    monkeypatch.setenv("FMNIST_HOSTED", "1")
    page = tick(open_page("runs"), 0)
    assert "deletes runs 7 days after their end" in words(page)
    day = datetime.now(UTC) + timedelta(days=7)
    assert f"It is deleted on {day:%d %B}" in words(page)
    page.button(key="runs_pin").click().run()
    assert run.about.pinned
    assert "It is deleted on" not in words(page)


def test_runs_are_found_by_their_words_and_grouped_by_what_differs(open_page: OpenPage) -> None:
    finished_run(DENSE)
    other = finished_run(DENSE.changed(name="Slower", optimizer="sgd"))
    other.about.annotate("for the talk", ["draft"])
    page = open_page("runs")
    for sought in ("draft", "talk sgd", "SLOWER"):
        page.text_input(key="runs_search").set_value(sought).run()
        assert page.dataframe[0].value["Name"].tolist() == ["Slower"], sought
    page.text_input(key="runs_search").set_value("nowhere").run()
    assert "No run has these words" in words(page)
    page.text_input(key="runs_search").set_value("").run()
    page.selectbox(key="runs_group").set_value("optimizer").run()
    assert not page.exception
    assert page.dataframe[0].value["Optimizer"].tolist() == ["adam", "sgd"]
    assert "adam: 80.00 % (1); sgd: 80.00 % (1)" in words(page)


def test_notes_and_tags_are_kept_and_shown_as_plain_text(open_page: OpenPage) -> None:
    run = finished_run(DENSE)
    page = tick(open_page("runs"), 0)
    page.text_area(key=f"note_{run.id}").set_value("[x](http://x)").run()
    page.text_input(key=f"tags_{run.id}").set_value("a, b ,a").run()
    page.button(key="runs_note").click().run()
    assert (run.about.note, run.about.tags) == ("[x](http://x)", ["a", "b"])
    assert r"\[x\]\(http\://x\)" in words(page)
    with pytest.raises(RunError, match="at most 8 tags"):
        run.about.annotate("", [str(n) for n in range(9)])
    with pytest.raises(RunError, match="at most 500"):
        run.about.annotate("x" * 501, [])


def test_a_baseline_says_how_far_the_others_are(open_page: OpenPage) -> None:
    finished_run(DENSE)
    finished_run(DENSE.changed(name="Slower", batch_size=64))
    page = tick(open_page("runs"), 0, 1)
    page.selectbox(key="runs_baseline").set_value(0).run()
    page.segmented_control(key="runs_axis").set_value("images").run()
    page.slider(key="runs_smoothing").set_value(0.5).run()
    assert not page.exception
    row = page.table[0].value.loc["best validation accuracy"].tolist()
    assert row == ["80.00 %", "80.00 % (+0.00 points)"]


def test_a_link_shows_others_runs_side_by_side_without_buttons(open_page: OpenPage) -> None:
    runs = [finished_run(DENSE, visitor="B" * 22) for _ in range(2)]
    page = open_page("runs", compare=f"{runs[0].id},{runs[1].id},{'C' * 22}")
    assert not page.exception
    assert "2 runs compared" in words(page)
    assert "no such run" in page.warning[0].value
    assert not any(one.key == "runs_delete_all" for one in page.button)
    assert runs[0].about.kept
