"""What a picture is taken for, and the reason given."""

import cv2
import numpy as np
import pytest

from fmnist_core.preprocessing.item import CHOSEN, Kind
from fmnist_core.preprocessing.kind import chosen, colour_share, decide, flatness
from fmnist_core.preprocessing.masks import border

KINDS: tuple[Kind, ...] = ("drawing", "photo", "dataset")


def photo(ground: int) -> np.ndarray:
    rng = np.random.default_rng(0)
    picture = cv2.resize(
        rng.integers(ground - 40, ground + 40, (9, 9, 3)).astype(np.uint8), (300, 300)
    )
    cv2.ellipse(picture, (150, 150), (70, 110), 0, 0, 360, (60, 70, 120), -1)
    return np.clip(picture + rng.normal(0, 6, picture.shape), 0, 255).astype(np.uint8)


def sheet_of_paper() -> np.ndarray:
    rng = np.random.default_rng(1)
    sheet = np.linspace(150, 230, 400)[:, None, None] * np.ones((1, 300, 3))
    sheet = np.clip(sheet + rng.normal(0, 4, sheet.shape), 0, 255).astype(np.uint8)
    corners = np.array([[80, 100], [220, 100], [200, 300], [100, 300]])
    return cv2.polylines(sheet, [corners], True, (40, 40, 60), 4)


@pytest.mark.parametrize("ground", [60, 130, 200])
def test_a_photo(ground: int) -> None:
    assert decide(photo(ground)).kind == "photo"


@pytest.mark.parametrize("width", [1, 6, -1])
def test_a_drawing_thin_thick_or_filled(width: int) -> None:
    sheet = np.full((280, 280, 3), 255, np.uint8)
    cv2.circle(sheet, (140, 140), 90, (200, 40, 40), width, cv2.LINE_AA)
    assert decide(sheet).kind == "drawing"


def test_a_photographed_sheet_is_a_drawing_with_uneven_light() -> None:
    decision = decide(sheet_of_paper())
    assert decision.kind == "drawing"
    assert decision.paper


def test_a_grey_28x28_is_of_the_data_set_and_a_coloured_one_is_not() -> None:
    rng = np.random.default_rng(2)
    grey = np.repeat(rng.integers(0, 255, (28, 28, 1), np.uint8), 3, 2)
    assert decide(grey).kind == "dataset"
    assert decide(rng.integers(0, 255, (28, 28, 3), np.uint8)).kind != "dataset"


def test_every_decision_has_a_reason() -> None:
    for picture in (photo(130), np.full((50, 50, 3), 9, np.uint8), np.zeros((28, 28, 3), np.uint8)):
        assert decide(picture).reason.endswith(".")


def test_a_border_is_flat_as_far_as_it_keeps_within_six_levels() -> None:
    sheet = np.full((100, 100, 3), 100, np.uint8)
    frame = border((100, 100), 0.03)
    assert flatness(sheet) == 1
    sheet[0, :40, 1] = 106
    assert flatness(sheet) == 1
    sheet[0, :40, 2] = 107
    assert flatness(sheet) == pytest.approx(1 - 40 / frame.sum())


def test_the_eight_commonest_colours_of_what_is_not_ground_are_counted() -> None:
    sheet = np.full((100, 100, 3), 255, np.uint8)
    assert colour_share(sheet) == 1
    for at in range(9):  # nine colours, ten pixels each, the last only five
        sheet[10 + at, 20:30] = (32 * (at % 4), 32 * (at // 4), 64)
    sheet[18, 25:30] = 255
    assert colour_share(sheet) == pytest.approx(80 / 85)
    sheet[50, 50] = 255 - 24  # too near to the ground to count
    assert colour_share(sheet) == pytest.approx(80 / 85)


def test_a_visitors_choice_is_taken_and_paper_is_seen() -> None:
    even = np.full((60, 60, 3), 255, np.uint8)
    for kind in KINDS:
        decision = chosen(kind, even)
        assert (decision.kind, decision.reason, decision.paper) == (kind, CHOSEN, False)
    assert not chosen("photo", sheet_of_paper()).paper
    assert chosen("drawing", sheet_of_paper()).paper
