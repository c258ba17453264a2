"""What a stranger may send in the place of something good, for Hypothesis to draw."""

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

HUGE = (10**400, -(10**400), 10**18, 2**63, 10**4200)
_TEXT = (
    "",
    "\0",
    "a\nb",
    "<b>",
    "[x](y)",
    "../../etc",
    "é" * 70,
    "\ud800",
    "Dense",
    "nan",
    "1e999",
)
plain = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-10, 70_000),
    st.sampled_from(HUGE),
    st.floats(),
    st.sampled_from(_TEXT),
    st.text(max_size=20),
)
anything: st.SearchStrategy[Any] = st.recursive(
    plain,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=8,
)


@st.composite
def spoiled(draw: st.DrawFn, good: Any, values: st.SearchStrategy[Any] = anything) -> Any:  # noqa: ANN401
    """Return `good` JSON data with one to three of its parts replaced, removed or added."""
    data = copy.deepcopy(good)
    for _ in range(draw(st.integers(1, 3))):
        room, key = draw(st.sampled_from(list(_places(data)) or [(None, None)]))
        if room is None:
            return draw(values)
        match draw(st.sampled_from(("replace", "replace", "remove", "add"))):
            case "replace":
                room[key] = draw(values)
            case "remove":
                del room[key]
            case _ if isinstance(room, dict):
                room[draw(st.text(max_size=12))] = draw(values)
            case _:
                room.append(draw(values))
    return data


def _places(data: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401
    keys = data.keys() if isinstance(data, dict) else range(len(data))
    for key in list(keys):
        yield data, key
        if isinstance(data[key], dict | list):
            yield from _places(data[key])


@st.composite
def damaged(draw: st.DrawFn, good: bytes) -> bytes:
    """Return a file with bytes changed, cut out, doubled or put in."""
    content = bytearray(good)
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, max(0, len(content) - 1)))
        length = draw(st.sampled_from((1, 2, 4, 16, 200)))
        match draw(st.sampled_from(("change", "change", "cut", "double", "put in", "end"))):
            case "change":
                new = draw(st.binary(min_size=1, max_size=length))
                content[start : start + len(new)] = new
            case "cut":
                del content[start : start + length]
            case "double":
                content[start:start] = content[start : start + length]
            case "put in":
                content[start:start] = draw(st.binary(max_size=length))
            case _:
                del content[start:]
    return bytes(content)
