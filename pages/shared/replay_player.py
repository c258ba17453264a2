"""The player of a run's moments: one scrubber moves curves, map, matrix, filters and an item.

All moments travel once; scrubbing happens in the browser and asks the server nothing.
"""

import base64
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from fmnist_core import replay_summary as summary
from fmnist_core.dataset import CLASS_NAMES
from fmnist_core.figures import BEST, CLASS_COLORS, TRAINING, VALIDATION
from fmnist_core.history import Curves
from fmnist_core.replay import Moment, Replay
from pages.shared.contact_sheet import sprite
from pages.shared.picture_row import png
from pages.shared.resources import images

_FOLDER = Path(__file__).parent
_component = st.components.v2.component(
    "replay_player",
    html=(_FOLDER / "replay_player.html").read_text(encoding="utf-8"),
    css=(_FOLDER / "replay_player.css").read_text(encoding="utf-8"),
    js="\n".join(
        (_FOLDER / name).read_text(encoding="utf-8")
        for name in ("replay_drawing.js", "replay_player.js")
    ),
)


def replay_player(replay: Replay, curves: Curves, key: str) -> None:
    """Show the player; `curves` are those of the same run."""
    _component(key=key, data=player_data(replay, curves))


def player_data(replay: Replay, curves: Curves) -> dict[str, Any]:
    """Return what the browser gets: everything that the scrubber can show."""
    followed = summary.followed(replay)
    count = followed.shape[1]
    filters = summary.filter_levels(replay)
    own = replay.own_item
    return {
        "classes": [
            {"name": name, "color": color}
            for name, color in zip(CLASS_NAMES, CLASS_COLORS, strict=True)
        ],
        "circle": summary.CIRCLE,
        "colors": {"training": TRAINING, "validation": VALIDATION, "best": BEST},
        "moments": [
            {"position": moment.position, "name": name_of(moment)} for moment in replay.moments
        ],
        "changes": summary.changes(replay),
        "confusions": summary.confusions(replay).reshape(-1, 100).tolist(),
        "followed": _packed(followed),
        "truths": replay.labels[:count].tolist(),
        "numbers": replay.indices[:count].tolist(),
        "undecided": summary.undecided(replay),
        "sheet": sprite(images("train").images[replay.indices[:count]]),
        "filters": _packed(filters),
        "filter_shape": filters.shape[1:],
        "own": None
        if own is None
        else {
            "name": own.name,
            "picture": png(own.array),
            "probabilities": [
                None if moment.own is None else np.round(moment.own * 255).astype(int).tolist()
                for moment in replay.moments
            ],
        },
        "curves": {
            metric: {
                "training": _line(curves, metric),
                "validation": _line(curves, f"val_{metric}"),
            }
            for metric in ("accuracy", "loss")
        },
        "best": None if curves.best is None else curves.epochs[curves.best],
    }


def name_of(moment: Moment) -> str:
    """Return what a moment is called on screen."""
    if not moment.batch:
        return f"After epoch {moment.epoch}"
    plural = "es" if moment.batch > 1 else ""
    return f"After {moment.batch:,} batch{plural} of {moment.batches:,}"


def _line(curves: Curves, column: str) -> list[tuple[int, float]]:
    return [
        (epoch, float(value))
        for epoch, value in zip(curves.epochs, curves.epoch[column], strict=True)
        if value is not None
    ]


def _packed(array: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()
