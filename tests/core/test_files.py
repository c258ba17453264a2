"""Files are whole or not there, on every system."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from fmnist_core import files


def test_on_windows_a_writer_waits_for_the_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "sys", SimpleNamespace(platform="win32"))
    replace, refused = Path.replace, [PermissionError("in use"), PermissionError("in use")]

    def held(path: Path, target: Path) -> Path:
        if refused:
            raise refused.pop()
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", held)
    files.write_json(tmp_path / "a.json", {"a": 1})
    assert files.read_json(tmp_path / "a.json") == {"a": 1}
    assert not list(tmp_path.glob(".a.json*"))


def test_a_line_cut_short_does_not_spoil_the_next(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    files.append_line(path, {"a": 1})
    with path.open("ab") as stream:
        stream.write(b'{"b": ')
    files.append_line(path, {"c": 3})
    rows, end = files.read_lines(path)
    assert rows == [{"a": 1}, {"c": 3}]
    assert end == path.stat().st_size
