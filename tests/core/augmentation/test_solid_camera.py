import numpy as np
import pytest

from fmnist_core.augmentation import solid_camera
from fmnist_core.augmentation.solid_camera import project, seen, view
from fmnist_core.augmentation.solid_shoes import closed_shoe, open_shoe, part_of

QUARTER = np.pi / 2
PIXEL = 1 / 160  # as finely as silhouettes are found


@pytest.mark.parametrize(
    ("camera", "expected"),
    [
        ((0, 0), (-0.6, -0.3)),  # from its side: toes to the left, up is up
        ((0, QUARTER), (-0.6, 0.1)),  # from above
        ((QUARTER, 0), (0.1, -0.3)),  # toes towards the camera
        ((QUARTER, QUARTER), (0.1, 0.6)),
    ],
)
def test_the_camera_goes_around_and_above(
    camera: tuple[float, float], expected: tuple[float, float]
) -> None:
    point = np.array([-0.6, 0.1, 0.3])
    assert np.allclose(project(point, np.array(camera)), expected)


@pytest.mark.parametrize(("pairs", "shoes"), [(0.0, 1), (1.0, 2)])
def test_a_view_shows_one_shoe_or_a_pair(
    monkeypatch: pytest.MonkeyPatch, pairs: float, shoes: int
) -> None:
    monkeypatch.setattr(solid_camera, "PAIRS", pairs)
    rng = np.random.default_rng(0)
    assert all(len(view(open_shoe(rng), rng)) == shoes for _ in range(20))


def test_the_nearer_of_a_pair_is_lower_in_the_picture_and_comes_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(solid_camera, "PAIRS", 1.0)
    small = np.array([[[x, y, 0] for y in (-0.05, 0.05)] for x in (-0.05, 0.05)])
    rng = np.random.default_rng(0)
    for _ in range(100):
        far, near = view([part_of(small)], rng)
        assert far[0].cloth[0].mean(0)[1] <= near[0].cloth[0].mean(0)[1] + 2 * PIXEL


def test_a_part_is_seen_exactly_as_far_as_it_reaches() -> None:
    rng = np.random.default_rng(1)
    for _ in range(20):
        camera = rng.uniform((-np.pi, 0.1), (np.pi, QUARTER))
        for part in (*open_shoe(rng), *closed_shoe(rng, 0.9)):
            outline = np.concatenate(seen(part, camera).cloth)
            surface = project(part.surface, camera).reshape(-1, 2)
            assert np.abs(outline.min(0) - surface.min(0)).max() < 2 * PIXEL
            assert np.abs(outline.max(0) - surface.max(0)).max() < 2 * PIXEL


def test_one_looks_through_a_ring_and_what_is_on_it_is_projected_with_it() -> None:
    turn = np.linspace(0, 2 * np.pi, 25)
    rings = [np.stack([r * np.cos(turn), r * np.sin(turn), 0 * turn], 1) for r in (0.3, 0.5)]
    ring = part_of(np.stack(rings, 1), other_colour=True)
    ring.lines.append(rings[0])
    found = seen(ring, np.array([0, QUARTER]))  # from above
    (outline,), (hole,) = found.cloth, found.holes
    assert np.abs(np.hypot(*outline.T) - 0.5).max() < 3 * PIXEL
    assert np.abs(np.hypot(*hole.T) - 0.3).max() < 3 * PIXEL
    assert np.allclose(found.lines[0], rings[0][:, :2])
    assert found.patches[0] is outline
