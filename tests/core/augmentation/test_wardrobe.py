import numpy as np
import pytest

from fmnist_core.augmentation.outlines import band, mirrored, points
from fmnist_core.augmentation.wardrobe import WARDROBE, lay_out
from fmnist_core.data.fashion_mnist import CLASS_NAMES

TROUSER = CLASS_NAMES.index("Trouser")


def layouts(label: int, count: int = 40) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    rng = np.random.default_rng(label)
    return [lay_out(label, 56, rng) for _ in range(count)]


def test_there_is_a_garment_for_every_class() -> None:
    assert len(WARDROBE) == len(CLASS_NAMES)


@pytest.mark.parametrize("label", range(10))
def test_every_garment_fills_the_canvas_along_its_longest_edge(label: int) -> None:
    for shade, mask, lines in layouts(label):
        longest = max(np.ptp(np.flatnonzero(mask.any(axis))) + 1 for axis in (0, 1))
        assert 42 <= longest <= 56
        assert 0 <= shade.min() <= shade.max() <= 1
        assert not shade[~mask].any()
        assert not lines[~mask].any()


@pytest.mark.parametrize("label", range(10))
def test_no_two_garments_of_a_class_are_alike(label: int) -> None:
    masks = {mask.tobytes() for _, mask, _ in layouts(label)}
    assert len(masks) == 40


def test_the_same_chance_lays_out_the_same_garment() -> None:
    first, again = (lay_out(3, 56, np.random.default_rng(8)) for _ in range(2))
    assert all(np.array_equal(one, other) for one, other in zip(first, again, strict=True))


def test_trousers_part_into_two_legs() -> None:
    parted = 0
    for _, mask, _ in layouts(TROUSER):
        edges = np.abs(np.diff(mask[44].astype(int), prepend=0, append=0)).sum()
        parted += edges >= 4
    assert parted > 25


def test_a_mirrored_half_is_symmetric() -> None:
    outline = mirrored(points((0, 0), (2, 0), (1, 3)))
    assert outline.tolist() == [[0, 0], [2, 0], [1, 3], [-1, 3], [-2, 0], [0, 0]]


def test_a_band_is_as_wide_as_asked() -> None:
    strip = band(points((0, 0), (1, 0), (2, 0)), 0.5)
    assert sorted(set(strip[:, 1].tolist())) == [-0.25, 0.25]
    assert strip[:, 0].tolist() == [0, 1, 2, 2, 1, 0]
