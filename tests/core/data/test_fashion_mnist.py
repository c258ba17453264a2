import gzip
import shutil
from pathlib import Path

import numpy as np
import pytest

from fmnist_core.data import fashion_mnist
from fmnist_core.data.fashion_mnist import DatasetError, load, read_idx, verify

NAME = "t10k-labels-idx1-ubyte"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the test labels only, the smallest of the four files."""
    shutil.copy(fashion_mnist.FOLDER / f"{NAME}.gz", tmp_path)
    return tmp_path


def message(folder: Path) -> str:
    with pytest.raises(DatasetError) as caught:
        read_idx(NAME, folder)
    text = str(caught.value)
    assert str(folder / f"{NAME}.gz") in text
    assert "git checkout -- assets/fashion_mnist" in text
    return text


def test_the_splits_are_the_published_ones() -> None:
    train, test = load("train"), load("test")
    assert train.images.shape == (60_000, 28, 28)
    assert test.images.shape == (10_000, 28, 28)
    assert np.bincount(train.labels).tolist() == [6000] * 10
    assert np.bincount(test.labels).tolist() == [1000] * 10
    assert train.labels[:5].tolist() == [9, 0, 0, 3, 0]
    assert load("test") is test


def test_shared_data_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="read-only"):
        load("test").images[0, 0, 0] = 1


def test_a_sound_file_is_read(folder: Path) -> None:
    assert read_idx(NAME, folder).shape == (10_000,)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / f"{NAME}.gz").unlink()
    assert "is missing" in message(folder)


@pytest.mark.parametrize("kept", [0, 5, 100, -1])
def test_a_truncated_file_is_refused(folder: Path, kept: int) -> None:
    path = folder / f"{NAME}.gz"
    path.write_bytes(path.read_bytes()[:kept])
    message(folder)


@pytest.mark.parametrize("position", [0, 3, 30, 2000, -6, -1])
def test_a_flipped_bit_in_the_compressed_file_is_refused(folder: Path, position: int) -> None:
    path = folder / f"{NAME}.gz"
    content = bytearray(path.read_bytes())
    content[position] ^= 16
    path.write_bytes(content)
    message(folder)


def test_one_changed_label_is_refused_with_both_digests(folder: Path) -> None:
    path = folder / f"{NAME}.gz"
    content = bytearray(gzip.decompress(path.read_bytes()))
    content[-1] = (content[-1] + 1) % 10
    path.write_bytes(gzip.compress(content))
    text = message(folder)
    assert "other data than published" in text
    assert fashion_mnist.SHA256[NAME] in text


def test_recompressing_a_file_does_not_matter(folder: Path) -> None:
    path = folder / f"{NAME}.gz"
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()), compresslevel=1))
    assert len(read_idx(NAME, folder)) == 10_000


def test_a_folder_in_place_of_a_file_is_refused(folder: Path) -> None:
    (folder / f"{NAME}.gz").unlink()
    (folder / f"{NAME}.gz").mkdir()
    message(folder)


def test_verify_names_every_file_and_stops_at_a_wrong_one(folder: Path) -> None:
    assert verify() == fashion_mnist.SHA256
    with pytest.raises(DatasetError, match="train-images"):
        verify(folder)
