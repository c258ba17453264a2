import numpy as np
import pytest

from fmnist_core.data.fashion_mnist import load
from fmnist_core.evaluation.corruptions import (
    CORRUPTIONS,
    ORDER,
    SEVERITIES,
    at_severity,
    spoil,
    spoil_all,
)

ITEMS = load("test").images[:20]


@pytest.fixture
def block() -> np.ndarray:
    """Return an image with a bright 8×8 block in its middle."""
    image = np.zeros((1, 28, 28), np.uint8)
    image[0, 10:18, 10:18] = 200
    return image


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_severity_and_amount_0_change_nothing(name: str) -> None:
    assert (at_severity(ITEMS, name, 0, seed=1) == ITEMS).all()
    assert (spoil(ITEMS, name, 0, seed=1) == ITEMS).all()


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_each_severity_is_farther_from_the_original_and_in_the_range_of_the_slider(
    name: str,
) -> None:
    change = [
        np.abs(at_severity(ITEMS, name, severity, seed=1).astype(float) - ITEMS).mean()
        for severity in range(SEVERITIES + 1)
    ]
    assert change == sorted(change)
    assert len(set(change)) == SEVERITIES + 1
    corruption = CORRUPTIONS[name]
    assert all(corruption.low <= amount <= corruption.high for amount in corruption.severities)


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_the_seed_decides_all_chance(name: str) -> None:
    first, again = (at_severity(ITEMS, name, 3, seed=4) for _ in range(2))
    assert first.dtype == np.uint8
    assert (first == again).all()
    assert (first != at_severity(ITEMS, name, 3, seed=5)).any() == (
        name in ("noise", "occlusion", "rotation", "shift")
    )


def test_noise_has_the_standard_deviation_it_names() -> None:
    grey = np.full((50, 28, 28), 128, np.uint8)
    assert spoil(grey, "noise", 20, seed=0).std() == pytest.approx(20, rel=0.02)


def test_blur_spreads_a_point_into_a_bell_curve() -> None:
    point = np.zeros((1, 28, 28), np.uint8)
    point[0, 14, 14] = 255
    blurred = spoil(point, "blur", 1.0, seed=0)[0]
    # 255 / (2 π) in the middle, exp(-1/2) of that beside it.
    assert blurred[14, 14] == pytest.approx(40.6, abs=1)
    assert blurred[14, 15] == pytest.approx(24.6, abs=1)


def test_rotation_is_clockwise_and_by_a_right_angle_exact(block: np.ndarray) -> None:
    block[0, 10:18, 18:24] = 100  # an arm to the right
    turned = spoil(block, "rotation", 90, seed=0)
    assert (turned == np.rot90(block, -1, axes=(1, 2))).all()


def test_shift_moves_to_the_right_and_loses_what_leaves(block: np.ndarray) -> None:
    moved = spoil(block, "shift", 12, seed=0)
    assert (moved[0, 10:18, 22:] == 200).all()
    assert moved.sum() == 8 * 6 * 200


def test_scale_doubles_the_side(block: np.ndarray) -> None:
    assert np.count_nonzero(spoil(block, "scale", 100, seed=0) > 100) == 16 * 16


def test_brightness_is_added_and_clipped(block: np.ndarray) -> None:
    brighter = spoil(block, "brightness", 100, seed=0)
    assert (brighter.min(), brighter.max()) == (100, 255)
    assert spoil(block, "brightness", -150, seed=0).max() == 50


def test_contrast_moves_towards_the_mean() -> None:
    halves = np.zeros((1, 28, 28), np.uint8)
    halves[0, 14:] = 200
    flat = spoil(halves, "contrast", -50, seed=0)
    assert (flat[0, 0, 0], flat[0, -1, 0]) == (50, 150)


def test_occlusion_blackens_a_square_that_grows_in_its_place() -> None:
    white = np.full((30, 28, 28), 255, np.uint8)
    small, large = (spoil(white, "occlusion", side, seed=2) for side in (5, 9))
    assert (np.count_nonzero(small == 0, axis=(1, 2)) == 25).all()
    assert (np.count_nonzero(large == 0, axis=(1, 2)) == 81).all()


def test_pixelation_makes_means_of_blocks() -> None:
    image = np.zeros((1, 28, 28), np.uint8)
    image[0, 0, 0] = 100
    coarse = spoil(image, "pixelation", 1, seed=0)[0]
    assert (coarse[:2, :2] == 25).all()
    assert coarse.sum() == 100


def test_several_corruptions_are_applied_in_a_fixed_order(block: np.ndarray) -> None:
    assert sorted(ORDER) == sorted(CORRUPTIONS)
    both = spoil_all(block, {"brightness": 10, "shift": 3}, seed=0)
    # Moved first, so that the strip coming in is brightened as well.
    assert (both == spoil(spoil(block, "shift", 3, seed=0), "brightness", 10, seed=0)).all()
    assert (spoil_all(ITEMS, {}, seed=0) == ITEMS).all()


def test_an_unknown_severity_is_named() -> None:
    with pytest.raises(ValueError, match="Severity is 6"):
        at_severity(ITEMS, "noise", 6, seed=0)


def test_the_severities_are_those_of_the_figures_on_the_cards() -> None:
    assert {name: one.severities for name, one in CORRUPTIONS.items()} == {
        "noise": (12, 24, 36, 54, 80),
        "blur": (0.5, 0.8, 1.2, 1.8, 2.5),
        "rotation": (10, 20, 30, 45, 60),
        "shift": (1, 2, 4, 6, 8),
        "scale": (-10, -20, -30, -40, -50),
        "brightness": (10, 25, 45, 70, 100),
        "contrast": (-20, -40, -60, -75, -88),
        "occlusion": (5, 8, 11, 14, 17),
        "pixelation": (1, 2, 3, 4, 6),
    }


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_both_ends_of_a_slider_can_be_reached_and_stay_images(name: str) -> None:
    corruption = CORRUPTIONS[name]
    assert corruption.low <= 0 < corruption.high
    for amount in (corruption.low, corruption.high):
        assert (amount / corruption.step) % 1 == pytest.approx(0)
        found = spoil(ITEMS, name, amount, seed=0)
        assert (found.shape, found.dtype) == (ITEMS.shape, np.uint8)


def test_only_what_may_go_both_ways_does_and_as_often_either_way() -> None:
    image = np.zeros((200, 28, 28), np.uint8)
    image[:, 10:18, 14] = 200
    moved = at_severity(image, "shift", 2, seed=0)
    right = (moved[:, 14, 16] == 200).sum()
    assert right + (moved[:, 14, 12] == 200).sum() == 200
    assert 80 < right < 120
    brighter = at_severity(image, "brightness", 1, seed=0)
    assert (brighter[:, 0, 0] == 10).all()


def test_a_shrunken_item_keeps_its_ink_and_its_middle(block: np.ndarray) -> None:
    small = spoil(block, "scale", -50, seed=0)[0].astype(float)
    assert small.sum() == pytest.approx(block.sum() / 4, rel=0.03)
    assert np.array_equal(small, small[::-1, ::-1])


def test_pixelation_at_three_leaves_seven_squares_a_side() -> None:
    coarse = spoil(ITEMS, "pixelation", 3, seed=0)
    assert np.array_equal(coarse, coarse[:, ::4, ::4].repeat(4, 1).repeat(4, 2))
    means = ITEMS.reshape(-1, 7, 4, 7, 4).mean((2, 4))
    assert np.abs(coarse[:, ::4, ::4] - means).max() <= 0.5
    # Blocks that do not fit reach over the edge into background.
    white = np.full((1, 28, 28), 160, np.uint8)
    assert spoil(white, "pixelation", 4, seed=0)[0, 27, 27] == round(160 * 9 / 25)


def test_squares_that_hide_lie_anywhere() -> None:
    white = np.full((2000, 28, 28), 255, np.uint8)
    hidden = spoil(white, "occlusion", 24, seed=0) == 0
    # 24 of 28 pixels: five places each way.
    assert (hidden.any(0)).all()
    assert {int(row.argmax()) for row in hidden.any(2)} == {0, 1, 2, 3, 4}
    assert (hidden.sum((1, 2)) == 576).all()
