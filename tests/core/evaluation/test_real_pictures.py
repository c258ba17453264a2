"""Figures on real pictures count accepted classes per set and class; a bad folder is explained."""

import json
from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from fmnist_core.__main__ import main
from fmnist_core.evaluation import real_pictures


def write_set(folder: Path, name: str, rows: list[tuple[str, int, str]]) -> None:
    (folder / name).mkdir()
    lines = ["file,class_index,accepted,style"]
    for file, label, accepted in rows:
        picture = np.full((60, 60, 3), 255, np.uint8)
        cv2.rectangle(picture, (20, 10), (40, 50), (0, 0, 0), 2)
        cv2.imwrite(str(folder / name / file), picture)
        lines.append(f"{file},{label},{accepted},made")
    (folder / name / "manifest.csv").write_text("\n".join(lines))


class AlwaysOrdered:
    """Answers 0, 1, 2, ... from likely to unlikely, whatever it sees."""

    def probabilities(self, images: np.ndarray) -> np.ndarray:
        return np.tile(np.linspace(0.19, 0.01, 10, dtype=np.float32), (len(images), 1))


def test_scores_count_accepted_classes_per_set_and_class(tmp_path: Path) -> None:
    write_set(tmp_path, "photos", [("a.png", 0, "0"), ("b.png", 2, "2;7"), ("c.png", 2, "9")])
    write_set(tmp_path, "drawings", [("d.png", 7, "7;0")])
    report = real_pictures.measure(AlwaysOrdered(), tmp_path)
    assert report.sets == {
        "drawings": real_pictures.Score(1, 1, 1),
        "photos": real_pictures.Score(1, 2, 3),
    }
    assert report.classes["photos"]["Pullover"] == real_pictures.Score(0, 1, 2)
    assert list(report.ranks) == [0, 0, 2, 9]
    assert report.as_json()["photos"]["top3"] == pytest.approx(2 / 3, abs=1e-4)


@pytest.mark.parametrize(
    "manifest",
    [
        b"file,class_index\na.png,1\n",
        b"file,class_index,accepted\na,x,y\n",
        b"file,class_index,accepted\n" + b"a" * 200_000,
    ],
    ids=["column", "numbers", "field"],
)
def test_a_bad_manifest_is_named_with_its_line(tmp_path: Path, manifest: bytes) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "manifest.csv").write_bytes(manifest)
    with pytest.raises(real_pictures.RealPicturesError, match=r"manifest.csv, line [12]: expected"):
        real_pictures.measure(AlwaysOrdered(), tmp_path)


def test_a_folder_without_sets_says_what_was_expected(tmp_path: Path) -> None:
    with pytest.raises(real_pictures.RealPicturesError, match="expected a folder of sets"):
        real_pictures.read(tmp_path)


def test_a_missing_picture_is_named(tmp_path: Path) -> None:
    write_set(tmp_path, "photos", [("a.png", 0, "0")])
    (tmp_path / "photos" / "a.png").unlink()
    with pytest.raises(real_pictures.RealPicturesError, match=r"a\.png"):
        real_pictures.measure(AlwaysOrdered(), tmp_path)


def test_the_command_prints_sets_and_classes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_set(tmp_path, "photos", [("a.png", 0, "0"), ("c.png", 2, "9")])
    fixed = SimpleNamespace(name="fixed", classifier=AlwaysOrdered)
    monkeypatch.setattr("fmnist_core.commands.real_pictures.find", lambda name, store: fixed)
    assert main(["field", str(tmp_path), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["sets"]["photos"]["top1"] == 0.5
    assert found["sets"]["photos"]["classes"]["Pullover"]["count"] == 1
    assert main(["real-pictures", str(tmp_path)]) == 0
    assert "50.0%" in capsys.readouterr().out
    assert main(["field", str(tmp_path / "nowhere")]) == 2
    assert "manifest.csv" in capsys.readouterr().err


def test_a_rank_is_the_place_of_the_first_accepted_class() -> None:
    probabilities = np.array([0.1, 0.4, 0.4, 0.1, *[0.0] * 6])
    assert real_pictures.rank(probabilities, {1}) == 0
    assert real_pictures.rank(probabilities, {2}) == 1  # equals in the order of the classes
    assert real_pictures.rank(probabilities, {9, 3}) == 3


def test_the_third_answer_counts_among_three_and_the_fourth_does_not() -> None:
    files = [real_pictures.RealPicture("photos", Path(), 0, frozenset({0}))] * 4
    found = real_pictures.score(files, [0, 1, 2, 3]).sets["photos"]
    assert (found.top1, found.top3, found.count) == (1, 3, 4)
