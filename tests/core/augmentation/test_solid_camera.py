import numpy as np
import pytest

from fmnist_core.augmentation.outlines import Pile
from fmnist_core.augmentation.solid_camera import project, view
from fmnist_core.augmentation.solid_shoes import closed_shoe, open_shoe

QUARTER = np.pi / 2


def views(count: int = 200) -> list[Pile]:
    rng = np.random.default_rng(0)
    return [view(closed_shoe(rng, 0.4), rng) for _ in range(count)]


@pytest.mark.parametrize(
    ("camera", "seen"),
    [
        ((0, 0), (-0.6, -0.3)),  # from its side: toes to the left, up is up
        ((0, QUARTER), (-0.6, 0.1)),  # from above
        ((QUARTER, 0), (0.1, -0.3)),  # toes towards the camera
        ((QUARTER, QUARTER), (0.1, 0.6)),
    ],
)
def test_the_camera_goes_around_and_above(
    camera: tuple[float, float], seen: tuple[float, float]
) -> None:
    point = np.array([-0.6, 0.1, 0.3])
    assert np.allclose(project(point, np.array(camera)), seen)


def test_two_shoes_in_three_views_are_pairs() -> None:
    assert 110 <= sum(len(pile) == 2 for pile in views()) <= 150


def test_the_nearer_shoe_is_lower_in_the_picture_and_comes_last() -> None:
    for pile in views():
        middles = [np.concatenate(shoe[0].cloth)[:, 1].mean() for shoe in pile]
        assert middles == sorted(middles) or np.ptp(middles) < 0.05


def test_every_part_of_a_shoe_is_seen_as_cloth() -> None:
    rng = np.random.default_rng(1)
    for _ in range(50):
        parts = open_shoe(rng)
        for shoe in view(parts, rng):
            assert len(shoe) == len(parts)
            assert all(layer.cloth for layer in shoe)
