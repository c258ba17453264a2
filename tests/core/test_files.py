"""Files are whole or not there, and whatever is damaged reads as nothing."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
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


NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_content_is_compared_with_its_digest_in_either_case() -> None:
    assert files.digest(b"") == NOTHING
    assert files.altered(b"", NOTHING.upper()) == ""
    assert files.altered(b"", "abc") == f"SHA-256 {NOTHING}, expected abc"
    assert files.altered(b"", "") == f"SHA-256 {NOTHING}, expected one on its card"


def test_json_is_written_as_it_is_and_what_is_no_json_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    files.write_json(path, {"name": "Größe", "size": 1})
    assert path.read_text(encoding="utf-8") == '{"name": "Größe", "size": 1}'
    with pytest.raises(ValueError, match="not JSON compliant"):
        files.write_json(path, {"name": float("nan")})
    assert files.read_json(path) == {"name": "Größe", "size": 1}
    assert list(tmp_path.glob("*a.json*")) == [path]


def test_json_of_more_than_a_million_bytes_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b"{}".ljust(1_000_000))
    assert files.read_json(path) == {}
    path.write_bytes(b"{}".ljust(1_000_001))
    assert files.read_json(path) is None


@pytest.mark.parametrize("compressed", [True, False])
def test_arrays_come_back_and_compressed_ones_are_small(tmp_path: Path, compressed: bool) -> None:
    path = tmp_path / "a.npz"
    arrays: dict[str, np.ndarray] = {"one": np.zeros(10_000, np.uint8), "two": np.arange(3)}
    files.write_arrays(path, arrays.items(), compressed=compressed)
    found = files.read_arrays(path)
    assert found is not None
    assert list(found) == ["one", "two"]
    assert all(np.array_equal(found[name], array) for name, array in arrays.items())
    assert (path.stat().st_size < 2_000) is compressed


def test_objects_are_neither_written_nor_read(tmp_path: Path) -> None:
    objects = np.array([{"a": 1}], dtype=object)
    with pytest.raises(ValueError, match="allow_pickle"):
        files.write_arrays(tmp_path / "a.npz", [("a", objects)])
    np.savez(tmp_path / "b.npz", a=objects)
    assert files.read_arrays(tmp_path / "b.npz") is None
    assert files.read_arrays(tmp_path / "missing.npz") is None


def test_what_does_not_change_its_size_much_is_stored_as_it_is(tmp_path: Path) -> None:
    files.write_arrays(tmp_path / "a.npz", [("one", np.zeros(10_000, np.uint8))])
    assert (tmp_path / "a.npz").stat().st_size > 10_000


@pytest.mark.parametrize("content", [b"[" * 100_000, b"\xff", b"{", b"[]", b"", None])
def test_what_is_no_json_object_reads_as_none(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "a.json").write_bytes(content)
    assert files.read_json(tmp_path / "a.json") is None


def test_lines_follow_each_other_and_nobody_else_writes_them(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    for number in range(3):
        files.append_line(path, {"a": number})
    assert path.read_bytes() == b'{"a": 0}\n{"a": 1}\n{"a": 2}\n'
    assert path.stat().st_mode & 0o133 == 0
    with pytest.raises(ValueError, match="not JSON compliant"):
        files.append_line(path, {"a": float("inf")})
    assert len(path.read_bytes()) == 27


def test_lines_after_one_that_was_cut_off_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    files.append_line(path, {"a": 1})
    assert files.read_lines(path) == ([{"a": 1}], 9)
    with path.open("ab") as stream:
        stream.write(b'{"a": 2')
    assert files.read_lines(path) == ([{"a": 1}], 9)
    files.append_line(path, {"a": 3})
    assert path.read_bytes() == b'{"a": 1}\n{"a": 2\n{"a": 3}\n'
    assert files.read_lines(path, 9) == ([{"a": 3}], 26)
    assert files.read_lines(tmp_path / "missing", 4) == ([], 4)


def test_lines_that_are_no_objects_are_skipped(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'[1]\n{"a": 1}\n' + b"[" * 100_000 + b'\n\xff\n{"a": 2}\n')
    assert files.read_lines(path)[0] == [{"a": 1}, {"a": 2}]


@pytest.mark.parametrize(
    ("value", "number", "whole"),
    [
        (3, 3.0, 3),
        (2.9, 2.9, 2),
        (-4, -4.0, 0),
        (0, 0.0, 0),
        (True, None, 0),
        ("3", None, 0),
        (float("nan"), None, 0),
        (float("inf"), None, 0),
        (1e15, None, 0),
        (-1e15, None, 0),
        (1e15 - 1, 1e15 - 1, 10**15 - 1),
    ],
)
def test_only_sensible_numbers_are_numbers(value: object, number: float | None, whole: int) -> None:
    assert files.number({"a": value}, "a") == number
    assert files.whole({"a": value}, "a") == whole
    assert files.number({}, "a") is None


def test_texts_are_cut_to_their_limit() -> None:
    content = {"a": "x" * 600, "b": 3}
    assert files.text(content, "a") == "x" * 500
    assert files.text(content, "a", 4) == "xxxx"
    assert files.text(content, "b") == files.text(content, "c") == ""
