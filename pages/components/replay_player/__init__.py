"""The player of a run's moments: one scrubber moves curves, map, matrix, filters and an item.

All moments travel once; scrubbing happens in the browser and asks the server nothing.
"""

from typing import Any

import numpy as np

from fmnist_core.data.fashion_mnist import CLASS_NAMES
from fmnist_core.evaluation import replay_summary as summary
from fmnist_core.figures.colors import BEST, CLASS_COLORS, TRAINING, VALIDATION
from fmnist_core.runs.history import Curves
from fmnist_core.runs.replay import Moment, Replay
from fmnist_core.translation import say, say_count
from pages.components.encoding import packed, png, sprite
from pages.components.register import register

_component = register(__file__)


def replay_player(replay: Replay, curves: Curves, images: np.ndarray, key: str) -> None:
    """Show the player; `curves` are of the same run, `images` all training images, uint8."""
    _component(key=key, data=player_data(replay, curves, images))


def player_data(replay: Replay, curves: Curves, images: np.ndarray) -> dict[str, Any]:
    """Return what the browser gets: everything that the scrubber can show."""
    followed = summary.followed(replay)
    count = followed.shape[1]
    filters = summary.filter_levels(replay)
    own = replay.own_item
    return {
        "classes": [
            {"name": say(name), "color": color}
            for name, color in zip(CLASS_NAMES, CLASS_COLORS, strict=True)
        ],
        "circle": summary.CIRCLE,
        "colors": {"training": TRAINING, "validation": VALIDATION, "best": BEST},
        "moments": [
            {"position": moment.position, "name": name_of(moment)} for moment in replay.moments
        ],
        "changes": summary.changes(replay),
        "confusions": summary.confusions(replay).reshape(-1, 100).tolist(),
        "followed": packed(followed),
        "truths": replay.labels[:count].tolist(),
        "numbers": replay.indices[:count].tolist(),
        "undecided": summary.undecided(replay),
        "sheet": sprite(images[replay.indices[:count]]),
        "filters": packed(filters),
        "filter_shape": filters.shape[1:],
        "own": None
        if own is None
        else {
            "name": say(own.name),
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
        return say("After epoch {epoch}", epoch=moment.epoch)
    return say_count(
        "After {number:,} batch of {batches:,}",
        "After {number:,} batches of {batches:,}",
        moment.batch,
        batches=moment.batches,
    )


def _line(curves: Curves, column: str) -> list[tuple[int, float]]:
    return [
        (epoch, float(value))
        for epoch, value in zip(curves.epochs, curves.epoch[column], strict=True)
        if value is not None
    ]
