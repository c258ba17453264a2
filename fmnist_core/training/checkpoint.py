"""How far training has come, and the files that keep it: nothing in them is pickled."""

import json
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from fmnist_core import files
from fmnist_core.training.plateau import EarlyStopping, ReduceLROnPlateau
from fmnist_core.training.progress import DAMAGED

if TYPE_CHECKING:
    from fmnist_core.training.network import Network

Groups = dict[str, list[Any]]  # of Keras variables


class CheckpointError(Exception):
    """A checkpoint does not fit the network or is damaged."""


@dataclass
class Position:
    """How far training has come: epochs that are whole, and sums over the one that is not.

    `asked` names the last wish for a learning rate that was granted.
    """

    epoch: int = 0
    batch: int = 0
    seconds: float = 0.0
    epoch_seconds: float = 0.0
    loss: float = 0.0
    right: int = 0
    count: int = 0
    best_epoch: int = 0
    best_accuracy: float = -1.0
    asked: str = ""
    early_stopping: EarlyStopping = field(default_factory=EarlyStopping)
    plateau: ReduceLROnPlateau = field(default_factory=ReduceLROnPlateau)

    def to_json(self) -> dict[str, Any]:
        """Return it as flat JSON data."""
        content = asdict(self)
        del content["early_stopping"], content["plateau"]
        return {
            **content,
            "lowest_loss": self.early_stopping.best,
            "worse_epochs": self.early_stopping.wait,
            "plateau_loss": self.plateau.best,
            "plateau_epochs": self.plateau.wait,
        }

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> "Position":
        """Return what `to_json` gave; what is missing or unknown is as at the start."""
        start = cls()
        known = {**start.to_json(), **content}
        return cls(
            **{name: known[name] for name in asdict(start) if name in known},
            early_stopping=EarlyStopping(known["lowest_loss"], known["worse_epochs"]),
            plateau=ReduceLROnPlateau(known["plateau_loss"], known["plateau_epochs"]),
        )


def save(path: Path, network: "Network", position: Position) -> None:
    """Write all that the next step depends on."""
    _save(path, _state(network), position.to_json())


def load(path: Path, network: "Network") -> Position:
    """Bring the network to where `save` was called and return how far that was.

    Raises CheckpointError.
    """
    return Position.from_json(_load(path, _state(network)))


def save_best(path: Path, network: "Network", position: Position) -> None:
    """Write the weights alone, with the best epoch and its accuracy."""
    best = {"best_epoch": position.best_epoch, "best_accuracy": position.best_accuracy}
    _save(path, {"weights": network.model.weights}, best)


def load_best(path: Path, network: "Network") -> None:
    """Give the network the weights that `save_best` wrote; raises CheckpointError."""
    _load(path, {"weights": network.model.weights})


def best(path: Path) -> tuple[int, float]:
    """Return the best epoch and its accuracy, 0 and -1 before the first. Raises CheckpointError."""
    about = _load(path, {}) if path.exists() else {}
    return about.get("best_epoch", 0), about.get("best_accuracy", -1.0)


def _state(network: "Network") -> Groups:
    # model.variables has the states of dropout's random generators besides the weights.
    return {
        "model": network.model.variables,
        "optimizer": network.optimizer.variables,
        "scale": [network.scale],
    }


def _save(path: Path, groups: Groups, about: dict[str, Any]) -> None:
    def arrays() -> Iterator[tuple[str, np.ndarray]]:
        yield "about", np.array(json.dumps(about))
        for group, variables in groups.items():
            for index, variable in enumerate(variables):
                yield f"{group}.{index}", variable.numpy()

    files.write_arrays(path, arrays())


def _load(path: Path, groups: Groups) -> dict[str, Any]:
    try:
        with np.load(path, allow_pickle=False) as archive:
            for group, variables in groups.items():
                for index, variable in enumerate(variables):
                    variable.assign(archive[f"{group}.{index}"])
            return dict(json.loads(str(archive["about"])))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise CheckpointError(DAMAGED.format(file=path.name, error=error)) from None
