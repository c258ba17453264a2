import os
from pathlib import Path

import pytest

from fmnist_core.recipes.layers import Dense, Flatten
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.runs.run import Run
from fmnist_core.runs.store import RunStore
from fmnist_core.training import progress
from fmnist_core.training.progress import Mailbox, Speed, Tally


@pytest.fixture
def run(tmp_path: Path) -> Run:
    layers = (Flatten(), Dense(units=10, activation="softmax"))
    found = RunStore(tmp_path / "all").create(Recipe(layers=layers), "me")
    found.set_status("running")
    return found


def test_a_tally_is_the_mean_over_images() -> None:
    tally = Tally()
    assert (tally.mean_loss, tally.accuracy) == (0, 0)
    tally.add(2.0, 1, 1)
    assert (tally.mean_loss, tally.accuracy) == (2.0, 1.0)
    tally.add(6.0, 2, 3)
    assert (tally.mean_loss, tally.accuracy) == (2.0, 0.75)


def test_the_first_chunk_does_not_count_and_the_speed_is_smoothed() -> None:
    speed = Speed()
    assert not speed.add(1000, 60.0)
    speed.update()
    assert speed.value is None
    assert speed.add(100, 1.0)
    assert speed.add(200, 1.0)
    speed.update()
    assert speed.value == 150
    speed.update()  # nothing new
    assert speed.value == 150
    speed.add(100, 0.5)
    speed.update()
    assert speed.value == pytest.approx(0.6 * 150 + 0.4 * 200)


def test_what_is_asked_is_read_once_and_a_few_times_a_second_at_most(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    mailbox = Mailbox(run)
    assert mailbox.poll() is None  # nobody has asked for anything
    run.request("pause")
    assert mailbox.poll() is None  # too soon
    now[0] += 0.2
    asked = mailbox.poll()
    assert asked is not None
    assert asked.command == "pause"
    now[0] += 0.2
    assert mailbox.poll() is None  # known already
    run.request("stop")
    path = run.folder / "control.json"
    os.utime(path, ns=(0, path.stat().st_mtime_ns + 1000))
    now[0] += 0.19
    assert mailbox.poll() is None
    now[0] += 0.02
    asked = mailbox.poll()
    assert asked is not None
    assert asked.command == "stop"


def test_a_wish_for_room_is_seen_and_forgotten(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "POLL_SECONDS", 0)
    mailbox = Mailbox(run)
    assert not mailbox.rest
    mailbox.poll()
    assert not mailbox.rest
    run.ask_to_rest()
    mailbox.poll()
    assert mailbox.rest
    run.clear_rest()
    mailbox.poll()
    assert not mailbox.rest
