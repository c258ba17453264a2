"""What is shipped about the 70,000 images fits them, and damage is one sentence."""

from pathlib import Path

import numpy as np
import pytest

from fmnist_core import files
from fmnist_core.data import atlas, label_issues, projection
from fmnist_core.data.atlas import AtlasError
from fmnist_core.data.fashion_mnist import load


@pytest.fixture
def no_cache() -> None:
    for function in (atlas.layouts, atlas.answers, atlas.issues, atlas.duplicates):
        function.cache_clear()


def test_numbers_run_through_training_and_then_test_images() -> None:
    assert atlas.number("train", 5) == 5
    assert atlas.number("test", 5) == 60_005
    assert atlas.place(59_999) == ("train", 59_999)
    assert atlas.place(60_000) == ("test", 0)
    found = atlas.pictures([60_001, 3, 60_000, 59_999])
    assert np.array_equal(found[::2], load("test").images[[1, 0]])
    assert np.array_equal(found[1::2], load("train").images[[3, 59_999]])
    assert atlas.labels()[60_001] == load("test").labels[1]


def test_the_shipped_components_put_images_where_the_shipped_map_has_them() -> None:
    found = atlas.layouts()
    for item in (0, 12_345, 69_999):
        image = atlas.pictures([item]).reshape(1, -1)
        place = found.frame.quantised(found.components.project(image))[0]
        assert np.abs(place.astype(int) - found.pca[item]).max() <= 1


def test_on_the_shipped_map_neighbours_mostly_share_their_label() -> None:
    # Of 200 test images, with all 70,000 around them.
    places, labels = atlas.layouts().tsne.astype(float), atlas.labels()
    agreeing = []
    for item in range(60_000, 60_200):
        apart = ((places - places[item]) ** 2).sum(1)
        apart[item] = np.inf
        agreeing.append((labels[np.argpartition(apart, 10)[:10]] == labels[item]).mean())
    # By chance it would be a tenth.
    assert np.mean(agreeing) > 0.7


def test_the_shipped_answers_are_probabilities_of_honest_networks() -> None:
    values, labels = atlas.answers(), atlas.labels()
    assert values.sum(1) == pytest.approx(np.ones(70_000), abs=0.01)
    accuracy = (values.argmax(1) == labels)[:60_000].mean()
    # A network that had seen its images would do better.
    assert 0.88 < accuracy < 0.94


def test_the_known_wrong_labels_rank_far_above_chance() -> None:
    found = atlas.issues("train")
    order = label_issues.ranking(found.quality)
    known = np.array(label_issues.KNOWN_WRONG)
    assert label_issues.average_precision(order, known) > 20 * len(known) / len(order)
    assert np.isin(known, order[:300]).all()  # each of them among the first half per cent
    assert found.issue[known].all()


def test_the_shipped_pairs_are_as_far_apart_as_they_say() -> None:
    found = atlas.duplicates()
    some = found.items[:: max(1, len(found.items) // 50)]
    one, other = (atlas.pictures(some[:, side]).astype(float) for side in (0, 1))
    distances = np.sqrt(((one - other) ** 2).mean((1, 2)))
    assert distances == pytest.approx(found.distances[:: max(1, len(found.items) // 50)], rel=1e-5)
    assert (np.diff(found.distances) >= 0).all()


def test_a_damaged_file_is_named_with_the_way_to_mend_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_cache: None
) -> None:
    monkeypatch.setattr(atlas, "FOLDER", tmp_path)
    (tmp_path / "answers.npz").write_bytes(b"not an archive")
    with pytest.raises(AtlasError, match=r"answers\.npz is missing or damaged.*git checkout"):
        atlas.answers()
    np.savez(tmp_path / "layouts.npz", tsne=np.zeros((3, 2), np.uint16))
    with pytest.raises(AtlasError, match=r"layouts\.npz"):
        atlas.layouts()
    whole: dict[str, np.ndarray] = {
        "tsne": np.zeros((70_000, 2), np.uint16),
        "pca": np.zeros((70_000, 2), np.uint16),
        "mean": np.zeros(784),
        "axes": np.zeros((784, 2)),
        "share": np.zeros(2),
        "center": np.zeros(2),
        "reach": np.array(1.0),
    }
    for name in ("tsne", "pca", "axes"):
        arrays = {**whole, name: np.zeros((3, 2))}
        files.write_arrays(tmp_path / "layouts.npz", arrays.items())
        with pytest.raises(AtlasError, match=r"layouts\.npz"):
            atlas.layouts()
    (tmp_path / "about.json").write_text("[]", encoding="utf-8")
    with pytest.raises(AtlasError, match=r"about\.json"):
        atlas.about()


def test_the_frame_of_the_shipped_map_holds_all_items() -> None:
    found = atlas.layouts()
    for places in (found.tsne, found.pca):
        assert places.min() > 0
        assert places.max() < projection.LARGEST
