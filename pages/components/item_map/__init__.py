"""The map of points: drawn, moved, coloured and hovered in the browser, chosen from here.

Three mounts of one component, because what they send is worth different prices: `item_map` the
points, once a layout; `map_pictures` small images, when the pointer asks for them; `map_selection`
what is chosen, at each click. The two small ones live in fragments, so that a click never sends
the points again.
"""

import hashlib
import json
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from fmnist_core.data.fashion_mnist import CLASS_NAMES
from fmnist_core.figures.colors import CLASS_COLORS
from fmnist_core.translation import say
from pages.components.encoding import sprite
from pages.components.register import register, safe

# Blue and orange are told apart with every kind of colour vision.
RIGHT, WRONG = "#3b82d0", "#e8590c"
# Unsure to sure; each end stands out from a white and from a dark page.
RAMP = ("#e8590c", "#e0a526", "#58b368", "#2a78b8")
UNJUDGED = 255  # of an answer and of a confidence
MOST_PICTURES = 120
MOST_CORNERS = 400
LARGEST = 65_535

_component = register(__file__)


@dataclass(frozen=True)
class Points:
    """What a map shows.

    `places` is uint16 (n, 2), `labels` uint8 (n,) and `probabilities` float (n, 10), with NaN in
    the rows of items that nobody has judged; None if that is all of them. The items are `first`,
    `first` + 1, … of the 60,000 training and then 10,000 test images. `judge` says whose answers
    these are, `layout` and `title` what the map is.
    """

    layout: str
    title: str
    places: np.ndarray
    labels: np.ndarray
    probabilities: np.ndarray | None
    judge: str
    first: int = 0


def packed(points: Points, name: str) -> bytes:
    """Return the points as the browser reads them: a JSON header, then the arrays.

    Header length (uint32), header in the reader's language, padded to a multiple of four; uint16
    places; uint8 labels, answers (255: not judged) and confidences (0 to 254 for 0 to 1; 255: not
    judged).
    """
    count = len(points.labels)
    answers = np.full(count, UNJUDGED, np.uint8)
    sure = np.full(count, UNJUDGED, np.uint8)
    if points.probabilities is not None:
        judged = ~np.isnan(points.probabilities[:, 0])
        answers[judged] = points.probabilities[judged].argmax(1)
        sure[judged] = np.rint(points.probabilities[judged].max(1).clip(0, 1) * 254)
    header = {
        "map": name,
        "layout": points.layout,
        "title": points.title,
        "judge": points.judge,
        "judged": points.probabilities is not None,
        "first": points.first,
        "count": count,
        "names": [say(name) for name in CLASS_NAMES],
        "colors": CLASS_COLORS,
        "right": RIGHT,
        "wrong": WRONG,
        "ramp": RAMP,
    }
    arrays = [
        np.ascontiguousarray(points.places, "<u2").tobytes(),
        *(array.astype(np.uint8).tobytes() for array in (points.labels, answers, sure)),
    ]
    # Says to the browser whether these are other points than those it shows.
    digest = hashlib.sha256(json.dumps(header).encode() + b"".join(arrays))
    header["number"] = digest.hexdigest()[:16]
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 4)
    return b"".join([struct.pack("<I", len(text)), text, *arrays])


def item_map(content: bytes, key: str) -> None:
    """Show the map of points that `packed` has packed."""
    _component(key=f"{key}_points", data=content)


def map_pictures(look_up: Callable[[list[int]], np.ndarray], count: int, name: str) -> None:
    """Answer the map's questions for pictures of the items 0 to `count` - 1.

    `look_up` returns uint8 (n, 28, 28) for n of them. Call it in a fragment of its own.
    """
    key = f"{name}_pictures"
    kept = f"{name}_wanted"

    def wanted() -> None:
        asked = numbers(st.session_state[safe(key)].get("wanted"), count, MOST_PICTURES)
        number, _ = st.session_state.get(kept, (0, []))
        st.session_state[kept] = number + 1, asked

    number, ids = st.session_state.get(kept, (0, []))
    _component(
        key=key,
        data={
            "map": name,
            "role": "pictures",
            "number": number,
            "ids": tuple(ids),
            "sheet": sprite(look_up(ids)) if ids else "",
        },
        on_wanted_change=wanted,
    )


@dataclass(frozen=True)
class Event:
    """What the visitor did on the map: an item was `picked`, or a region encircled.

    `lasso` is int (m, 2), the corners in map coordinates, 0 to 65,535.
    """

    picked: int | None = None
    lasso: np.ndarray | None = None


def map_selection(
    name: str,
    *,
    selected: int | None = None,
    spot: np.ndarray | None = None,
    neighbours: Sequence[int] | np.ndarray = (),
    own: np.ndarray | None = None,
    lasso: np.ndarray | None = None,
    count: int = 70_000,
) -> Event | None:
    """Mark what is chosen on the map and return what the visitor did there in this run, or None.

    `selected` is an item's number; where it is not one of the points, `spot`, (2,) in map
    coordinates, says where it belongs. `neighbours` get rings, `own`, a place, gets a star, and
    `lasso` is the region that is shown.
    """
    result = _component(
        key=f"{name}_selection",
        data={
            "map": name,
            "role": "selection",
            "selected": selected,
            "spot": None if spot is None else tuple(int(value) for value in spot),
            "neighbours": tuple(int(item) for item in neighbours),
            "own": None if own is None else tuple(int(value) for value in own),
            "lasso": None if lasso is None else lasso.tolist(),
        },
        on_picked_change=lambda: None,
        on_lassoed_change=lambda: None,
    )
    picked = numbers([result.picked], count, 1)
    if picked:
        return Event(picked=picked[0])
    lasso = corners(result.lassoed)
    return None if lasso is None else Event(lasso=lasso)


def numbers(sent: object, below: int, most: int) -> list[int]:
    """Return the different whole numbers from 0 to `below` - 1 in what a browser sent."""
    if not isinstance(sent, list):
        return []
    fitting = (
        value
        for value in sent[: 10 * most]
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < below
    )
    return list(dict.fromkeys(fitting))[:most]


def corners(sent: object) -> np.ndarray | None:
    """Return the polygon that a browser sent, int64 (m, 2), or None if it is none."""
    if not isinstance(sent, list) or not 3 <= len(sent) <= MOST_CORNERS:
        return None
    for corner in sent:
        # Two equal coordinates are fine, so `numbers` would not do.
        if not isinstance(corner, list) or len(corner) != 2:
            return None
        if not all(numbers([value], LARGEST + 1, 1) for value in corner):
            return None
    return np.array(sent, np.int64)
