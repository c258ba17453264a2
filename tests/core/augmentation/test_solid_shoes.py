import numpy as np
import pytest

from fmnist_core.augmentation.solid_shoes import STATIONS, Foot, Part, closed_shoe, open_shoe

TOP = 4  # of the nine points of an arch
SEEDS = range(20)


def closed(seed: int, shaft: float) -> tuple[Part, Part]:
    """Return a closed shoe's sole and upper."""
    parts = closed_shoe(np.random.default_rng(seed), shaft)
    return parts[0], parts[-1]


def sandal(seed: int) -> tuple[Part, list[Part]]:
    """Return a sandal's sole, the only part with an insole on it, and its straps across."""
    parts = open_shoe(np.random.default_rng(seed))
    (sole,) = [part for part in parts if part.patches]
    return sole, [part for part in parts if part.surface.shape == (2, 9, 3)]


@pytest.mark.parametrize("seed", SEEDS)
def test_toes_are_at_one_end_and_the_heel_at_the_other(seed: int) -> None:
    for part in (*closed(seed, 0.4), sandal(seed)[0]):
        assert np.isclose(part.surface[0, :, 0], -0.6).all()
        assert np.isclose(part.surface[-1, :, 0], 0.6).all()


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("shaft", [0.4, 0.9])
def test_the_upper_stands_on_the_sole_all_around(seed: int, shaft: float) -> None:
    sole, upper = closed(seed, shaft)
    for side in (0, -1):
        assert np.allclose(upper.surface[:, side, 2], sole.surface[:, 2, 2])
    assert (upper.surface[..., 2] >= sole.surface[:, 2:3, 2] - 1e-12).all()
    assert (sole.surface[:, 2, 2] > sole.surface[:, 0, 2]).all()
    assert sole.surface[0, 0, 2] == 0  # the toes are on the ground


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("shaft", [0.4, 0.9])
def test_a_shaft_is_as_high_as_asked_and_the_toes_are_lower(seed: int, shaft: float) -> None:
    sole, upper = closed(seed, shaft)
    height = upper.surface[:, TOP, 2] - sole.surface[:, 2, 2]
    opening = (STATIONS > 0.66) & (STATIONS < 0.9)
    assert np.allclose(height[opening], shaft)
    assert 0.14 <= height[0] <= 0.3
    assert (np.diff(height) > -1e-12).all()


def test_only_boots_have_heels_and_they_reach_from_the_ground_to_the_sole() -> None:
    boots = [closed_shoe(np.random.default_rng(seed), 0.9) for seed in SEEDS]
    heels = [(parts[0], parts[1]) for parts in boots if len(parts) == 3]
    assert heels
    for sole, heel in heels:
        assert (heel.surface[:, :2, 2] == 0).all()
        assert np.isclose(heel.surface[-1, 2, 2], sole.surface[-1, 0, 2])
    assert all(len(closed_shoe(np.random.default_rng(seed), 0.4)) == 2 for seed in SEEDS)


@pytest.mark.parametrize("seed", SEEDS)
def test_straps_stand_on_both_edges_of_the_sole_and_bend_over_the_foot(seed: int) -> None:
    sole, straps = sandal(seed)
    assert 1 <= len(straps) <= 3
    for strap in straps:
        at = (strap.surface[0, TOP, 0] + 0.6) / 1.2
        ground = np.interp(at, STATIONS, sole.surface[:, 2, 2])
        assert np.allclose(strap.surface[:, [0, -1], 2], ground)
        assert np.allclose(strap.surface[:, TOP, 2], ground + 0.1 + 0.25 * at)


@pytest.mark.parametrize("seed", SEEDS)
def test_one_sees_the_whole_inside_of_a_sandal(seed: int) -> None:
    sole, _ = sandal(seed)
    (insole,) = sole.patches
    assert np.array_equal(insole, np.concatenate([sole.surface[:, 2], sole.surface[::-1, 3]]))


def test_an_arch_goes_from_side_to_side_over_its_top() -> None:
    foot = Foot(np.random.default_rng(0))
    place, low, high = np.array([0.5]), np.array([0.1]), np.array([0.4])
    arch = foot.arches(place, low, high, np.ones(1))[0]
    assert np.allclose(arch[:, 0], 0)
    assert np.allclose(arch[[0, 4, 8], 2], [0.1, 0.4, 0.1])
    assert np.isclose(arch[0, 1] - arch[8, 1], 2 * foot.width(place)[0])
