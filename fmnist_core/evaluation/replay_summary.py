"""What changed between the moments of a run: learned, forgotten, undecided; plain NumPy."""

import numpy as np

from fmnist_core.evaluation.metrics import confusion
from fmnist_core.runs.replay import FOLLOWED, Moment, Replay

# Round the circle of the map: what networks confuse stands side by side.
CIRCLE = (1, 3, 0, 6, 2, 4, 8, 9, 7, 5)


def followed(replay: Replay) -> np.ndarray:
    """Return the probabilities of the items known at every moment, uint8 (moments, items, 10)."""
    count = min([FOLLOWED, *(len(moment.answers) for moment in replay.moments)])
    return np.stack([moment.probabilities[:count] for moment in replay.moments])


def right(replay: Replay, moment: Moment) -> np.ndarray:
    """Return for each item of a moment whether its answer is right, bool (m,)."""
    found: np.ndarray = moment.answers == replay.labels[: len(moment.answers)]
    return found


def confusions(replay: Replay) -> np.ndarray:
    """Return every moment's counts, int64 (moments, 10, 10), true class by answer."""
    return np.stack(
        [
            confusion(replay.labels[: len(moment.answers)], moment.answers)
            for moment in replay.moments
        ]
    )


def changes(replay: Replay) -> list[tuple[int, int]]:
    """Return (learned, forgotten) since the moment before, over the items that both know.

    Forgotten is what was right before and is not now (Toneva et al. 2018, arXiv:1812.05159). The
    first moment has (0, 0).
    """
    found = [(0, 0)]
    for before, now in zip(replay.moments, replay.moments[1:], strict=False):
        count = min(len(before.answers), len(now.answers))
        old, new = right(replay, before)[:count], right(replay, now)[:count]
        found.append((int((new & ~old).sum()), int((old & ~new).sum())))
    return found


def undecided(replay: Replay, most: int = 8) -> list[int]:
    """Return the items whose answer changed most often, the most restless first.

    They are positions in `followed`; one whose answer never changed is not among them.
    """
    count = followed(replay).shape[1]
    answers = np.stack([moment.answers[:count] for moment in replay.moments])
    flips = (answers[1:] != answers[:-1]).sum(0)
    order = np.argsort(-flips, kind="stable")[:most]
    return [int(item) for item in order if flips[item]]


def filter_levels(replay: Replay) -> np.ndarray:
    """Return first-layer filters, int8 (moments, k, h, w): -127 to 127, 0 for weight 0.

    Each filter is scaled by its largest weight at any moment, so that it can be seen to grow. Of
    filters larger than 10×10 only twelve.
    """
    weights = np.stack([moment.filters for moment in replay.moments])
    if weights.shape[2] * weights.shape[3] > 100:
        weights = weights[:, :12]
    largest = np.abs(weights).max(axis=(0, 2, 3), initial=1e-30)
    return np.round(weights / largest[None, :, None, None] * 127).astype(np.int8)
