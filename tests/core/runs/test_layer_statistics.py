import json
from pathlib import Path

import numpy as np
import pytest

from fmnist_core.runs import layer_statistics
from fmnist_core.runs.layer_statistics import FILE, nothing

NAMES = ("1 Conv2D", "2 Dense")


def sizes(first: float, second: float) -> np.ndarray:
    return np.array([first, second])


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    one = nothing(NAMES, 256).extended(1, sizes(0.1, 0.2), sizes(3, 4))
    one.extended(2, sizes(0.3, 0.4), sizes(5, 6)).write(tmp_path)
    found = layer_statistics.read(tmp_path)
    assert found is not None
    assert (found.names, found.images, found.epochs) == (NAMES, 256, (1, 2))
    assert found.weights.tolist() == [[0.1, 0.2], [0.3, 0.4]]
    assert found.gradients.tolist() == [[3, 4], [5, 6]]


def test_a_gradient_that_exploded_is_kept_as_unknown(tmp_path: Path) -> None:
    nothing(NAMES, 256).extended(1, sizes(1, 2), sizes(np.inf, 4)).write(tmp_path)
    found = layer_statistics.read(tmp_path)
    assert found is not None
    assert np.isnan(found.gradients[0, 0])
    assert found.gradients[0, 1] == 4


def test_an_epoch_that_is_trained_again_replaces_itself_and_what_came_after() -> None:
    found = nothing(NAMES, 256)
    for epoch in (1, 2, 3, 2):
        found = found.extended(epoch, sizes(epoch, epoch), sizes(0, 0))
    assert found.epochs == (1, 2)
    assert found.weights.tolist() == [[1, 1], [2, 2]]


@pytest.mark.parametrize(
    "damage",
    [
        {"weights": [[1]]},
        {"gradients": "none"},
        {"epochs": [1, "x"]},
        {"epochs": []},
        {"names": None},
        {"names": [], "weights": [[]], "gradients": [[]]},
        {"epochs": [], "weights": [], "gradients": []},
    ],
)
def test_a_damaged_file_reads_as_nothing(tmp_path: Path, damage: dict[str, object]) -> None:
    nothing(NAMES, 256).extended(1, sizes(1, 1), sizes(1, 1)).write(tmp_path)
    path = tmp_path / FILE
    path.write_text(json.dumps({**json.loads(path.read_text()), **damage}))
    assert layer_statistics.read(tmp_path) is None


def test_a_run_that_was_not_measured_has_none(tmp_path: Path) -> None:
    assert layer_statistics.read(tmp_path) is None
