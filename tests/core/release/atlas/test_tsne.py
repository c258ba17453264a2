import numpy as np
import pytest

from fmnist_core.release.atlas import tsne


def test_neighbours_are_exact_ordered_and_never_the_item_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Blocks smaller than the data, so that their seams are tested too.
    monkeypatch.setattr(tsne, "BLOCK", 2)
    places = np.array([[0.0], [1.0], [3.0], [7.0], [7.5]], np.float32)
    found, distances = tsne.neighbours(places, 2)
    assert found.tolist() == [[1, 2], [0, 2], [1, 0], [4, 2], [3, 2]]
    assert distances[3] == pytest.approx([0.5, 4])


def test_tsne_keeps_two_far_groups_apart() -> None:
    rng = np.random.default_rng(0)
    places = rng.standard_normal((60, 5)).astype(np.float32)
    places[30:, 0] += 50
    found, distances = tsne.neighbours(places, 20)
    laid = tsne.tsne(places, found, distances, perplexity=6, iterations=100, jobs=1)
    assert laid.shape == (60, 2)
    near = tsne.neighbours(laid, 1)[0][:, 0]
    assert ((near < 30) == (np.arange(60) < 30)).all()
