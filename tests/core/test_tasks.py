import os
import time
from pathlib import Path

import pytest

from fmnist_core import files, tasks
from fmnist_core.tasks import Progress, Stopped, Task, perform, step


@pytest.fixture
def task(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Task:
    monkeypatch.setattr(tasks, "LOOK_SECONDS", 0)
    return Task.begin(tmp_path)


def test_a_task_gives_its_result_and_leaves_no_file(task: Task) -> None:
    assert perform(task.file, divmod, (7, 2)) == (3, 1)
    assert not list(task.file.parent.iterdir())


def test_what_a_task_says_reaches_the_page(task: Task) -> None:
    def work() -> Progress:
        step(0.25, "Counting")
        return task.progress()

    assert perform(task.file, work, ()) == Progress(0.25, "Counting", {})


def test_a_stopped_task_ends_at_its_next_step(task: Task) -> None:
    reached = []

    def work() -> None:
        reached.append("begin")
        task.stop()
        step(0.5)
        reached.append("end")

    with pytest.raises(Stopped):
        perform(task.file, work, ())
    assert reached == ["begin"]


def test_a_task_stopped_in_the_queue_never_begins(task: Task) -> None:
    task.stop()
    with pytest.raises(Stopped):
        perform(task.file, pytest.fail, ("it began",))


def test_a_task_ends_when_the_page_falls_silent(
    task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    def work() -> str:
        task.wait()
        step(0.5)  # just heard
        monkeypatch.setattr(tasks, "SILENCE_SECONDS", -1)
        step(0.6)
        return "went on"

    with pytest.raises(Stopped):
        perform(task.file, work, ())


def test_the_first_task_makes_the_folder_of_runs(tmp_path: Path) -> None:
    task = Task.begin(tmp_path / "runs" / "of" / "mine")
    assert perform(task.file, task.progress, ()) == Progress(0.0, "", {})


def test_step_outside_a_task_does_nothing() -> None:
    step(0.5, "Alone")


def test_files_of_tasks_that_nobody_took_away_go_after_a_day(tmp_path: Path) -> None:
    old, young = Task.begin(tmp_path), Task.begin(tmp_path)
    now = time.time()
    os.utime(old.file, (now - 25 * 3600, now - 25 * 3600))
    os.utime(young.file, (now - 23 * 3600, now - 23 * 3600))
    third = Task.begin(tmp_path)
    assert {path.name for path in third.file.parent.iterdir()} == {young.file.name, third.file.name}
    assert third.file.parent.stat().st_mode & 0o777 == 0o700  # nobody else reads what is done


@pytest.mark.parametrize(
    ("said", "progress"),
    [
        ({"done": 1.5, "words": "x" * 300}, Progress(1.0, "x" * 200, {})),
        ({"done": -1}, Progress(0.0, "", {})),
        ({}, Progress(0.0, "", {})),
    ],
)
def test_whatever_a_worker_says_is_a_share_and_few_words(
    task: Task, said: dict[str, object], progress: Progress
) -> None:
    files.write_json(task.file.with_suffix(".json"), said)
    assert task.progress() == progress


def test_a_page_that_waits_touches_its_file_and_makes_no_new_one(task: Task) -> None:
    os.utime(task.file, (1, 1))
    task.wait()
    assert task.file.stat().st_mtime > 1
    task.stop()
    task.wait()
    task.stop()
    assert not task.file.exists()


def test_a_worker_looks_five_times_a_second_at_most(
    task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "LOOK_SECONDS", 0.2)
    now = [100.0]
    monkeypatch.setattr(tasks.time, "monotonic", lambda: now[0])

    def work() -> list[float]:
        found = []
        for later in (0.1, 0.05, 0.06, 0.2, 0.19):
            now[0] += later
            step(now[0] - 100)
            found.append(round(task.progress().done, 2))
        return found

    assert perform(task.file, work, ()) == [0, 0, 0.21, 0.41, 0.41]


def test_a_task_ends_when_its_page_was_silent_for_thirty_seconds(
    task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr(tasks.time, "monotonic", lambda: now[0])
    reached: list[float] = []

    def work() -> None:
        for later in (30.0, 30.0, 0.5):
            now[0] += later
            if later == 30.0 and not reached:
                os.utime(task.file, (7, 7))  # the page is heard, by whatever clock
            step(0.5)
            reached.append(now[0])

    with pytest.raises(Stopped):
        perform(task.file, work, ())
    assert reached == [130.0, 160.0]


def test_where_no_folder_is_shared_a_task_goes_on_unheard(tmp_path: Path) -> None:
    def work() -> str:
        step(0.5)
        return "done"

    assert perform(tmp_path / "elsewhere" / "task", work, ()) == "done"
