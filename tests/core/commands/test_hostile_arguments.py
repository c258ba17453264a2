"""Whatever stands on the command line: exit status 2 and one sentence, none of them a surprise."""

from pathlib import Path

import pytest

from fmnist_core.__main__ import main

WORDS = (
    "",
    " ",
    "-",
    "--",
    "..",
    "/",
    "/dev/full",
    "a\0b",
    "\udcff",
    "a\nb",
    "x" * 5000,
    "9" * 5000,
    "-7",
    "{}",
    "s3:/x",
    "%s%n",
)
BEFORE: tuple[list[str], ...] = (
    ["predict"],
    ["predict", "best"],
    ["predict", "best", "--kind"],
    ["evaluate"],
    ["export"],
    ["export", "best", "--format"],
    ["train", "--preset"],
    ["train", "--recipe"],
    ["train", "--preset", "lightning", "--epochs"],
    ["train", "--preset", "lightning", "--examples"],
    ["sweep"],
    ["sweep", "--resume"],
    ["real-pictures"],
    ["zoo"],
    ["zoo", "train"],
    ["zoo", "time"],
    ["atlas"],
    ["data"],
    [],
)


@pytest.mark.parametrize("before", BEFORE, ids=" ".join)
def test_anything_for_an_argument_is_refused_in_one_sentence(
    before: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for word in (*WORDS, str(tmp_path)):
        try:
            assert main([*before, word]) == 2, word
        except SystemExit as error:
            pytest.fail(f"{word!r}: {error}")
        said = capsys.readouterr().err
        assert "FMNIST_TRACEBACK" not in said, word
        assert "Traceback" not in said, word
        assert 0 < len(said.splitlines()[-1]) < 12_000


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe", b"[" * 30_000, b'{"seed": ' + b"9" * 5000 + b"}", bytes(100), b"{" * 99_999],
    ids=range(6),
)
@pytest.mark.parametrize(
    "before", [["train", "--recipe"], ["sweep"], ["predict", "best"]], ids=" ".join
)
def test_any_file_is_refused_in_one_sentence(
    before: list[str], content: bytes, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    assert main([*before, str(path)]) == 2
    said = capsys.readouterr().err
    assert "FMNIST_TRACEBACK" not in said
    assert said.count("\n") == 1
