import numpy as np

from fmnist_core.augmentation.outlines import Garment, garment_of, points
from fmnist_core.augmentation.wardrobe import paint


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
