"""The published conversion is exact, and other readings keep to their proportions."""

import numpy as np
import pytest

from fmnist_core.preprocessing import masks, readings

ITEM = np.zeros((160, 120), bool)
ITEM[30:141, 10:111] = True  # 111 tall, 101 wide


def test_sharpening_is_imagemagicks_kernel() -> None:
    point = np.full((5, 5), 100, np.uint8)
    point[2, 2] = 110
    # -g around, twice the sum at the centre, divided by what that adds up to.
    total = 1 + 4 * np.exp(-0.5) + 4 * np.exp(-1)
    assert readings.sharpen(point)[2, 2] == round(100 + 10 * 2 * total / (total + 1))
    assert readings.sharpen(point)[0, 0] == 100


def test_conversion_fills_the_longest_edge_and_leaves_true_zero_outside() -> None:
    grey = np.full((160, 120), 40, np.uint8)
    array = readings.convert(grey, ITEM)
    assert array.shape == (28, 28)
    assert array.any(axis=1).all()  # 111 tall, 101 wide: the height becomes 28
    assert array[14, 14] == 255 - 40
    assert not array[:, 0].any()


def test_an_empty_mask_converts_the_whole_picture() -> None:
    assert readings.convert(np.full((30, 20), 40, np.uint8), np.zeros((30, 20), bool)).shape == (
        28,
        28,
    )


def box(height: int, width: int, value: int = 100) -> np.ndarray:
    """An image with one box of a single tone in its middle."""
    return masks.centre(np.full((height, width), value, np.uint8))


@pytest.mark.parametrize(("value", "white"), [(0, False), (1, True), (44, True), (45, False)])
def test_an_item_is_white_when_its_mean_ink_is_below_45(value: int, white: bool) -> None:
    assert readings.is_white(box(28, 10, value)) is white


def test_a_white_item_is_lifted_to_the_tones_of_light_grey() -> None:
    item = box(2, 2, 30)
    item[13, 13], item[14, 14] = 20, 40  # the mean stays 30
    lifted = readings.lift_white(item)
    assert lifted[13:15, 13:15].tolist() == [[75, 90], [90, 105]]
    assert (lifted > 0).sum() == 4  # the background stays background
    deep = box(2, 2, 10)
    deep[13, 13] = 170  # mean 50: 90 - 1.5 × 40 = 30, and 90 + 1.5 × 120 is cut off
    assert readings.lift_white(deep)[13:15, 13:15].tolist() == [[255, 30], [30, 30]]


def shoe(shaft: int) -> np.ndarray:
    """A sole of 28 pixels under a shaft that begins at a column."""
    image = np.zeros((28, 28), np.uint8)
    image[18:] = 100
    image[8:18, shaft : shaft + 8] = 100
    return image


def test_toes_point_away_from_the_shaft() -> None:
    assert readings.points_right(shoe(0))
    assert not readings.points_right(shoe(0)[:, ::-1])
    assert not readings.points_right(shoe(10))  # in the middle
    # The middle of the shaft is at 12.5, that of the item at 13.5: more than a thirtieth of 28.
    assert readings.points_right(shoe(9))
    assert not readings.points_right(np.zeros((28, 28), np.uint8))


def test_only_the_upper_third_of_a_shoe_says_where_its_toes_are() -> None:
    image = np.zeros((28, 28), np.uint8)
    image[27] = 100
    image[:7, 10:18] = 10
    assert not readings.points_right(image)
    image[9, 20:] = 255  # below the third
    image[8, :4] = 255
    assert readings.points_right(image)


@pytest.mark.parametrize(
    ("size", "names"),
    [
        ((110, 92), ["as prepared", "cut closer", "cut wider"]),
        ((100, 100), ["as prepared", "squeezed", "cut closer", "cut wider"]),
        ((80, 100), ["as prepared", "squeezed", "cut closer", "cut wider"]),
        ((60, 100), ["as prepared", "cut closer", "cut wider"]),
    ],
)
def test_a_photo_of_about_a_square_is_also_read_at_the_proportions_of_garments(
    size: tuple[int, int], names: list[str]
) -> None:
    soft = np.zeros((130, 130), np.float32)
    soft[10 : 10 + size[0], 10 : 10 + size[1]] = 0.9
    found = readings.of_photo(np.full((130, 130), 60, np.uint8), soft, 0.5)
    assert [name for name, _ in found] == names
    for name, array in found:
        if name == "squeezed":
            assert masks.bounds(array > 0)[2:] == (22, 28)


def test_a_closer_and_a_wider_cut_take_less_and_more() -> None:
    soft = np.zeros((100, 100), np.float32)
    soft[:, 10:90] = 0.3
    soft[:, 20:80] = 0.6
    soft[:, 40:60] = 1.0
    grey = np.full((100, 100), 60, np.uint8)
    widths = {
        name: masks.bounds(array > 20)[2] for name, array in readings.of_photo(grey, soft, 0.5)
    }
    assert widths["cut closer"] < widths["as prepared"] < widths["cut wider"]
    # Nothing is surer than sure, and nothing less than nothing.
    for level, missing in ((0.71, "cut closer"), (0.3, "cut wider")):
        assert missing not in [name for name, _ in readings.of_photo(grey, soft, level)]


def test_the_edge_of_a_soft_mask_is_half_at_its_level_and_four_times_as_steep() -> None:
    soft = np.array([0.2, 0.3, 0.4, 0.5, 0.6], np.float32)
    assert readings.edge(soft, 0.4) == pytest.approx([0, 0.1, 0.5, 0.9, 1])


def test_a_drawing_is_read_in_three_tones_or_as_its_outline_alone() -> None:
    lines = np.zeros((40, 40), bool)
    lines[2:38, 8:32] = True
    inside = np.zeros_like(lines)
    inside[6:34, 12:28] = True
    lines &= ~inside
    ink = lines.astype(np.float32)
    found = dict(readings.of_drawing(ink, lines, inside, None))
    assert list(found) == ["filled", "silhouette", "outline"]
    middle = {name: int(array[14, 14]) for name, array in found.items()}
    assert middle == {"filled": 127, "silhouette": 178, "outline": 0}
    (alone,) = readings.of_drawing(ink, lines, inside, False)
    assert alone.name == "outline"
    assert np.array_equal(alone.array, found["outline"])


def test_shading_keeps_its_tone_and_a_faint_line_is_at_least_half_dark() -> None:
    lines = np.array([[True, True, False, False, False]])
    inside = np.array([[False, False, True, True, False]])
    ink = np.array([[1.0, 0.2, 0.9, 0.1, 0.0]], np.float32)
    found = readings._tones(ink, lines, inside, 1.0, 0.5)
    assert found.tolist() == [[0, 128, 26, 128, 255]]


def test_of_a_pair_each_is_shown_and_laid_down_if_it_stands() -> None:
    grey, mask = np.full((100, 100), 60, np.uint8), np.zeros((100, 100), bool)
    mask[10:90, 10:30] = mask[10:90, 60:80] = True
    standing = readings.laid_down(grey, mask)
    assert [name for name, _ in standing] == ["first of the pair", "second of the pair"]
    assert [masks.bounds(array > 0)[2:] for _, array in standing] == [(28, 7)] * 2
    lying = readings.laid_down(grey, mask.T)
    assert [masks.bounds(array > 0)[2:] for _, array in lying] == [(28, 7)] * 2
    assert readings.laid_down(grey, np.ones((100, 100), bool)) == []
