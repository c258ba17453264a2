from collections.abc import Callable

import cv2
import numpy as np
import pytest

from fmnist_core.augmentation.clothes import coat, dress, pullover, shirt, trouser, tshirt
from fmnist_core.augmentation.outlines import Garment, band, garment_of, mirrored, points
from fmnist_core.augmentation.wardrobe import WARDROBE, lay_out, paint
from fmnist_core.data.fashion_mnist import CLASS_NAMES

Draw = Callable[[np.random.Generator], Garment]


def layouts(label: int, count: int = 40) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    rng = np.random.default_rng(label)
    return [lay_out(label, 56, rng) for _ in range(count)]


def test_there_is_a_garment_for_every_class() -> None:
    assert len(WARDROBE) == len(CLASS_NAMES)


@pytest.mark.parametrize("label", range(10))
def test_every_garment_lies_in_the_middle_and_mostly_fills_the_canvas(label: int) -> None:
    longest = []
    for shade, mask, lines in layouts(label):
        spans = [np.flatnonzero(mask.any(axis))[[0, -1]] for axis in (0, 1)]
        assert all(abs(first + last - 55) <= 2 for first, last in spans)
        longest.append(max(last - first + 1 for first, last in spans))
        assert 0 <= shade.min() <= shade.max() <= 1
        assert not shade[~mask].any()
        assert not lines[~mask].any()
    assert np.median(longest) == 56
    assert min(longest) >= 0.8 * 56 - 2


@pytest.mark.parametrize("label", range(10))
def test_no_two_garments_of_a_class_are_alike(label: int) -> None:
    masks = {mask.tobytes() for _, mask, _ in layouts(label)}
    assert len(masks) == 40


def test_the_same_chance_lays_out_the_same_garment() -> None:
    first, again = (lay_out(3, 56, np.random.default_rng(8)) for _ in range(2))
    assert all(np.array_equal(one, other) for one, other in zip(first, again, strict=True))


@pytest.mark.parametrize("draw", [tshirt, pullover, dress, coat, shirt, trouser])
def test_garments_are_symmetric_with_both_their_sleeves(draw: Draw) -> None:
    rng = np.random.default_rng(0)
    for _ in range(40):
        cloth = np.concatenate(draw(rng).cloth).round(9) + 0.0
        flipped = cloth * (-1, 1) + 0.0
        assert {tuple(point) for point in cloth.tolist()} == set(map(tuple, flipped.tolist()))


def test_trousers_part_below_the_crotch_unless_their_legs_lie_together() -> None:
    rng = np.random.default_rng(0)
    parted = []
    for _ in range(100):
        garment = trouser(rng)
        outline = (1000 * garment.cloth[0]).astype(np.float32)
        length = float(outline[:, 1].max())
        assert cv2.pointPolygonTest(outline, (0, 0.1 * length), False) > 0
        parted.append(cv2.pointPolygonTest(outline, (0, 0.99 * length), False) < 0)
        if not parted[-1]:  # a line between them
            line = garment.lines[0]
            assert line[:, 0].tolist() == [0, 0]
            assert 1000 * line[1, 1] == pytest.approx(length)
    assert 80 <= sum(parted) < 100


def test_a_mirrored_half_is_symmetric() -> None:
    outline = mirrored(points((0, 0), (2, 0), (1, 3)))
    assert outline.tolist() == [[0, 0], [2, 0], [1, 3], [-1, 3], [-2, 0], [0, 0]]


def test_a_band_is_as_wide_as_asked() -> None:
    strip = band(points((0, 0), (1, 0), (2, 0)), 0.5)
    assert sorted(set(strip[:, 1].tolist())) == [-0.25, 0.25]
    assert strip[:, 0].tolist() == [0, 1, 2, 2, 1, 0]


def square(left: float, top: float, side: float) -> Garment:
    return garment_of(
        points((left, top), (left + side, top), (left + side, top + side), (left, top + side))
    )


def painted(*things: list[Garment]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return paint(list(things), 40, np.random.default_rng(0))


def test_a_near_thing_hides_the_lines_of_the_one_behind_it() -> None:
    far, near = square(4, 4, 20), square(12, 4, 20)
    far.lines.append(points((4, 14), (24, 14)))
    _, mask, lines = painted([far], [near])
    assert mask[14, 6:32].all()
    assert lines[14, 6:11].all()
    assert not lines[14, 12:32].any()


def test_a_layer_hides_what_is_under_it_and_its_rim_is_a_line() -> None:
    low, top = square(4, 4, 20), square(12, 8, 10)
    low.lines.append(points((4, 14), (24, 14)))
    _, _, lines = painted([low, top])
    assert lines[14, 12] == 1
    assert not lines[14, 14:20].any()


def test_one_looks_through_a_hole() -> None:
    garment = square(4, 4, 24)
    garment.holes.append(points((10, 10), (20, 10), (20, 20), (10, 20)))
    _, mask, _ = painted([garment])
    assert not mask[12:18, 12:18].any()
    assert mask[5:9, 5:27].all()


def test_a_patch_has_another_colour_and_ends_with_the_cloth() -> None:
    garment = square(4, 4, 12)
    garment.patches.append(points((10, 4), (30, 4), (30, 16), (10, 16)))
    plain, mask, _ = painted([square(4, 4, 12)])
    shade, same_mask, _ = painted([garment])
    assert np.array_equal(mask, same_mask)
    changed = shade != plain
    assert changed[5:15, 11:15].all()
    assert not changed[:, :9].any()
    assert not shade[~mask].any()
