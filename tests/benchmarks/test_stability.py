import numpy as np
import pytest
from PIL import Image

from benchmarks.stability import COPIES, table
from fmnist_core.preprocessing.open_picture import flatten, open_picture


@pytest.mark.parametrize("name", ["16-bit PNG", "brightness +10 %", "4 pixels cropped"])
def test_copy_is_a_file_that_visitors_may_bring(name: str) -> None:
    picture = Image.new("RGB", (100, 60), (200, 100, 240))
    found = np.asarray(flatten(open_picture(COPIES[name](picture))))
    expected = (220, 110, 255) if name.startswith("bright") else (200, 100, 240)
    assert found.shape[:2] == ((52, 92) if "cropped" in name else (60, 100))
    assert found.reshape(-1, 3).tolist() == [list(expected)] * (found.size // 3)


def test_table_names_the_share_that_stayed() -> None:
    kept = {"one": np.array([True, False]), "two": np.array([True, True])}
    assert [line.split()[-1] for line in table(kept).splitlines()] == ["50.0%", "100.0%", "75.0%"]
