"""Field figures count accepted classes per set and class; a bad folder is explained."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from fmnist_core import field


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
    report = field.measure(AlwaysOrdered(), tmp_path)
    assert report.sets == {"drawings": field.Score(1, 1, 1), "photos": field.Score(1, 2, 3)}
    assert report.classes["photos"]["Pullover"] == field.Score(0, 1, 2)
    assert list(report.ranks) == [0, 0, 2, 9]
    assert report.as_json()["photos"]["top3"] == pytest.approx(2 / 3, abs=1e-4)
    assert "33.3%" in str(report)


@pytest.mark.parametrize(
    "manifest", ["file,class_index\na.png,1\n", "file,class_index,accepted\na,x,y\n"]
)
def test_a_bad_manifest_is_named_with_its_line(tmp_path: Path, manifest: str) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "manifest.csv").write_text(manifest)
    with pytest.raises(field.FieldError, match=r"manifest.csv, line 2"):
        field.measure(AlwaysOrdered(), tmp_path)


def test_a_folder_without_sets_says_what_was_expected(tmp_path: Path) -> None:
    with pytest.raises(field.FieldError, match="expected a folder of sets"):
        field.read(tmp_path)


def test_a_missing_picture_is_named(tmp_path: Path) -> None:
    write_set(tmp_path, "photos", [("a.png", 0, "0")])
    (tmp_path / "photos" / "a.png").unlink()
    with pytest.raises(field.FieldError, match=r"a\.png"):
        field.measure(AlwaysOrdered(), tmp_path)
