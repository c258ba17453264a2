"""The real photos are found by their public names, whole or cut off."""

from pathlib import Path

import numpy as np
import pytest

from fmnist_core.data.fashion_mnist import Images
from fmnist_core.release import photos
from fmnist_core.release.field_training import SHARES, Cutouts, batch, close_up, cutout


@pytest.fixture
def manifest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "photos.csv"
    path.write_text("name,class,person\n00003aeb-ace5,0,322\n000d31f6-44b5,-1,48\n")
    monkeypatch.setattr(photos, "MANIFEST", path)


@pytest.mark.usefixtures("manifest")
def test_both_layouts_of_the_data_set_are_read(tmp_path: Path) -> None:
    whole, short = tmp_path / "images", tmp_path / "copy" / "unlike"
    for folder, names in (
        (whole, ("00003aeb-ace5-43bf-9a0c-dc31a03e9cd2", "000d31f6-44b5-4758-8d86-c4fcfb234392")),
        (short, ("00003aeb-ace5", "000d31f6-44b5")),
    ):
        folder.mkdir(parents=True)
        for name in names:
            (folder / f"{name}.jpg").touch()
        found = photos.read(folder)
        assert [(photo.label, photo.person) for photo in found] == [(0, 322), (-1, 48)]
        assert found[0].path.stem == names[0]


@pytest.mark.usefixtures("manifest")
def test_it_is_said_what_is_missing_and_where_it_is_published(tmp_path: Path) -> None:
    for folder in (None, tmp_path):
        with pytest.raises(photos.PhotosError, match="clothing-dataset"):
            photos.read(folder)


def test_the_manifest_names_each_photo_once_with_its_class() -> None:
    rows = photos.MANIFEST.read_text().splitlines()[1:]
    names, classes, _ = zip(*(row.split(",") for row in rows), strict=True)
    assert len(set(names)) == len(rows) == 3430
    assert {int(label) for label in classes} == {-1, 0, 1, 2, 3, 4, 5, 6, 7, 9}


def test_a_cutout_shows_the_item_and_nothing_around_it() -> None:
    grey, soft = np.full((90, 60), 200, np.uint8), np.zeros((90, 60), np.float32)
    grey[20:70, 15:45], soft[20:70, 15:45] = 60, 1.0
    near, mask = close_up(grey, soft)
    assert near.shape == mask.shape
    assert max(near.shape) == 112
    for seed in range(8):
        image = cutout(near, mask, np.random.default_rng(seed))
        assert image.shape == (28, 28)
        assert 0.2 < (image > 0).mean() < 1


def test_a_batch_mixes_its_four_sources_and_garments_of_no_class_get_no_opinion() -> None:
    rng = np.random.default_rng(0)
    images = Images(rng.integers(0, 256, (30, 28, 28), np.uint8), np.arange(30) % 10)
    item = np.full((112, 80), 90, np.uint8), np.pad(np.full((90, 60), 255, np.uint8), 11)[:, :80]
    photographed = Cutouts([item[0]] * 3, [item[1]] * 3, np.array([1, 1, -1]))
    inputs, targets = batch(images, np.eye(10)[images.labels], photographed, rng)
    assert inputs.shape == (sum(SHARES), 28, 28, 1)
    assert np.allclose(targets.sum(1), 1)
    assert (targets[-SHARES[3] :] == np.float32(0.1)).all()
    assert (targets[-SHARES[3] - SHARES[2] : -SHARES[3]].argmax(1) == 1).all()
