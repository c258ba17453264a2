import json
import math
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from fmnist_core.training import checkpoint
from fmnist_core.training.checkpoint import CheckpointError, Position
from fmnist_core.training.plateau import EarlyStopping, ReduceLROnPlateau


def test_a_position_survives_its_json() -> None:
    position = Position(
        epoch=3, batch=7, loss=1.5, asked="ab", early_stopping=EarlyStopping(0.5, 2)
    )
    assert Position.from_json(json.loads(json.dumps(position.to_json()))) == position
    assert Position.from_json(json.loads(json.dumps(Position().to_json()))) == Position()


def test_a_checkpoint_from_before_the_callbacks_had_names_is_read() -> None:
    content = {
        **{"epoch": 2, "batch": 5, "seconds": 9.5, "epoch_seconds": 1.5, "loss": 12.0},
        **{"right": 30, "count": 40, "best_epoch": 1, "best_accuracy": 0.8},
        **{"lowest_loss": 0.6, "worse_epochs": 1, "plateau_loss": 0.61, "plateau_epochs": 2},
        "asked": "c0ffee",
    }
    position = Position.from_json(content)
    assert position.early_stopping == EarlyStopping(0.6, 1)
    assert position.plateau == ReduceLROnPlateau(0.61, 2)
    assert (position.epoch, position.batch, position.best_epoch) == (2, 5, 1)
    assert position.to_json() == content


def test_training_starts_with_nothing_done_nor_best() -> None:
    assert Position().to_json() == {
        **{"epoch": 0, "batch": 0, "seconds": 0, "epoch_seconds": 0, "loss": 0, "right": 0},
        **{"count": 0, "best_epoch": 0, "best_accuracy": -1, "asked": ""},
        **{"lowest_loss": math.inf, "worse_epochs": 0},
        **{"plateau_loss": math.inf, "plateau_epochs": 0},
    }


def test_what_a_checkpoint_does_not_know_is_as_at_the_start() -> None:
    position = Position.from_json({"epoch": 1, "of another version": 7})
    assert position.epoch == 1
    assert position.early_stopping.best == math.inf


class Variable:
    """What a checkpoint asks of a Keras variable."""

    def __init__(self, value: float) -> None:
        self.value = np.array(value, np.float32)

    def numpy(self) -> np.ndarray:
        return self.value

    def assign(self, value: np.ndarray) -> None:
        self.value = value


def network(*values: float) -> Any:  # noqa: ANN401 - looks like a Network
    kernel, seed, momentum, scale = (Variable(value) for value in values)
    return SimpleNamespace(
        model=SimpleNamespace(variables=[kernel, seed], weights=[kernel]),
        optimizer=SimpleNamespace(variables=[momentum]),
        scale=scale,
    )


def values(found: Any) -> list[float]:  # noqa: ANN401
    every = [*found.model.variables, *found.optimizer.variables, found.scale]
    return [float(variable.value) for variable in every]


def test_the_files_of_runs_made_before_are_read(tmp_path: Path) -> None:
    arrays = {
        "about": np.array(json.dumps({"epoch": 3, "lowest_loss": 0.5, "plateau_loss": math.inf})),
        **{"model.0": np.float32(1), "model.1": np.float32(2)},
        **{"optimizer.0": np.float32(3), "scale.0": np.float32(0.2)},
    }
    np.savez(tmp_path / "checkpoint.npz", **arrays)  # type: ignore[arg-type]
    found = network(0, 0, 0, 1)
    position = checkpoint.load(tmp_path / "checkpoint.npz", found)
    assert (position.epoch, position.early_stopping.best) == (3, 0.5)
    assert values(found) == pytest.approx([1, 2, 3, 0.2])
    about = np.array('{"best_epoch": 2, "best_accuracy": 0.8}')
    np.savez(tmp_path / "best.npz", **{"about": about, "weights.0": np.float32(7)})  # type: ignore[arg-type]
    checkpoint.load_best(tmp_path / "best.npz", found)
    assert values(found) == pytest.approx([7, 2, 3, 0.2])
    assert checkpoint.best(tmp_path / "best.npz") == (2, 0.8)


def test_a_file_is_written_as_it_was_before(tmp_path: Path) -> None:
    position = Position(epoch=2, best_epoch=1, best_accuracy=0.5)
    checkpoint.save(tmp_path / "checkpoint.npz", network(1, 2, 3, 4), position)
    checkpoint.save_best(tmp_path / "best.npz", network(1, 2, 3, 4), position)
    with np.load(tmp_path / "checkpoint.npz") as archive:
        assert archive.files == ["about", "model.0", "model.1", "optimizer.0", "scale.0"]
    with np.load(tmp_path / "best.npz") as archive:
        assert archive.files == ["about", "weights.0"]
        assert json.loads(str(archive["about"])) == {"best_epoch": 1, "best_accuracy": 0.5}


def test_a_file_of_another_network_says_so(tmp_path: Path) -> None:
    path = tmp_path / "best.npz"
    checkpoint.save_best(path, network(1, 2, 3, 4), Position())
    with pytest.raises(CheckpointError, match=r"best\.npz is damaged or of another network"):
        checkpoint.load(path, network(0, 0, 0, 0))


def test_pickled_weights_are_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "best.npz"
    np.savez(path, **{"about": np.array("{}"), "weights.0": np.array([None])})  # type: ignore[arg-type]
    with pytest.raises(CheckpointError, match="allow_pickle=False"):
        checkpoint.load_best(path, network(0, 0, 0, 0))


def test_before_the_first_epoch_nothing_is_best(tmp_path: Path) -> None:
    assert checkpoint.best(tmp_path / "best.npz") == (0, -1.0)
