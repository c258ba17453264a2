import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest

from fmnist_core.runs import mirror as mirrors
from fmnist_core.runs.mirror import Mirror, MirrorError, is_remote
from fmnist_core.runs.store import RunStore
from tests.support.processes import wait_for

ADDRESS = "memory://bucket/runs"


@pytest.fixture(autouse=True)
def store() -> Iterator[fsspec.AbstractFileSystem]:
    """The place far away: in memory, and empty."""
    memory = fsspec.filesystem("memory")
    memory.store.clear()
    yield memory
    memory.store.clear()


@pytest.fixture
def here(tmp_path: Path) -> Mirror:
    return Mirror(ADDRESS, tmp_path / "here")


@pytest.fixture
def there(tmp_path: Path) -> Mirror:
    return Mirror(ADDRESS, tmp_path / "there")


def write(mirror: Mirror, name: str, text: str) -> Path:
    path = mirror._folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def files(mirror: Mirror) -> dict[str, str]:
    found = sorted(path for path in mirror._folder.rglob("*") if path.is_file())
    return {path.relative_to(mirror._folder).as_posix(): path.read_text() for path in found}


def test_what_is_written_or_deleted_on_one_side_is_so_on_the_other(
    here: Mirror, there: Mirror
) -> None:
    first = write(here, "A/status.json", "1")
    write(here, "A/history.jsonl", "a")
    write(here, "B/status.json", "2")
    here.push()
    there.pull()
    assert files(there) == {"A/history.jsonl": "a", "A/status.json": "1", "B/status.json": "2"}
    write(there, "A/history.jsonl", "ab")
    (there._folder / "B/status.json").unlink()
    there.push()
    here.pull()
    assert files(here) == {"A/history.jsonl": "ab", "A/status.json": "1"}
    first.unlink()
    here.push()
    there.pull("A")
    assert files(there) == {"A/history.jsonl": "ab"}


def test_only_what_changed_travels(here: Mirror, store: fsspec.AbstractFileSystem) -> None:
    write(here, "A/one", "1")
    write(here, "A/two", "2")
    here.push()
    before = {name: store.info(name)["created"] for name in store.find("/bucket/runs")}
    write(here, "A/two", "22")
    here.push()
    changed = [name for name, made in before.items() if store.info(name)["created"] != made]
    assert changed == ["/bucket/runs/A/two"]
    here.pull()
    assert files(here) == {"A/one": "1", "A/two": "22"}


def test_after_a_restart_nothing_is_sent_or_fetched_again(
    here: Mirror, tmp_path: Path, store: fsspec.AbstractFileSystem
) -> None:
    path = write(here, "A/one", "1")
    here.push()
    made, kept = store.info("/bucket/runs/A/one")["created"], path.stat().st_ino
    again = Mirror(ADDRESS, tmp_path / "here")
    again.pull()
    again.push()
    assert store.info("/bucket/runs/A/one")["created"] == made
    assert path.stat().st_ino == kept


def test_after_a_crash_what_was_not_sent_is_not_lost(here: Mirror, tmp_path: Path) -> None:
    path = write(here, "A/one", "1")
    here.push()
    path.write_text("later")
    os.utime(path, (time.time() + 1, time.time() + 1))
    again = Mirror(ADDRESS, tmp_path / "here")
    again.pull()
    assert path.read_text() == "later"
    again.push()
    other = Mirror(ADDRESS, tmp_path / "third")
    other.pull()
    assert files(other) == {"A/one": "later"}


def test_a_disk_that_forgot_takes_all_from_there_and_deletes_nothing(
    here: Mirror, there: Mirror
) -> None:
    path = write(here, "A/one", "1")
    here.push()
    path.unlink()
    path.parent.rmdir()
    here._folder.rmdir()
    here.push()
    there.pull()
    assert files(there) == {"A/one": "1"}


def test_one_folder_and_some_of_its_files_can_be_meant(here: Mirror, there: Mirror) -> None:
    for name in ("A/control.json", "A/status.json", "AB/status.json"):
        write(here, name, name)
    here.push("A")
    there.pull("A", ["control.json"])
    assert list(files(there)) == ["A/control.json"]
    there.pull()
    assert list(files(there)) == ["A/control.json", "A/status.json"]


def test_what_is_deleted_while_it_is_on_its_way_is_passed_over(
    here: Mirror, there: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("A/one", "A/two"):
        write(here, name, name)
    fetch = there._remote.cat_file
    monkeypatch.setattr(here, "_files", lambda _: [("A/gone", (1,)), ("A/two", (1,))])
    here.push()
    monkeypatch.undo()
    here.push()

    def cat_file(path: str) -> bytes:
        if path.endswith("one"):
            raise FileNotFoundError(path)
        return fetch(path)

    monkeypatch.setattr(there._remote, "cat_file", cat_file)
    there.pull()
    assert files(there) == {"A/two": "A/two"}


def test_half_written_files_and_waiting_tasks_stay_here(here: Mirror, there: Mirror) -> None:
    for name in ("A/.x.tmp", ".tasks/one", "A/two"):
        write(here, name, name)
    here.push()
    there.pull()
    assert list(files(there)) == ["A/two"]


def test_in_the_background_both_sides_follow_and_a_fault_ends_nothing(
    here: Mirror, there: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mirrors, "TICK_SECONDS", 0.01)
    ends = [here.follow(lambda: ["A"]), there.follow(lambda: ["A"])]
    waited_for = [not one.daemon for one in threading.enumerate() if one.name == "mirror"]
    with monkeypatch.context() as broken:
        broken.setattr(here, "push", lambda: 1 / 0)
        time.sleep(0.05)
    write(here, "A/rest", "")
    wait_for(lambda: files(there) == {"A/rest": ""}, 10)
    write(there, "A/status.json", "rests")
    wait_for(lambda: files(here) == {"A/rest": "", "A/status.json": "rests"}, 10)
    for end in ends:
        end()
    write(here, "A/late", "")
    time.sleep(0.05)
    assert "A/late" not in files(there)
    assert waited_for == [False, False]  # by a process that ends


def test_a_store_of_runs_may_be_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, here: Mirror
) -> None:
    write(here, "A/one", "1")
    here.push()
    monkeypatch.setenv("FMNIST_MIRROR", str(tmp_path / "mirrors"))
    monkeypatch.setenv("FMNIST_RUNS", ADDRESS)
    found = RunStore()
    assert found.mirror is not None
    assert found.root.parent == tmp_path / "mirrors"
    assert (found.root / "A/one").read_text() == "1"
    assert RunStore(tmp_path / "local").mirror is None
    assert RunStore(f"file://{tmp_path}/local").root == tmp_path / "local"


def test_addresses_that_cannot_be_are_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(MirrorError, match="cannot be at nowhere://x"):
        Mirror("nowhere://x", tmp_path)
    assert is_remote("s3://bucket/runs")
    assert not is_remote("/shared/runs")
    assert not is_remote("file:///shared/runs")


def test_a_place_that_cannot_be_reached_is_told_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FMNIST_MIRROR", str(tmp_path))
    monkeypatch.setattr(Mirror, "pull", lambda _: 1 / 0)
    with pytest.raises(MirrorError, match=r"runs at memory://bucket/runs cannot be reached \(Zero"):
        RunStore(ADDRESS)
