import json
import struct

import numpy as np
import pytest

from pages.components.item_map import Points, corners, numbers, packed


def points(probabilities: np.ndarray | None) -> Points:
    places = np.array([[1, 2], [65535, 0], [7, 7]], np.uint16)
    return Points(
        "a", "A map", places, np.array([0, 3, 9]), probabilities, "somebody", first=60_000
    )


def unpacked(content: bytes) -> tuple[dict[str, object], np.ndarray, list[np.ndarray]]:
    (length,) = struct.unpack_from("<I", content)
    assert length % 4 == 0
    header = json.loads(content[4 : 4 + length])
    places = np.frombuffer(content, "<u2", 6, 4 + length).reshape(3, 2)
    rest = np.frombuffer(content, np.uint8, offset=4 + length + 12).reshape(3, 3)
    return header, places, list(rest)


def test_points_travel_as_two_bytes_a_coordinate_and_one_byte_a_fact() -> None:
    probabilities = np.zeros((3, 10))
    probabilities[0, 4], probabilities[1] = 1, np.nan
    probabilities[2, 9] = 0.5
    header, places, (labels, answers, sure) = unpacked(packed(points(probabilities), "m"))
    assert header["count"] == 3
    assert header["first"] == 60_000
    assert header["judged"] is True
    assert places.tolist() == [[1, 2], [65535, 0], [7, 7]]
    assert labels.tolist() == [0, 3, 9]
    assert answers.tolist() == [4, 255, 9]
    assert sure.tolist() == [254, 255, 127]


def test_without_a_judge_no_item_has_an_answer() -> None:
    header, _, (_, answers, sure) = unpacked(packed(points(None), "m"))
    assert header["judged"] is False
    assert set(answers) == set(sure) == {255}


def test_other_points_have_another_number() -> None:
    first = unpacked(packed(points(None), "m"))[0]["number"]
    assert first == unpacked(packed(points(None), "m"))[0]["number"]
    assert first != unpacked(packed(points(np.full((3, 10), 0.1)), "m"))[0]["number"]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ([3, 1, 3], [3, 1]),
        ([-1, 10, 2.5, "4", None, True, 9], [9]),
        ("123", []),
        (None, []),
        ([[1]], []),
        (list(range(10)) * 50, [0, 1, 2, 3]),
    ],
)
def test_of_what_a_browser_sends_only_known_items_are_kept(sent: object, kept: list[int]) -> None:
    assert numbers(sent, 10, 4) == kept


@pytest.mark.parametrize(
    "sent",
    [
        None,
        [],
        [[0, 0], [1, 1]],
        [[0, 0]] * 401,
        [[0, 0], [1, 1], [2]],
        [[0, 0], [1, 1], [2, 70000]],
        [[0, 0], [1, 1], [2, "3"]],
        [[0, 0], [1, 1], [2, -1]],
        [[0, 0], [1, 1], 5],
        {"a": 1},
    ],
)
def test_what_is_no_region_is_refused(sent: object) -> None:
    assert corners(sent) is None


def test_a_region_is_its_corners() -> None:
    found = corners([[0, 0], [5, 5], [0, 65535]])
    assert found is not None
    assert found.tolist() == [[0, 0], [5, 5], [0, 65535]]
