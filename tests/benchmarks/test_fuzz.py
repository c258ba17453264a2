"""The fuzzer's own parts, without the fuzzer: what it begins from is good, and what it notices."""

import json
import random
import shutil
import sys
import tempfile
from pathlib import Path

import pytest

from benchmarks.fuzz import NAMES, Guard, findings, keep, row
from benchmarks.fuzz_targets import spoil_json, spoil_link, targets
from fmnist_core.recipes.presets import LIGHTNING


def test_every_target_reads_what_it_begins_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    found = targets()
    assert tuple(found) == NAMES
    for target in found.values():
        for content in target.good:
            target.read(content)


def test_what_is_spoilt_is_something_else_and_keeps_its_form() -> None:
    content = LIGHTNING.recipe.to_json().encode()
    spoilt = {spoil_json(content, random.Random(seed)) for seed in range(20)}
    assert len(spoilt) >= 15
    assert all(isinstance(json.loads(one), dict) for one in spoilt)
    link = LIGHTNING.recipe.to_link().encode()
    assert len({spoil_link(link, random.Random(seed)) for seed in range(20)} - {link}) >= 15


@pytest.mark.skipif(sys.platform != "linux", reason="The fuzzer is for Linux")
def test_a_file_outside_the_allowed_folder_is_noticed_and_not_written(tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    guard = Guard(inside)
    with guard.watching():
        (inside / "a").write_text("a")
        assert (inside / "a").read_text() == "a"
        (inside / "b" / "c").mkdir(parents=True)
        shutil.rmtree(inside / "b")  # by names within an opened folder
        assert guard.seen == []
        for path in (outside, inside / ".." / "outside"):
            with pytest.raises(PermissionError):
                path.write_text("b")
        with pytest.raises(PermissionError):
            (tmp_path / "folder").mkdir()
    assert guard.seen == ["open", "open", "os.mkdir"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["inside", "runs"]
    outside.write_text("afterwards")


def test_a_finding_is_kept_once_for_its_place(tmp_path: Path) -> None:
    for content in (b"first", b"second"):
        keep(tmp_path, "ValueError-store-7", content, "why")
    (tmp_path / "timeout-1").write_bytes(b"slow")
    assert [path.name for path in findings(tmp_path)] == ["ValueError-store-7.input", "timeout-1"]
    assert findings(tmp_path)[0].read_bytes() == b"first"


def test_the_table_has_the_last_of_what_the_fuzzer_said() -> None:
    said = (
        "#2 INITED cov: 12 ft: 2\n#9 NEW cov: 1345 ft: 3\n"
        "stat::number_of_executed_units: 12345\nstat::peak_rss_mb:              310\n"
    )
    assert row("link", 60.4, said, 2) == "| link | 12,345 | 60 | 1,345 | 310 | 2 |"
