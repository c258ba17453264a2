"""A shelf of tiny models for tests; all are `data/quarters.tflite` (see test_inference)."""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

from fmnist_core.paths import ROOT
from fmnist_core.recipes.presets import PRESETS

FIXTURES = ROOT / "tests" / "fixtures"
QUARTERS = FIXTURES / "quarters.tflite"
RECIPE = PRESETS["compact"].recipe


def card(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any wrong value
    """Return the JSON of a sound card, with `changes`."""
    digest = hashlib.sha256(QUARTERS.read_bytes()).hexdigest()
    counts = ("seed", "train_examples", "epochs", "best_epoch", "parameters", "multiply_adds")
    return {
        **dict.fromkeys((*counts, "file_bytes", "validation_examples", "test_examples"), 7),
        **{"title": "Compact", "recipe": RECIPE.to_link(), "hardware": "2 cores", "seconds": 9.5},
        **{"date": "2026-01-01", "validation_accuracy": 0.94, "test_accuracy": 0.935},
        **{"test_loss": 0.2, "test_interval": [0.93, 0.94], "weaknesses": ["Shirts."]},
        **{"sha256": {"model.tflite": digest}},
        **changes,
    }


def ship(root: Path, name: str, **changes: Any) -> Path:  # noqa: ANN401 - any wrong value
    """Put a model on the shelf `root` and return its folder."""
    folder = root / name
    folder.mkdir(parents=True)
    (folder / "recipe.json").write_text(RECIPE.to_json())
    (folder / "card.json").write_text(json.dumps(card(**changes)))
    shutil.copy(QUARTERS, folder / "model.tflite")
    return folder


def fill(root: Path) -> Path:
    """Put three models on the shelf and return it."""
    ship(root, "compact")
    ship(root, "best", title="Best")
    ship(root, "beta", title="The second one")
    return root
