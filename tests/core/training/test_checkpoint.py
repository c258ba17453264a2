import json
import math

from fmnist_core.training.checkpoint import Position
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


def test_what_a_checkpoint_does_not_know_is_as_at_the_start() -> None:
    position = Position.from_json({"epoch": 1, "of another version": 7})
    assert position.epoch == 1
    assert position.early_stopping.best == math.inf
