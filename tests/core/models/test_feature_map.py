from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from fmnist_core import tasks
from fmnist_core.models import feature_map
from fmnist_core.models.feature_map import of_features


def features() -> np.ndarray:
    rng = np.random.default_rng(0)
    return (rng.standard_normal((40, 8)) * np.array([9, 5, 1, 1, 1, 1, 1, 1])).astype(np.float32)


def test_an_image_on_the_map_finds_its_own_place_again() -> None:
    given = features()
    found = of_features(given)
    assert found.width == 8
    assert found.kept == pytest.approx(1)
    assert (found.place(found.reduce(given[7:8]))[0] == found.places[7]).all()


def test_neighbours_are_those_of_the_features_when_nothing_is_lost() -> None:
    given = features()
    found = of_features(given)
    near, distances = found.nearest(found.reduce(given[3:4])[0], 4, leave_out=3)
    apart = np.sqrt(((given - given[3]) ** 2).sum(1))
    apart[3] = np.inf
    assert near.tolist() == np.argsort(apart)[:4].tolist()
    assert distances == pytest.approx(np.sort(apart)[:4], rel=1e-4)


def test_neighbours_include_the_image_itself_unless_it_is_left_out() -> None:
    found = of_features(features())
    near, distances = found.nearest(found.reduced[3], 1)
    assert (near.tolist(), distances.tolist()) == ([3], [0])
    assert len(found.nearest(found.reduced[3], 7)[0]) == 7


def test_of_more_than_thirty_two_directions_the_first_are_kept() -> None:
    wide = np.random.default_rng(1).standard_normal((200, 40)).astype(np.float32)
    found = of_features(wide)
    assert found.reduced.shape == (200, 32)
    assert 0.8 < found.kept < 1
    assert found.width == 40


def test_all_test_images_are_shown_to_the_network_in_pieces(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = features()
    images = np.arange(40, dtype=np.uint8).repeat(784).reshape(40, 28, 28)
    sizes, shares = [], []

    class Network:
        def __init__(self, path: Path, sha256: str | None) -> None:
            assert (path, sha256) == (Path("a.tflite"), "digest")

        def features(self, some: np.ndarray) -> np.ndarray:
            sizes.append(len(some))
            return given[some[:, 0, 0]]

    monkeypatch.setattr(feature_map, "AT_ONCE", 16)
    monkeypatch.setattr(feature_map, "Classifier", Network)
    monkeypatch.setattr(feature_map, "load", lambda _: SimpleNamespace(images=images))
    monkeypatch.setattr(tasks, "step", lambda share, words: shares.append(share))
    found = feature_map.make("a.tflite", "digest", 0)
    assert sizes == [16, 16, 8]
    assert shares == pytest.approx([0, 0.95 * 16 / 40, 0.95 * 32 / 40, 0.95])
    np.testing.assert_array_equal(found.reduced, of_features(given).reduced)
