"""Teach it on the Classify page: lessons, a private copy, before and after, thrown away."""

import shutil
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from fmnist_core import files
from fmnist_core.models.catalogue import Model
from fmnist_core.models.taught import FOLDER
from fmnist_core.runs.run import Run
from fmnist_core.runs.status import RunState
from fmnist_core.training import fine_tuning
from fmnist_core.training.fine_tuning import Lesson, Outcome
from pages.sections.classify import teach
from tests.pages.test_classify import blot, shown, with_drawing
from tests.support.models import QUARTERS, fill

OpenPage = Callable[..., AppTest]


class Teacher:
    """Stands for the engine, which has tests of its own: teaching is over at once."""

    asked: list[tuple[Model, list[Lesson]]]

    def __init__(self) -> None:
        self.asked = []
        self.ends: RunState = "finished"

    def state(self) -> str:
        return "ready"

    def call(
        self, function: object, folder: str, base: Model, lessons: list[Lesson]
    ) -> "Future[Any]":
        assert function is fine_tuning.teach
        self.asked.append((base, lessons))
        copy = Run(Path(folder))
        if self.ends == "finished":
            labels = np.array([lesson.label for lesson in lessons])
            before = np.tile(np.eye(10, dtype=np.float32)[0], (len(labels), 1))
            after = np.eye(10, dtype=np.float32)[labels]
            found = Outcome(labels, before, after, 0.9, 0.895, 2000, 5, 3.2)
            files.write_json(copy.folder / fine_tuning.FILE, found.as_json())
            for name in ("model.tflite", "model.keras"):
                shutil.copy(QUARTERS, copy.folder / name)
        copy.set_status(self.ends, "No luck." if self.ends == "failed" else "")
        return Future()


@pytest.fixture
def teacher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Teacher:
    root = fill(tmp_path / "models")
    for folder in root.iterdir():
        shutil.copy(QUARTERS, folder / "model.keras")
    monkeypatch.setenv("FMNIST_MODELS", str(root))
    teacher = Teacher()
    monkeypatch.setattr(teach, "engine", lambda: teacher)
    return teacher


def opened(open_page: OpenPage) -> AppTest:
    page = open_page("classify")
    page.session_state["teach"] = True
    return with_drawing(page, blot())


def say(page: AppTest, label: int) -> AppTest:
    page.button_group(key="teach_answer").set_value(label).run()
    return page


def folders(runs_folder: Path) -> list[Path]:
    root = runs_folder / FOLDER
    return [path for path in root.iterdir() if path.is_dir()] if root.is_dir() else []


def test_without_a_lesson_there_is_nothing_to_teach(open_page: OpenPage, teacher: Teacher) -> None:
    page = opened(open_page)
    assert not page.exception
    assert page.button(key="teach_start").disabled
    assert "Choose a class above first" in " ".join(caption.value for caption in page.caption)


def test_a_copy_learns_answers_and_is_thrown_away(
    open_page: OpenPage, teacher: Teacher, runs_folder: Path
) -> None:
    page = say(opened(open_page), 8)
    assert not page.exception
    (sheet,) = shown(page, "contact_sheet")
    assert sheet["captions"] == ["Bag"]
    page.button(key="teach_start").click().run()
    assert not page.exception
    ((base, lessons),) = teacher.asked
    assert base.name == "best"
    assert [lesson.label for lesson in lessons] == [8]
    values = {metric.label: (metric.value, metric.delta) for metric in page.metric}
    assert values["Your items right"] == ("1 of 1", "+1 by teaching")
    forgetting = values["Forgetting: 2,000 validation images right"]
    assert forgetting == ("89.5 %", "-0.5 points, was 90.0 %")
    (row,) = (
        found["pictures"]
        for found in shown(page, "picture_row")
        if found["label"] == "Your items before and after"
    )
    assert row[0]["text"] == "Before: T-shirt/top 100 %"
    assert row[0]["badge"] == "Now: Bag 100 %"
    # It can answer beside the model that it was copied from.
    (folder,) = folders(runs_folder)
    page.button(key=f"teach_use_{folder.name}").click().run()
    assert not page.exception
    assert page.multiselect[0].value == ["best", folder.name]
    titles = [column["title"] for column in shown(page, "answer")[0]["columns"]]
    assert titles == ["Best", "Best, taught"]
    page.button(key=f"teach_discard_{folder.name}").click().run()
    assert not page.exception
    assert folders(runs_folder) == []
    assert page.multiselect[0].value == ["best"]


def test_what_is_said_again_replaces_what_was_said_before(
    open_page: OpenPage, teacher: Teacher
) -> None:
    page = say(say(opened(open_page), 8), 3)
    (sheet,) = shown(page, "contact_sheet")
    assert sheet["captions"] == ["Dress"]


def test_a_failure_is_told_in_a_sentence(open_page: OpenPage, teacher: Teacher) -> None:
    teacher.ends = "failed"
    page = say(opened(open_page), 8)
    page.button(key="teach_start").click().run()
    assert not page.exception
    assert any("No luck" in text.value for text in page.markdown)


def test_another_visitor_sees_no_copy(
    open_page: OpenPage, teacher: Teacher, runs_folder: Path
) -> None:
    page = say(opened(open_page), 8)
    page.button(key="teach_start").click().run()
    (folder,) = folders(runs_folder)
    other = open_page("classify", model=folder.name)
    assert not other.exception
    assert other.multiselect[0].value == ["best"]
    assert "There is no such run or copy" in other.warning[0].value
    assert not other.metric


def test_test_images_are_not_taught(open_page: OpenPage, teacher: Teacher) -> None:
    page = open_page("classify", test="17")
    assert "Wrong answer? Teach it." not in [expander.label for expander in page.expander]
