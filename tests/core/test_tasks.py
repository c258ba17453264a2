from pathlib import Path

import pytest

from fmnist_core import tasks
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

    assert perform(task.file, work, ()) == Progress(0.25, "Counting")


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


def test_step_outside_a_task_does_nothing() -> None:
    step(0.5, "Alone")
