import numpy as np

from fmnist_core.augmentation.solid_shoes import Foot, Part, closed_shoe, open_shoe


def height(parts: list[Part]) -> float:
    return max(float(part.surface[..., 2].max()) for part in parts)


def test_toes_are_at_one_end_and_the_heel_at_the_other() -> None:
    rng = np.random.default_rng(0)
    for parts in (closed_shoe(rng, 0.4), open_shoe(rng)):
        x = np.concatenate([part.surface[..., 0].ravel() for part in parts])
        assert np.isclose(x.min(), -0.6)
        assert np.isclose(x.max(), 0.6)


def test_a_boot_is_as_high_as_its_shaft_and_higher_than_a_sneaker() -> None:
    rng = np.random.default_rng(0)
    for _ in range(30):
        assert 0.3 <= height(closed_shoe(rng, 0.3)) < 0.75
        assert 0.9 <= height(closed_shoe(rng, 0.9)) < 1.4


def test_a_closed_shoe_covers_its_foot_and_a_sandal_does_not() -> None:
    rng = np.random.default_rng(0)
    for _ in range(30):
        upper = closed_shoe(rng, 0.4)[-1].surface
        assert np.ptp(upper[..., 0]) > 1.15
        straps = open_shoe(rng)[2:]
        assert all(np.ptp(strap.surface[..., 0]) < 0.7 for strap in straps)


def test_one_sees_the_inside_of_a_sandal() -> None:
    rng = np.random.default_rng(0)
    for _ in range(30):
        assert any(part.patches for part in open_shoe(rng)[:2])


def test_an_arch_goes_from_side_to_side_over_its_top() -> None:
    foot = Foot(np.random.default_rng(0))
    place, low, high = np.array([0.5]), np.array([0.1]), np.array([0.4])
    arch = foot.arches(place, low, high, np.ones(1))[0]
    assert np.allclose(arch[:, 0], 0)
    assert np.allclose(arch[[0, 4, 8], 2], [0.1, 0.4, 0.1])
    assert np.isclose(arch[0, 1] - arch[8, 1], 2 * foot.width(place)[0])
