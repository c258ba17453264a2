import numpy as np
import pytest

from fmnist_core.augmentation.mask_faults import frayed, with_shadow
from fmnist_core.augmentation.warping import FINE


@pytest.fixture
def block() -> np.ndarray:
    picture = np.zeros((FINE, FINE), np.float32)
    picture[16:40, 8:48] = 0.9
    return picture


def test_a_shadow_lies_behind_the_item_and_both_fill_the_canvas(block: np.ndarray) -> None:
    rng = np.random.default_rng(0)
    for _ in range(30):
        picture = with_shadow(block, rng)
        assert picture.shape == (FINE, FINE)
        longest = max(np.ptp(np.flatnonzero(picture.any(axis))) + 1 for axis in (0, 1))
        assert longest == FINE
        assert np.isclose(picture.max(), 0.9)
        # The item itself keeps its tone and its proportions.
        item = picture > 0.88
        height, width = (np.ptp(np.flatnonzero(item.any(axis))) + 1 for axis in (1, 0))
        assert width / height == pytest.approx(40 / 24, rel=0.15)


def test_most_shadows_are_seen(block: np.ndarray) -> None:
    rng = np.random.default_rng(1)
    seen = [
        ((p > 0.05) & (p < 0.65)).sum() > 20 for p in (with_shadow(block, rng) for _ in range(50))
    ]
    assert sum(seen) > 30


def test_a_picture_of_nothing_has_no_shadow() -> None:
    nothing = np.zeros((FINE, FINE), np.float32)
    assert with_shadow(nothing, np.random.default_rng(0)) is nothing


def test_a_frayed_edge_leaves_the_inside_and_the_ground_far_away(block: np.ndarray) -> None:
    rng = np.random.default_rng(0)
    changed = 0
    for _ in range(30):
        picture = frayed(block, rng)
        kept = (picture[23:33, 15:41] == block[23:33, 15:41]).mean()
        assert kept > 0.7
        assert not picture[:4].any()
        changed += bool((picture != block).any())
    assert changed > 25
