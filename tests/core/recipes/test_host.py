"""What Linux says of this computer: bfloat16 in its processor, and the limit of its memory."""

import re
from pathlib import Path

import pytest

from fmnist_core.recipes.host import (
    HELD_BYTES,
    HOSTED,
    LOCAL,
    Limits,
    current,
    economical,
    go_first,
    hardware,
    has_bfloat16,
    memory_kills,
    memory_left,
    memory_limit,
)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("flags\t\t: fpu sse4_2 avx512_bf16 amx_tile", True),
        ("flags\t\t: fpu amx_bf16", True),
        ("Features\t: fp asimd bf16", True),
        ("flags\t\t: fpu avx2 avx512f", False),
        ("model name\t: not a bf16 flag", False),
    ],
)
def test_flags_decide(tmp_path: Path, line: str, expected: bool) -> None:
    path = tmp_path / "cpuinfo"
    path.write_text(f"processor\t: 0\n{line}\n")
    assert has_bfloat16(path) is expected


def test_unknown_is_no(tmp_path: Path) -> None:
    assert not has_bfloat16(tmp_path / "missing")


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        ("memory.max", "1073741824\n", 2**30),
        ("memory.max", "max\n", None),
        ("memory/memory.limit_in_bytes", "536870912\n", 2**29),
        ("memory/memory.limit_in_bytes", "9223372036854771712\n", None),
    ],
)
def test_the_containers_limit_of_memory_is_read(
    tmp_path: Path, file: str, text: str, expected: int | None
) -> None:
    path = tmp_path / file
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    assert memory_limit(tmp_path) == expected


@pytest.mark.parametrize(
    ("membership", "files", "expected"),
    [
        # A service of systemd.
        ("0::/system.slice/lab.service", {"system.slice/lab.service/memory.max": "900"}, 900),
        # What bounds a group bounds the groups in it.
        (
            "0::/lab/web",
            {"lab/web/memory.max": "max", "lab/memory.max": "700", "other/memory.max": "5"},
            700,
        ),
        (
            "5:cpu:/elsewhere\n4:memory:/lab/web\n0::/",
            {
                "memory/memory.limit_in_bytes": "9223372036854771712",
                "memory/lab/memory.limit_in_bytes": "800",
                "memory/lab/web/memory.limit_in_bytes": "9223372036854771712",
                "memory/elsewhere/memory.limit_in_bytes": "5",
            },
            800,
        ),
        # A container that is told its place on the host, and sees it as the root.
        ("4:memory:/docker/abc", {"memory/memory.limit_in_bytes": "600"}, 600),
        ("0::/../abc", {"memory.max": "500"}, 500),
    ],
)
def test_a_limit_further_up_or_down_is_found(
    tmp_path: Path, membership: str, files: dict[str, str], expected: int
) -> None:
    cgroup = tmp_path / "cgroup"
    for name, text in files.items():
        path = cgroup / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{text}\n")
    path = tmp_path / "membership"
    path.write_text(f"{membership}\n")
    assert memory_limit(cgroup, path) == expected


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("lab/memory.events", "low 0\nmax 2811\noom 5\noom_kill 3\noom_group_kill 0\n"),
        ("memory/lab/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n"),
    ],
)
def test_processes_that_were_ended_for_want_of_memory_are_counted(
    tmp_path: Path, file: str, text: str
) -> None:
    membership = tmp_path / "membership"
    membership.write_text("4:memory:/lab\n0::/lab\n")
    assert memory_kills(tmp_path, membership) == 0
    path = tmp_path / file
    path.parent.mkdir(parents=True)
    path.write_text(text)
    assert memory_kills(tmp_path, membership) == 3


@pytest.mark.parametrize(
    ("bound", "stat"),
    [
        ("lab/memory.max", "anon 600\nfile 250\nshmem 50\n"),
        ("memory/lab/memory.limit_in_bytes", "cache 9\nrss 9\ntotal_rss 600\ntotal_shmem 50\n"),
    ],
)
def test_what_processes_hold_is_not_left_for_files(tmp_path: Path, bound: str, stat: str) -> None:
    membership = tmp_path / "membership"
    membership.write_text("4:memory:/lab\n0::/lab\n")
    assert memory_left(tmp_path, membership) is None
    path = tmp_path / bound
    path.parent.mkdir(parents=True)
    path.write_text("1000\n")
    path.with_name("memory.stat").write_text(stat)
    assert memory_left(tmp_path, membership) == 350


@pytest.mark.parametrize(("before", "after"), [("0", "500"), ("-500", "0"), ("900", "1000")])
def test_a_process_that_goes_first_ranks_above_those_beside_it(
    tmp_path: Path, before: str, after: str
) -> None:
    path = tmp_path / "oom_score_adj"
    path.write_text(f"{before}\n")
    go_first(path)
    assert path.read_text() == after


def test_where_nothing_ranks_processes_none_is_ranked(tmp_path: Path) -> None:
    go_first(tmp_path / "oom_score_adj")
    assert not (tmp_path / "oom_score_adj").exists()


def test_without_a_container_there_is_no_limit(tmp_path: Path) -> None:
    assert memory_limit(tmp_path) is None


def test_where_memory_is_short_a_run_may_take_what_the_app_leaves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FMNIST_MEMORY_MB", "1600")
    assert (economical(), current()) == (False, LOCAL)
    monkeypatch.setenv("FMNIST_MEMORY_MB", "1000")
    assert economical()
    assert current().memory_bytes == 1_000_000_000 - HELD_BYTES
    monkeypatch.setenv("FMNIST_MEMORY_MB", "512")
    assert current().memory_bytes == 0


def test_a_small_web_process_refuses_nothing_that_other_machines_train(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FMNIST_MEMORY_MB", "512")
    monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", "tcp://scheduler:8786")
    assert (economical(), current()) == (False, LOCAL)


@pytest.mark.parametrize(("chosen", "expected"), [("1", HOSTED), ("0", LOCAL), ("yes", LOCAL)])
def test_a_variable_says_whether_this_is_the_shared_host(
    monkeypatch: pytest.MonkeyPatch, chosen: str, expected: Limits
) -> None:
    monkeypatch.setenv("FMNIST_HOSTED", chosen)
    assert current() is expected


def test_limits_are_those_that_the_pages_tell() -> None:
    assert Limits("this computer", 64, 50_000_000, 500_000_000, 6_000_000_000, 1000) == LOCAL
    assert (LOCAL.minutes_an_hour, LOCAL.minutes_away, LOCAL.trials) == (None, None, 1000)
    assert (HOSTED.layers, HOSTED.epochs, HOSTED.trials) == (40, 50, 24)
    assert (HOSTED.minutes_an_hour, HOSTED.minutes_away, HOSTED.days_kept) == (20, 10, 7)
    assert (HOSTED.parameters, HOSTED.memory_bytes) == (2_000_000, 700_000_000)


def test_this_computer_is_told_by_its_cores() -> None:
    assert re.fullmatch(r"(1 core|([2-9]|\d\d+) cores) of .+, no GPU", hardware())
